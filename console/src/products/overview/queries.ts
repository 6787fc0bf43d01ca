import { useQuery } from '@tanstack/react-query'
import { api, type Schemas, taken } from '@/api/client'

export type Overview = Schemas['OverviewView']
export type Minute = Schemas['MinuteView']

export const useOverview = () =>
  useQuery({
    queryKey: ['overview'],
    queryFn: () => taken(api.GET('/api/overview')),
  })
