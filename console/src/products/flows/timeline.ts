// A history as visits of steps: when each began and ended, how it went, what went in and out.
import { isPhrase, type Phrase } from '@/i18n/phrases'
import type { EventView } from './queries'

export type VisitState = 'running' | 'succeeded' | 'failed' | 'caught' | 'stopped'
export type Attempt = { number: number; from: number; to: number | null; failed: boolean }
export type Visit = {
  path: string
  step: string
  depth: number
  from: number
  to: number | null
  state: VisitState
  attempts: Attempt[]
  input: unknown
  result: unknown
  output: unknown
  error: string
  cause: string
  /** The cause, if the platform said it. */
  phrase: Phrase | null
}

const ENDS = ['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionStopped', 'ExecutionTimedOut']

/** Every visit of a step in the order of their beginnings; a step in a loop has one for each iteration. */
export function timelineOf(events: readonly EventView[]): Visit[] {
  const visits: Visit[] = []
  const open = new Map<string, Visit>()
  for (const event of events) {
    if (event.type === 'StepEntered') {
      const visit = entered(event)
      visits.push(visit)
      open.set(event.path, visit)
    } else if (ENDS.includes(event.type)) {
      for (const visit of open.values()) if (visit.state === 'running') ended(visit, 'stopped', event.time)
    } else {
      const visit = open.get(event.path)
      if (visit) happened(visit, event)
    }
  }
  return visits
}

function entered({ path, step, time }: EventView): Visit {
  return {
    path,
    step,
    depth: path.split('/').length - 1,
    from: time,
    to: null,
    state: 'running',
    attempts: [],
    input: undefined,
    result: undefined,
    output: undefined,
    error: '',
    cause: '',
    phrase: null,
  }
}

function happened(visit: Visit, event: EventView) {
  const { detail, time, type } = event
  switch (type) {
    case 'StepStarted':
      visit.input = detail.input
      break
    case 'TaskScheduled':
      visit.attempts.push({ number: Number(detail.attempt), from: time, to: null, failed: false })
      if (detail.input !== undefined) visit.input = detail.input
      break
    case 'TaskSucceeded':
      visit.result = detail.output
      tried(visit, time, false)
      break
    case 'TaskFailed':
    case 'TaskSubmitFailed':
    case 'TaskTimedOut':
      wrong(visit, event)
      tried(visit, time, true)
      break
    case 'StepSucceeded':
      visit.output = detail.output
      ended(visit, 'succeeded', time)
      break
    case 'StepFailed':
      wrong(visit, event)
      ended(visit, 'failed', time)
      break
    case 'StepExited':
      if (visit.state === 'failed') visit.state = 'caught'
      break
  }
}

function tried(visit: Visit, time: number, failed: boolean) {
  const last = visit.attempts.at(-1)
  if (last) Object.assign(last, { to: time, failed })
}

function wrong(visit: Visit, { detail }: EventView) {
  visit.error = String(detail.error ?? '')
  visit.cause = String(detail.cause ?? '')
  visit.phrase = isPhrase(detail.phrase) ? detail.phrase : null
}

function ended(visit: Visit, state: VisitState, time: number) {
  visit.state = state
  visit.to = time
}
