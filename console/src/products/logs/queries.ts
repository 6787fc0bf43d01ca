import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { api, type Schemas, taken } from '@/api/client'
import type { Search } from './commands'

export type FoundLine = Schemas['FoundLine']
export type FoundLines = Schemas['FoundLines']
export type Level = Schemas['Level']
export type Wanted = Search & { source: Schemas['Source']; level: Level; minutes: number; until: number }
type At = { until: number; cursor: string } | null

const AT_ONCE = 1000 // lines of a page of a download
const MOST = 10_000 // lines of a download

const page = (wanted: Wanted, at: At, limit?: number) =>
  taken(api.GET('/api/logs', { params: { query: { ...wanted, ...at, limit } } }))

const after = ({ until }: FoundLines, { next }: FoundLines): At => (next ? { until, cursor: next } : null)

/** The newest page, followed by older ones as they are asked for; only the newest alone is kept current. */
export const useLogs = (wanted: Wanted, live: boolean) =>
  useInfiniteQuery({
    queryKey: ['logs', wanted],
    initialPageParam: null as At,
    queryFn: ({ pageParam }) => page(wanted, pageParam),
    getNextPageParam: (last, pages) => after(pages[0]!, last),
    meta: { still: !live, upTo: 1 },
    placeholderData: keepPreviousData,
  })

/** What the search finds, as a text, the oldest line first: as many of the newest as a download may have. */
export async function downloaded(wanted: Wanted): Promise<string> {
  const lines: FoundLine[] = []
  let first: FoundLines | null = null
  for (let at: At = null; ; ) {
    const found: FoundLines = await page(wanted, at, AT_ONCE)
    first ??= found
    lines.push(...found.lines)
    at = after(first, found)
    if (at === null || lines.length >= MOST) break
  }
  return lines.slice(0, MOST).reverse().map(textOf).join('')
}

export const sourceOf = ({ service, function: name, flow, execution }: FoundLine) =>
  flow ? `${flow}/${execution}` : service ? `${service}/${name}` : name

const textOf = (line: FoundLine) =>
  `${new Date(line.at).toISOString()} ${line.level} ${sourceOf(line)} ${line.requestId || '-'} ${line.text}\n`
