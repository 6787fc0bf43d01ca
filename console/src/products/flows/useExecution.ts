// An execution as it goes on: each answer of the platform is the next news, and the question for what comes after it.
import { useEffect, useState } from 'react'
import { ApiError } from '@/api/client'
import { acts, type EventView, type ExecutionView, type WaitingView } from './queries'

export type Watched = { execution: ExecutionView; events: EventView[]; waiting: WaitingView[] }

const WAIT_S = 25
const PAUSE_MS = 2_000 // after a failure

export function useExecution(flow: string, name: string) {
  const [watched, setWatched] = useState<Watched | null>(null)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    const stop = new AbortController()
    void follow(flow, name, stop.signal, setWatched).catch((failure: unknown) => {
      if (!stop.signal.aborted) setError(failure)
    })
    return () => {
      stop.abort()
      setWatched(null)
      setError(null)
    }
  }, [flow, name])
  return { watched, error }
}

async function follow(flow: string, name: string, signal: AbortSignal, tell: (watched: Watched) => void) {
  let events: EventView[] = []
  let isFirst = true
  while (!signal.aborted) {
    try {
      const seen = await acts.news(flow, name, events.at(-1)?.id ?? 0, isFirst ? 0 : WAIT_S, signal)
      isFirst = false
      events = [...events, ...seen.events]
      if (signal.aborted) return
      tell({ execution: seen.execution, events, waiting: seen.waiting })
      if (seen.execution.status !== 'Running' && seen.events.length === 0) return
    } catch (error) {
      if (signal.aborted || (error instanceof ApiError && error.status < 500)) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}
