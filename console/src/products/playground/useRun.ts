// A run as the page follows it: what was printed so far, and how it ended once it has.
import { useEffect, useRef, useState } from 'react'
import { api, type Schemas, taken } from '@/api/client'
import { added, linesOf, type Piece } from './lines'

export type End = Schemas['Ended']
export type Run = {
  phase: 'running' | 'compiling' | 'ended'
  pieces: readonly Piece[]
  compiler: string
  program: Schemas['Program']
  startedAt: number
  /** How it ended; none if it was stopped here, or can't be known. */
  end?: End
  stoppedAfterMs?: number
  error?: unknown
}

const FRESH = { phase: 'running', pieces: [], compiler: '' } as const

export function useRun() {
  const [run, setRun] = useState<Run | null>(null)
  const current = useRef<AbortController>(null)
  useEffect(() => () => current.current?.abort(), [])

  const start = async (program: Schemas['Program']) => {
    const leaving = new AbortController()
    current.current?.abort()
    current.current = leaving
    const begun = performance.now()
    const change = (how: (run: Run) => Run) => {
      if (current.current === leaving) setRun((run) => (run ? how(run) : run))
    }
    setRun({ ...FRESH, program, startedAt: Date.now() })
    try {
      const asked = api.POST('/api/playground/stream', { body: program, parseAs: 'stream', signal: leaving.signal })
      const body = (await taken(asked)) as unknown as ReadableStream<Uint8Array<ArrayBuffer>>
      for await (const events of linesOf(body)) change((run) => events.reduce(after, run))
      change((run) => ({ ...run, phase: 'ended' }))
    } catch (error) {
      const how = leaving.signal.aborted ? { stoppedAfterMs: performance.now() - begun } : { error }
      change((run) => ({ ...run, phase: 'ended', ...how }))
    }
  }
  const stop = () => current.current?.abort()
  return { run, start, stop }
}

function after(run: Run, event: Schemas['RunEvent']): Run {
  switch (event.event) {
    case 'compiling':
    case 'running':
      return { ...run, phase: event.event }
    case 'compiler':
      return { ...run, compiler: run.compiler + (event.text ?? '') }
    case 'end':
      return event.end ? { ...run, phase: 'ended', end: event.end } : run
    default:
      return { ...run, pieces: added(run.pieces, { stream: event.event, text: event.text ?? '' }) }
  }
}
