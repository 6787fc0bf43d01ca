import { expect, test } from 'vitest'
import { python, quoted } from '@/ui/shell'
import { commandFor, sdkFor } from './commands'

const named = { service: 'shop', name: 'pay' }

test.each([
  ['plain', 'plain'],
  ['two words', "'two words'"],
  ["it's", "'it'\\''s'"],
  ['$(reboot)', "'$(reboot)'"],
  ['', "''"],
])('a shell takes %s for one word', (text, word) => expect(quoted(text)).toBe(word))

test('values are written as Python writes them', () =>
  expect(python({ on: true, off: [false, null], n: 1.5 })).toBe('{"on": True, "off": [False, None], "n": 1.5}'))

test('texts stay what they are, whatever words they hold', () =>
  expect(python('{"paid":true}, or null')).toBe('"{\\"paid\\":true}, or null"'))

test('an invocation, as the command and the SDK make it', () => {
  const act = { kind: 'invoke', named, qualifier: 'prod', payload: '{"a":true}' } as const
  expect(commandFor(act)).toBe(`liuyun invoke shop.prod/pay --event '{"a":true}' --log`)
  expect(sdkFor(act)).toBe(
    'client.invoke_function("shop", "pay", payload="{\\"a\\":true}".encode(), qualifier="prod")',
  )
})

test('a function without a service has the commands and the SDK of FC 3.0', () => {
  const act = { kind: 'publish', named: { service: '', name: 'pay' }, description: 'the first' } as const
  expect(commandFor(act)).toBe("liuyun version publish /pay --description 'the first'")
  expect(sdkFor(act)).toContain('publish_function_version("pay"')
})
