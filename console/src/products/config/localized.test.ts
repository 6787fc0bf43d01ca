import { expect, test } from 'vitest'
import { described, localized } from './localized'
import type { SchemaView } from './queries'

const document = {
  description: 'How customers pay',
  'x-languages': { zh: { description: '顾客如何付款' } },
  properties: {
    label: { type: 'string', title: 'Label', 'x-languages': { zh: { title: '名称' } } },
    kinds: { type: 'array', items: { title: 'Kind', 'x-languages': { zh: { title: '种类', description: '一种' } } } },
    place: { type: 'integer', title: 'Place' },
  },
}
const schema = { document, description: 'methods' } as unknown as SchemaView

test('titles and descriptions are in the language, at any depth', () =>
  expect(localized(document, 'zh')).toMatchObject({
    properties: { label: { title: '名称' }, kinds: { items: { title: '种类', description: '一种' } } },
  }))

test('what has no words in the language keeps its own', () => {
  expect(localized(document, 'zh')).toMatchObject({ properties: { place: { title: 'Place' } } })
  expect(localized(document, 'en')).toEqual(document)
})

test('a schema is described in the language, or as it was', () =>
  expect([described(schema, 'zh'), described(schema, 'en')]).toEqual(['顾客如何付款', 'methods']))
