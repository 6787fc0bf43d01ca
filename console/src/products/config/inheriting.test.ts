import { expect, test } from 'vitest'
import { inheriting, inherits, placeholders } from './inheriting'

const row = (origins: Record<string, string>) => ({ origins }) as never

test('an entry inherits what comes from another scope', () => {
  expect(inherits(row({ label: 'account' }), 'tenant/books')).toBe(true)
  expect(inherits(row({ label: 'tenant/books' }), 'tenant/books')).toBe(false)
  expect(inherits(null, 'account')).toBe(false)
})

test('a default hides nothing that is inherited, and nothing has to be said again', () => {
  const document = { required: ['label'], properties: { discount: { type: 'integer', default: 0 }, label: {} } }
  expect(inheriting(document)).toEqual({ required: [], properties: { discount: { type: 'integer' }, label: {} } })
})

test('empty fields show what is inherited', () =>
  expect(placeholders({ label: 'Points', discount: 10 })).toEqual({
    label: { 'ui:placeholder': 'Points' },
    discount: { 'ui:placeholder': '10' },
  }))
