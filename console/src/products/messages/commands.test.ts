import { expect, test } from 'vitest'
import { commandFor, sdkFor } from './commands'

test('a body is quoted for the shell and for Python', () => {
  const act = { kind: 'send', queue: 'q', body: "it's", priority: 1 } as const
  expect(commandFor(act)).toBe(`liuyun queue send --priority 1 q -- 'it'\\''s'`)
  expect(sdkFor(act)).toBe(`account.get_queue("q").send_message(Message("it's"))`)
})

test('attributes have the names that the SDK gives them', () => {
  expect(sdkFor({ kind: 'changeQueue', queue: 'q', attributes: { delayS: 5, visibilityTimeoutS: 30 } })).toBe(
    `account.get_queue("q").set_attributes(QueueMeta(vis_timeout=30, delay_sec=5))`,
  )
  expect(sdkFor({ kind: 'createTopic', topic: 't', maxMessageBytes: 2048 })).toBe(
    `account.get_topic("t").create(TopicMeta(maximum_message_size=2048))`,
  )
})
