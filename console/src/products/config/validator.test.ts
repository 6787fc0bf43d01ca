import { expect, test } from 'vitest'
import { validator } from './validator'

const schema = {
  type: 'object',
  required: ['label'],
  properties: { label: { type: 'string' }, discount: { type: 'integer', minimum: 0, maximum: 100 } },
} as const

const told = (value: object) =>
  validator.validateFormData({ ...value }, schema as never).errors.map(({ property, name }) => [property, name])

test('a value that fits has no errors', () => expect(told({ label: 'Alipay', discount: 20 })).toEqual([]))

test('an error stands at its property', () =>
  expect(told({ label: 'Alipay', discount: 200 })).toEqual([['.discount', 'maximum']]))

test('an error says what is wrong in any language', () => {
  const [error] = validator.validateFormData({ label: 'Alipay', discount: 200 }, schema as never).errors
  expect(error!.params).toMatchObject({ code: 'value_maximum', parameters: { value: '200', wanted: '100' } })
})

test('what is missing is told', () => expect(told({})).toEqual([['', 'required']]))
