import { expect, test } from 'vitest'
import { said } from './phrases'
import chinese from './phrases.zh.json'

const list = { code: 'kind_list', parameters: {}, text: 'a list' }
const problem = { code: 'field_text', parameters: { key: 'name', found: list, hint: '' }, text: 'name must be a text, not a list.' }

test('what is said within what is said is said in the same language', () =>
  expect(said(problem, chinese)).toBe('name 必须是文本，而不是列表。'))

test('English is the platform’s own', () => expect(said(problem, {})).toBe('name must be a text, not a list.'))

test('what this console doesn’t know yet is said in English', () =>
  expect(said({ code: 'from_the_future', parameters: {}, text: 'New.' }, chinese)).toBe('New.'))

test('braces that are written twice stand for themselves', () =>
  expect(said({ code: 'b', parameters: { a: '{x}' }, text: '' }, { b: '{{{a}}}' })).toBe('{{x}}'))
