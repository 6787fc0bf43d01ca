// What does the same elsewhere: by the `liuyun` command, and by the vendor's SDK for Python.
import { address, apiCall, python, quoted, type Same } from '@/ui/shell'
import type { QueueAttributes } from './queries'

export type Act =
  | { kind: 'send'; queue: string; body: string; priority?: number; delayS?: number }
  | { kind: 'receive'; queue: string }
  | { kind: 'publish'; topic: string; body: string; tag: string }
  | { kind: 'createQueue' | 'changeQueue'; queue: string; attributes: QueueAttributes }
  | { kind: 'createTopic' | 'changeTopic'; topic: string; maxMessageBytes: number }
  | { kind: 'subscribe'; topic: string; name: string; endpoint: string }
  | { kind: 'strategy'; topic: string; name: string; strategy: string }
  | { kind: 'unsubscribe'; topic: string; name: string }
  | { kind: 'deliveries'; topic: string; name: string }
  | { kind: 'retry' | 'giveUp'; topic: string; name: string; messageId?: string }
  | { kind: 'purge' | 'deleteQueue'; queue: string }
  | { kind: 'deleteTopic'; topic: string }
  | { kind: 'delete'; queue: string; receiptHandle: string }
  | { kind: 'hide'; queue: string; receiptHandle: string; timeoutS: number }

export const sameFor = (act: Act): Same => ({ command: commandFor(act), sdk: sdkFor(act) })

export function commandFor(act: Act): string {
  switch (act.kind) {
    case 'send': {
      const priority = act.priority ? ` --priority ${act.priority}` : ''
      const delay = act.delayS ? ` --delay ${act.delayS}` : ''
      return `liuyun queue send${priority}${delay} ${quoted(act.queue)} -- ${quoted(act.body)}`
    }
    case 'receive':
      return `liuyun queue receive --keep ${quoted(act.queue)}`
    case 'publish':
      return `liuyun topic publish${act.tag ? ` --tag ${quoted(act.tag)}` : ''} ${quoted(act.topic)} -- ${quoted(act.body)}`
    case 'createQueue':
      return apiCall('POST', address('queues'), { name: act.queue, attributes: act.attributes })
    case 'changeQueue':
      return apiCall('PUT', address('queues', act.queue), act.attributes)
    case 'createTopic':
      return apiCall('POST', address('topics'), { name: act.topic, maxMessageBytes: act.maxMessageBytes })
    case 'changeTopic':
      return apiCall('PUT', address('topics', act.topic), { maxMessageBytes: act.maxMessageBytes })
    case 'subscribe': {
      const { name, endpoint } = act
      return apiCall('POST', address('topics', act.topic, 'subscriptions'), { name, endpoint })
    }
    case 'strategy':
      return apiCall('PUT', address('topics', act.topic, 'subscriptions', act.name), { strategy: act.strategy })
    case 'unsubscribe':
      return apiCall('DELETE', address('topics', act.topic, 'subscriptions', act.name))
    case 'deliveries':
      return `liuyun topic deliveries ${quoted(act.topic)} ${quoted(act.name)}`
    case 'retry':
    case 'giveUp': {
      const message = act.messageId ? ` --message ${quoted(act.messageId)}` : ''
      const what = act.kind === 'retry' ? 'retry' : 'give-up'
      return `liuyun topic ${what}${message} ${quoted(act.topic)} ${quoted(act.name)}`
    }
    case 'purge':
      return apiCall('POST', address('queues', act.queue, 'purge'))
    case 'deleteQueue':
      return apiCall('DELETE', address('queues', act.queue))
    case 'deleteTopic':
      return apiCall('DELETE', address('topics', act.topic))
    case 'delete':
      return apiCall('POST', address('queues', act.queue, 'messages', 'delete'), { receiptHandle: act.receiptHandle })
    case 'hide': {
      const { receiptHandle, timeoutS } = act
      return apiCall('POST', address('queues', act.queue, 'messages', 'hide'), { receiptHandle, timeoutS })
    }
  }
}

/** With `account`, an `mns.account.Account` of the SDK. Null where the SDK has nothing for it. */
export function sdkFor(act: Act): string | null {
  switch (act.kind) {
    case 'send':
      return `account.get_queue(${python(act.queue)}).send_message(Message(${python(act.body)}))`
    case 'receive':
      return `account.get_queue(${python(act.queue)}).receive_message()`
    case 'publish':
      return `account.get_topic(${python(act.topic)}).publish_message(TopicMessage(${python(act.body)}, ${python(act.tag)}))`
    case 'createQueue':
    case 'changeQueue': {
      const method = act.kind === 'createQueue' ? 'create' : 'set_attributes'
      return `account.get_queue(${python(act.queue)}).${method}(QueueMeta(${membersOf(act.attributes)}))`
    }
    case 'createTopic':
    case 'changeTopic': {
      const method = act.kind === 'createTopic' ? 'create' : 'set_attributes'
      return `account.get_topic(${python(act.topic)}).${method}(TopicMeta(maximum_message_size=${act.maxMessageBytes}))`
    }
    case 'subscribe':
      return `account.get_subscription(${python(act.topic)}, ${python(act.name)}).subscribe(SubscriptionMeta(${python(act.endpoint)}))`
    case 'strategy':
      return `account.get_subscription(${python(act.topic)}, ${python(act.name)}).set_attributes(SubscriptionMeta(notify_strategy=${python(act.strategy)}))`
    case 'unsubscribe':
      return `account.get_subscription(${python(act.topic)}, ${python(act.name)}).unsubscribe()`
    case 'deliveries':
    case 'retry':
    case 'giveUp':
    case 'purge':
      return null
    case 'deleteQueue':
      return `account.get_queue(${python(act.queue)}).delete()`
    case 'deleteTopic':
      return `account.get_topic(${python(act.topic)}).delete()`
    case 'delete':
      return `account.get_queue(${python(act.queue)}).delete_message(${python(act.receiptHandle)})`
    case 'hide':
      return `account.get_queue(${python(act.queue)}).change_message_visibility(${python(act.receiptHandle)}, ${act.timeoutS})`
  }
}

const MEMBERS: readonly [keyof QueueAttributes, string][] = [
  ['visibilityTimeoutS', 'vis_timeout'],
  ['maxMessageBytes', 'max_msg_size'],
  ['retentionS', 'msg_ttl'],
  ['delayS', 'delay_sec'],
  ['pollingWaitS', 'polling_wait_sec'],
]

const membersOf = (attributes: QueueAttributes) =>
  MEMBERS.flatMap(([name, member]) => (attributes[name] === undefined ? [] : [`${member}=${attributes[name]}`])).join(', ')
