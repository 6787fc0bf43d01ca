import { expect, test } from 'vitest'
import { scaleOf } from './scale'

test('a scale ends at a round number, no lower than what is highest', () => {
  expect(scaleOf(37, true)).toEqual({ top: 40, ticks: [0, 10, 20, 30, 40] })
  expect(scaleOf(950, false)).toEqual({ top: 1000, ticks: [0, 500, 1000] })
  expect(scaleOf(8.2, false).top).toBe(10)
})

test('what is counted has no halves, and nothing has a scale as well', () => {
  expect(scaleOf(1, true)).toEqual({ top: 1, ticks: [0, 1] })
  expect(scaleOf(3, true).ticks).toEqual([0, 1, 2, 3])
  expect(scaleOf(0, true).ticks).toEqual([0, 1])
  expect(scaleOf(1e-12, true).ticks).toEqual([0, 1])
})
