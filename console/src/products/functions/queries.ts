import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api, type Schemas, taken } from '@/api/client'

export type FunctionRow = Schemas['FunctionRow']
export type FunctionView = Schemas['FunctionView']
export type CodeView = Schemas['CodeView']
export type Call = Schemas['Call']
export type CallResult = Schemas['CallResult']
export type RecordView = Schemas['RecordView']
export type FunctionMinute = Schemas['FunctionMinute']
export type SpanView = Schemas['SpanView']
export type TriggerView = Schemas['TriggerView']
export type AliasView = Schemas['AliasView']
export type VersionView = Schemas['VersionView']

/** Which function; its service is empty if it has none (FC 3.0). */
export type Named = { service: string; name: string }
export const NO_SERVICE = '-'

const at = ({ service, name }: Named) => ({ path: { service: service || NO_SERVICE, function: name } })
const PATH = '/api/functions/{service}/{function}' as const

export const useFunctions = () =>
  useInfiniteQuery({
    queryKey: ['functions', 'list'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => taken(api.GET('/api/functions', { params: { query: { after: pageParam } } })),
    getNextPageParam: (page) => page.next ?? undefined,
  })

export const useOwnTemplates = () =>
  useQuery({
    queryKey: ['functions', 'templates'],
    queryFn: async () => (await taken(api.GET('/api/function-templates'))).templates,
  })

export const useFunction = (named: Named) =>
  useQuery({
    queryKey: ['functions', 'one', named],
    queryFn: () => taken(api.GET(PATH, { params: at(named) })),
  })

export const useCode = (named: Named) =>
  useQuery({
    queryKey: ['functions', 'code', named],
    queryFn: () => taken(api.GET(`${PATH}/code`, { params: at(named) })),
    staleTime: Infinity, // not under somebody's hands: saving reads it again
  })

export const useVersions = (named: Named) =>
  useQuery({
    queryKey: ['functions', 'versions', named],
    queryFn: async () => (await taken(api.GET(`${PATH}/versions`, { params: at(named) }))).versions,
  })

export const useAliases = (named: Named) =>
  useQuery({
    queryKey: ['functions', 'aliases', named],
    queryFn: async () => (await taken(api.GET(`${PATH}/aliases`, { params: at(named) }))).aliases,
  })

export const useTriggers = (named: Named) =>
  useQuery({
    queryKey: ['functions', 'triggers', named],
    queryFn: async () => (await taken(api.GET(`${PATH}/triggers`, { params: at(named) }))).triggers,
  })

export const useMetrics = (named: Named) =>
  useQuery({
    queryKey: ['functions', 'metrics', named],
    queryFn: () => taken(api.GET(`${PATH}/metrics`, { params: at(named) })),
  })

/** What calls are looked for by; what is undefined or empty doesn't restrict. */
export type CallSearch = {
  outcome?: Outcome
  qualifier: string
  cold?: boolean
  longerMs: number
  minutes: number
  requestId: string
}

export type Outcome = 'ok' | 'error' | 'throttled' | 'refused' | 'cancelled'
const PAGE = 100

/** The newest calls, page by page; they stay current as long as no more than the first page is open. */
export const useInvocations = (named: Named, wanted: CallSearch, live: boolean) =>
  useInfiniteQuery({
    queryKey: ['functions', 'invocations', named, wanted],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam: before }) => {
      const since = wanted.minutes ? Date.now() - wanted.minutes * 60_000 : undefined
      const { outcome, qualifier, cold, longerMs, requestId } = wanted
      const query = {
        outcome,
        cold,
        since,
        before,
        qualifier: qualifier || undefined,
        longerMs: longerMs || undefined,
        requestId: requestId || undefined,
        limit: PAGE,
      }
      return taken(api.GET(`${PATH}/invocations`, { params: { ...at(named), query } }))
    },
    getNextPageParam: (page) => page.before ?? undefined,
    meta: { still: !live, upTo: 1 },
    placeholderData: keepPreviousData,
  })

export const useTrace = (named: Named, requestId: string) =>
  useQuery({
    queryKey: ['functions', 'trace', named, requestId],
    queryFn: async () =>
      (await taken(api.GET(`${PATH}/trace`, { params: { ...at(named), query: { requestId } } }))).spans,
  })

export const useLog = (named: Named, requestId: string) =>
  useQuery({
    queryKey: ['functions', 'log', named, requestId],
    queryFn: async () =>
      (await taken(api.GET(`${PATH}/logs`, { params: { ...at(named), query: { requestId } } }))).lines,
  })

export const acts = {
  create: (body: Schemas['NewFunction']) => taken(api.POST('/api/functions', { body })),
  change: (named: Named, body: Schemas['ChangedSettings']) => taken(api.PATCH(PATH, { params: at(named), body })),
  remove: (named: Named) => taken(api.DELETE(PATH, { params: at(named) })),
  putCode: (named: Named, body: Schemas['CodeChange']) => taken(api.PUT(`${PATH}/code`, { params: at(named), body })),
  invoke: (named: Named, body: Call) => taken(api.POST(`${PATH}/invocations`, { params: at(named), body })),
  createTrigger: (named: Named, body: Schemas['NewTrigger']) =>
    taken(api.POST(`${PATH}/triggers`, { params: at(named), body })),
  removeTrigger: (named: Named, trigger: string) =>
    taken(api.DELETE(`${PATH}/triggers/{trigger}`, { params: { path: { ...at(named).path, trigger } } })),
  publish: (named: Named, description: string) =>
    taken(api.POST(`${PATH}/versions`, { params: at(named), body: { description } })),
  removeVersion: (named: Named, version: string) =>
    taken(api.DELETE(`${PATH}/versions/{version}`, { params: { path: { ...at(named).path, version } } })),
  putAlias: (named: Named, alias: string, body: Schemas['AliasChange']) =>
    taken(api.PUT(`${PATH}/aliases/{alias}`, { params: { path: { ...at(named).path, alias } }, body })),
  removeAlias: (named: Named, alias: string) =>
    taken(api.DELETE(`${PATH}/aliases/{alias}`, { params: { path: { ...at(named).path, alias } } })),
}
