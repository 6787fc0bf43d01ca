import { useQuery } from '@tanstack/react-query'
import { api, type Schemas, taken } from '@/api/client'

export type Overview = Schemas['OverviewView']
export type Minute = Schemas['MinuteView']
const LIVE_MS = 3_000

export const useOverview = () =>
  useQuery({
    queryKey: ['overview'],
    queryFn: () => taken(api.GET('/api/overview')),
    refetchInterval: LIVE_MS,
  })
