import { expect, test } from 'vitest'
import type { SpanView } from './queries'
import { rowsOf } from './waterfall'

const span = (spanId: string, parentId: string, beganAt: number, endedAt: number): SpanView => ({
  traceId: 't', spanId, parentId, requestId: 'r', name: spanId, beganAt, endedAt, error: '', attributes: {},
})

test('a span stands under its parent, and one whose parent is elsewhere at the top', () => {
  const spans = [span('call', 'a caller', 0, 100), span('wait', 'call', 0, 60), span('handler', 'call', 60, 100)]
  expect(rowsOf(spans).map(({ span, depth, begin, width }) => [span.spanId, depth, begin, width])).toEqual([
    ['call', 0, 0, 1],
    ['wait', 1, 0, 0.6],
    ['handler', 1, 0.6, 0.4],
  ])
})

test('what took no time is there as well', () => {
  expect(rowsOf([span('call', '', 5, 5)])).toHaveLength(1)
  expect(rowsOf([])).toEqual([])
})
