import { type Schema, Validator } from '@cfworker/json-schema'
import { expect, test } from 'vitest'
import { said } from '@/i18n/phrases'
import chinese from '@/i18n/phrases.zh.json'
import { verdict } from './verdicts'

const schema: Schema = {
  type: 'object',
  required: ['label', 'place'],
  additionalProperties: false,
  properties: { label: { type: 'string', minLength: 3 }, discount: { $ref: '#/$defs/percent' }, kind: { not: { const: 'a' } } },
  $defs: { percent: { maximum: 100 } },
}

const told = (value: object) =>
  new Validator(schema, '2020-12', false).validate(value).errors.map((unit) => said(verdict(unit, schema, value), chinese))

test('a rule is told with what it wants and what is there', () =>
  expect(told({ label: 'ab', place: 1 })).toContain('"ab" 少于 3 个字符'))

test('a rule that is referred to is found', () =>
  expect(told({ label: 'abc', place: 1, discount: 200 })).toContain('200 大于最大值 100'))

test('what is missing and what is too much are named', () => {
  const found = told({ label: 'abc', colour: 'red' })
  expect(found).toContain("缺少 'place'")
  expect(found).toContain("模式中没有属性 'colour'")
})

test('a rule without words of its own is told by its keyword', () =>
  expect(told({ label: 'abc', place: 1, kind: 'a' })).toContain('"a" 不满足 not：{"const":"a"}'))
