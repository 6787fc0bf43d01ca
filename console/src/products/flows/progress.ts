import type { Visit, VisitState } from './timeline'

export type StepState = VisitState | 'waiting'
/** How a step of the definition stands: `visit` is the one that matters most of its `visits`. */
export type StepProgress = { state: StepState; visits: number; visit: Visit }

const RANK: Record<StepState, number> = { waiting: 2, running: 1, succeeded: 0, failed: 0, caught: 0, stopped: 0 }

/** By the step's name. `waiting` are the paths that wait for something from outside. */
export function stepsOf(visits: readonly Visit[], waiting: readonly string[]): Map<string, StepProgress> {
  const found = new Map<string, StepProgress>()
  for (const visit of visits) {
    const state = visit.state === 'running' && waiting.includes(visit.path) ? 'waiting' : visit.state
    const before = found.get(visit.step)
    const count = (before?.visits ?? 0) + 1
    const matters = !before || RANK[state] >= RANK[before.state]
    found.set(visit.step, matters ? { state, visit, visits: count } : { ...before, visits: count })
  }
  return found
}
