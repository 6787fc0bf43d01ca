import type { Schemas } from '@/api/client'

export type Row = {
  key: string
  value: unknown
  hidden: boolean
  origins: Record<string, string>
  own: Schemas['EntryView'] | null
}

/** What the table shows: what the scope sees, and what it hides from itself, by key. */
export function rowsOf(list: Schemas['EffectiveList']): Row[] {
  const seen = list.entries.map(({ key, value, origins, own }) => ({
    key,
    value,
    origins,
    own: own ?? null,
    hidden: false,
  }))
  const hidden = list.hidden.map((own) => ({
    key: own.key,
    value: null,
    origins: { '': own.scope },
    own,
    hidden: true,
  }))
  return [...seen, ...hidden].sort((a, b) => a.key.localeCompare(b.key))
}
