// Events to try a function with: what each kind of trigger sends, and what somebody has kept of their own.
import type { Call, Named } from './queries'

export type EventKind = 'custom' | 'http' | 'timer' | 'mns_stream' | 'mns_json'
export const KINDS: readonly EventKind[] = ['custom', 'http', 'timer', 'mns_stream', 'mns_json']
export type Draft = { kind: EventKind; payload: string; method: Method; path: string; query: string; headers: string }
export const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'] as const
export type Method = (typeof METHODS)[number]

const PAYLOADS: Record<EventKind, string> = {
  custom: '{\n  "key": "value"\n}',
  http: '',
  timer: JSON.stringify({ triggerTime: '2026-01-01T00:00:00Z', triggerName: 'nightly', payload: '' }, null, 2),
  mns_stream: 'hello',
  mns_json: JSON.stringify(
    {
      TopicOwner: '1234567890123456',
      Message: 'hello',
      Subscriber: '1234567890123456',
      PublishTime: 1700000000000,
      SubscriptionName: 'fc-trigger',
      MessageMD5: '5D41402ABC4B2A76B9719D911017C592',
      TopicName: 'orders',
      MessageId: '6D3C5C2E1A0F4B7C',
    },
    null,
    2,
  ),
}

export const draftOf = (kind: EventKind): Draft => ({
  kind,
  payload: PAYLOADS[kind],
  method: 'GET',
  path: '/',
  query: '',
  headers: '{}',
})

/** Throws SyntaxError for headers that are no JSON object of texts. */
export function callOf(draft: Draft, qualifier: string): Call {
  const base = { payload: draft.payload, qualifier }
  if (draft.kind !== 'http') return base
  const { method, path, query } = draft
  return { ...base, http: { method, path, query, headers: headersOf(draft.headers) } }
}

export function headersOf(text: string): Record<string, string> {
  const value: unknown = JSON.parse(text.trim() || '{}')
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('headers')
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)]))
}

type Kept = Record<string, Draft>
export const storedUnder = ({ service, name }: Named) => `liuyun.events.${service}/${name}`

/** What the browser keeps of a function's events; anything unreadable counts as nothing. */
export function readKept(text: string | null): Kept {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    if (typeof value !== 'object' || value === null) return {}
    const entries = Object.entries(value as Record<string, Partial<Draft>>)
    return Object.fromEntries(
      entries.filter(([, one]) => KINDS.includes(one?.kind as EventKind)).map(([name, one]) => [
        name,
        { ...draftOf(one.kind as EventKind), ...one },
      ]),
    )
  } catch {
    return {}
  }
}
