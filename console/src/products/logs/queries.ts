import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, type Schemas, taken } from '@/api/client'

export type FoundLine = Schemas['FoundLine']
export type FoundLines = Schemas['FoundLines']
export type Wanted = {
  contains: string
  requestId: string
  service: string
  function: string
  minutes: number
  until: number
}
const LIVE_MS = 2_000

export const useLogs = (wanted: Wanted, live: boolean) =>
  useQuery({
    queryKey: ['logs', wanted],
    queryFn: () => taken(api.GET('/api/logs', { params: { query: wanted } })),
    refetchInterval: live ? LIVE_MS : false,
    placeholderData: keepPreviousData,
  })
