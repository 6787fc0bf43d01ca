import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api, type Schemas, taken } from '@/api/client'

export type FlowSummary = Schemas['FlowSummary']
export type FlowView = Schemas['FlowView']
export type Inspected = Schemas['InspectedView']
export type Problem = Schemas['ProblemView']
export type ExecutionSummary = Schemas['ExecutionSummary']
export type ExecutionView = Schemas['ExecutionView']
export type EventView = Schemas['EventView']
export type WaitingView = Schemas['WaitingView']
export type Status = ExecutionSummary['status']
export type Filter = { status?: Status; namePrefix: string; withinS: number }

export const useFlows = () => {
  const query = useInfiniteQuery({
    queryKey: ['flows', 'list'],
    queryFn: ({ pageParam }) => taken(api.GET('/api/flows', { params: { query: { after: pageParam, limit: 200 } } })),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  return { ...query, data: query.data?.pages.flatMap(({ flows }) => flows) }
}

export const useFlow = (flow: string) =>
  useQuery({
    queryKey: ['flows', 'one', flow],
    queryFn: () => taken(api.GET('/api/flows/{flow}', { params: { path: { flow } } })),
  })

/** The newest first. */
export const useExecutions = (flow: string, { status, namePrefix, withinS }: Filter) => {
  const query = useInfiniteQuery({
    queryKey: ['flows', 'executions', flow, status, namePrefix, withinS],
    queryFn: ({ pageParam }) => {
      const startedFrom = withinS ? Date.now() - withinS * 1000 : undefined
      const asked = { status, namePrefix, startedFrom, after: pageParam, limit: 100 }
      return taken(api.GET('/api/flows/{flow}/executions', { params: { path: { flow }, query: asked } }))
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  return { ...query, data: query.data?.pages.flatMap(({ executions }) => executions) }
}

export const useExecutionDetail = (flow: string, name: string) =>
  useQuery({
    queryKey: ['flows', 'execution', flow, name],
    queryFn: () => taken(api.GET('/api/flows/{flow}/executions/{name}', { params: { path: { flow, name } } })),
  })

/** What is wrong with a text; while a new text is checked, what was said of the one before. */
export const useCheck = (definition: string, enabled: boolean) =>
  useQuery({
    queryKey: ['flow-check', definition],
    queryFn: () => taken(api.POST('/api/flows/check', { body: { definition } })),
    placeholderData: (before) => before,
    enabled,
    staleTime: Infinity,
    gcTime: 10_000,
  })

const at = (flow: string, name: string) => ({ path: { flow, name } })

export const acts = {
  create: (body: Schemas['NewFlow']) => taken(api.POST('/api/flows', { body })),
  update: (flow: string, body: Schemas['FlowChange']) =>
    taken(api.PUT('/api/flows/{flow}', { params: { path: { flow } }, body })),
  remove: (flow: string) => taken(api.DELETE('/api/flows/{flow}', { params: { path: { flow } } })),
  start: (flow: string, body: Schemas['NewExecution']) =>
    taken(api.POST('/api/flows/{flow}/executions', { params: { path: { flow } }, body })),
  stop: (flow: string, name: string) =>
    taken(api.POST('/api/flows/{flow}/executions/{name}/stop', { params: at(flow, name), body: {} })),
  report: (flow: string, name: string, body: Schemas['Report']) =>
    taken(api.POST('/api/flows/{flow}/executions/{name}/report', { params: at(flow, name), body })),
  news: (flow: string, name: string, after: number, waitS: number, signal: AbortSignal) =>
    taken(
      api.GET('/api/flows/{flow}/executions/{name}/events', {
        params: { path: { flow, name }, query: { after, waitS } },
        signal,
      }),
    ),
}
