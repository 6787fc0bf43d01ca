// A trace as rows: each span under its parent, with where its bar begins and how wide it is, in shares of the whole.
import type { SpanView } from './queries'

export type Row = { span: SpanView; depth: number; begin: number; width: number; tookMs: number }

/** Those that belong to nobody's span here stand at the top; brothers stand in the order in which they began. */
export function rowsOf(spans: readonly SpanView[]): Row[] {
  const from = Math.min(...spans.map(({ beganAt }) => beganAt))
  const whole = Math.max(Math.max(...spans.map(({ endedAt }) => endedAt)) - from, 1e-6)
  const known = new Set(spans.map(({ spanId }) => spanId))
  const row = (span: SpanView, depth: number): Row => {
    const tookMs = span.endedAt - span.beganAt
    return { span, depth, begin: (span.beganAt - from) / whole, width: tookMs / whole, tookMs }
  }
  const below = (parent: string, depth: number): Row[] =>
    spans
      .filter(({ parentId }) => (known.has(parentId) ? parentId : '') === parent)
      .flatMap((span) => [row(span, depth), ...below(span.spanId, depth + 1)])
  return below('', 0)
}
