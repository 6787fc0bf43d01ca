// What does the same elsewhere: by the `liuyun` command, and by the vendor's SDK for Python.
import { python, quoted } from '@/ui/shell'
import type { QueueAttributes } from './queries'

export type Act =
  | { kind: 'send'; queue: string; body: string; priority?: number; delayS?: number }
  | { kind: 'receive'; queue: string }
  | { kind: 'publish'; topic: string; body: string; tag: string }
  | { kind: 'createQueue' | 'changeQueue'; queue: string; attributes: QueueAttributes }
  | { kind: 'createTopic' | 'changeTopic'; topic: string; maxMessageBytes: number }
  | { kind: 'subscribe'; topic: string; name: string; endpoint: string }

/** Null where the command has nothing for it. */
export function commandFor(act: Act): string | null {
  switch (act.kind) {
    case 'send': {
      const priority = act.priority ? ` --priority ${act.priority}` : ''
      const delay = act.delayS ? ` --delay ${act.delayS}` : ''
      return `liuyun queue send ${act.queue} ${quoted(act.body)}${priority}${delay}`
    }
    case 'receive':
      return `liuyun queue receive ${act.queue}`
    case 'publish':
      return `liuyun topic publish ${act.topic} ${quoted(act.body)}${act.tag ? ` --tag ${quoted(act.tag)}` : ''}`
    default:
      return null
  }
}

/** With `account`, an `mns.account.Account` of the SDK. */
export function sdkFor(act: Act): string {
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
