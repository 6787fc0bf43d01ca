import { expect, test } from 'vitest'
import { barsOf } from './bars'

test('the highest bar fills the height, and its parts stand on each other', () => {
  const [first, second] = barsOf([[3, 1], [2]], 5, 100)
  expect(first).toEqual({ x: 0, parts: [{ y: 25, height: 75, kind: 0 }, { y: 0, height: 25, kind: 1 }] })
  expect(second).toEqual({ x: 5, parts: [{ y: 50, height: 50, kind: 0 }] })
})

test('what is little is still seen, and nothing is not', () => {
  const [little, nothing] = barsOf([[1], [0], [100_000]], 5, 100)
  expect(little?.parts[0]?.height).toBe(1)
  expect(nothing?.parts).toEqual([])
})
