import { expect, test } from 'vitest'
import { pathOf } from './lines'

test('a line is broken where there is nothing, and what stands alone is seen', () => {
  expect(pathOf([10, 5, 0, 10], 10, 100, 10)).toBe('M 5 0 L 5 0 L 15 50 M 35 0 L 35 0')
})
