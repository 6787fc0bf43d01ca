import { expect, test } from 'vitest'
import { rowsOf } from './rows'

const own = (key: string, hidden: boolean) => ({ key, scope: 'tenant/books', current: { hidden } }) as never

test('what a scope hides from itself stands among what it sees, by key', () => {
  const seen = { key: 'weixin', value: { enabled: true }, origins: { enabled: 'account' }, own: null } as never
  const rows = rowsOf({ entries: [seen], hidden: [own('points', true)] } as never)
  expect(rows.map(({ key, hidden }) => [key, hidden])).toEqual([
    ['points', true],
    ['weixin', false],
  ])
  expect(rows[0]?.origins).toEqual({ '': 'tenant/books' })
})
