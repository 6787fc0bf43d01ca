// What changes on the platform is told by one stream, and whatever shows it asks again. Nothing is asked for in between:
// only while the stream is down, and then slowly.
import { type Query, type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Schemas } from './api/client'
import { useSession } from './session'

type Kind = Schemas['NewsKind']
const SLOW_MS = 15_000

/** What begins with these keys shows things of a kind. A function's code isn't there: it may be under somebody's hands. */
const SHOWN: Record<Kind, QueryKey[]> = {
  functions: ['list', 'one', 'templates', 'versions', 'aliases', 'triggers'].map((part) => ['functions', part]),
  invocations: [['functions', 'invocations'], ['functions', 'triggers']],
  logs: [['logs'], ['functions', 'log']],
  flows: [['flows', 'list'], ['flows', 'one']],
  executions: [['flows', 'executions'], ['flows', 'execution'], ['logs']],
  messages: [['messages']],
  configuration: [['config']],
  overview: [['overview'], ['functions', 'metrics']],
  users: [['users']],
  keys: [['keys']],
  audit: [['audit']],
}
const EVERYTHING = Object.keys(SHOWN) as Kind[]

declare module '@tanstack/react-query' {
  interface Register {
    /** `still`: a reader looks at it as it was. `upTo`: so many pages stay current; with more, it is read as it was. */
    queryMeta: { still?: boolean; upTo?: number }
  }
}

/** Keeps every page current for as long as somebody is signed in and looks. */
export function useNews() {
  const queries = useQueryClient()
  const { ended } = useSession()
  useEffect(() => {
    const lookAgain = lookingAgain(queries)
    let news: EventSource | null = null
    const open = () => {
      news = new EventSource('/api/news')
      news.onopen = () => lookAgain(EVERYTHING) // nothing was told of what came before
      news.addEventListener('changed', ({ data }: MessageEvent<string>) =>
        lookAgain((JSON.parse(data) as Schemas['Changed']).kinds),
      )
      news.addEventListener('ended', () => {
        close()
        ended()
      })
    }
    const close = () => {
      news?.close()
      news = null
    }
    const follow = () => {
      if (document.hidden) close() // a browser has few connections for all of its tabs together
      else if (!news) open()
    }
    const slowly = setInterval(() => {
      if (!news || news.readyState === EventSource.OPEN) return
      lookAgain(EVERYTHING)
      if (news.readyState === EventSource.CLOSED) open()
    }, SLOW_MS)
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      clearInterval(slowly)
      close()
    }
  }, [queries, ended])
}

/** Asks again for what is shown of some kinds: once for all that is told while an answer is on its way. */
export function lookingAgain(queries: QueryClient) {
  const asked = new Set<Kind>()
  const waiting = new Set<Kind>()
  const look = async (kind: Kind) => {
    asked.add(kind)
    do {
      waiting.delete(kind)
      const filters = SHOWN[kind].map((queryKey) => ({ queryKey, predicate: isFollowed }))
      await Promise.all(filters.map((filter) => queries.invalidateQueries(filter, { cancelRefetch: false })))
    } while (waiting.has(kind))
    asked.delete(kind)
  }
  return (kinds: Kind[]) => {
    for (const kind of kinds) {
      if (asked.has(kind)) waiting.add(kind)
      else void look(kind)
    }
  }
}

function isFollowed({ meta, state }: Query): boolean {
  const pages = (state.data as { pages?: unknown[] } | undefined)?.pages?.length ?? 0
  return !meta?.still && pages <= (meta?.upTo ?? Infinity)
}
