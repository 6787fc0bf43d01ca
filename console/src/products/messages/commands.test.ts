import { expect, test } from 'vitest'
import { commandFor, sdkFor } from './commands'

test('a body is quoted for the shell and for Python', () => {
  const act = { kind: 'send', queue: 'q', body: "it's", priority: 1 } as const
  expect(commandFor(act)).toBe(`liuyun queue send q 'it'\\''s' --priority 1`)
  expect(sdkFor(act)).toBe(`account.get_queue("q").send_message(Message("it's"))`)
})
