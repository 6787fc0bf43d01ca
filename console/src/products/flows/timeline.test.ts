import { expect, test } from 'vitest'
import type { EventView } from './queries'
import { stepsOf } from './progress'
import { timelineOf } from './timeline'

type Given = [type: string, path?: string, detail?: Record<string, unknown>]
/** One event each ten milliseconds. */
const history = (...given: Given[]): EventView[] =>
  given.map(([type, path = '', detail = {}], index) => ({
    id: index + 1,
    follows: index,
    type,
    path,
    detail,
    step: path.split('/').at(-1)!,
    time: index * 10,
  }))
const bars = (...given: Given[]) =>
  timelineOf(history(...given)).map(({ path, from, to, state }) => `${path} ${from}-${to} ${state}`)

test('a step lasts from its entering to its result', () =>
  expect(bars(['ExecutionStarted'], ['StepEntered', 'a'], ['StepStarted', 'a'], ['StepSucceeded', 'a'])).toEqual([
    'a 10-30 succeeded',
  ]))

test('a step without a result runs, until the execution ends', () => {
  expect(bars(['StepEntered', 'a'])).toEqual(['a 0-null running'])
  expect(bars(['StepEntered', 'a'], ['ExecutionStopped'])).toEqual(['a 0-10 stopped'])
})

test('a failure that was caught is another than one that was not', () => {
  expect(bars(['StepEntered', 'a'], ['StepFailed', 'a'])).toEqual(['a 0-10 failed'])
  expect(bars(['StepEntered', 'a'], ['StepFailed', 'a'], ['StepExited', 'a'])).toEqual(['a 0-10 caught'])
})

test('each iteration is a visit of its own, and so is each return', () =>
  expect(
    bars(
      ['StepEntered', 'all'],
      ['StepEntered', 'all/0/x'],
      ['StepEntered', 'all/1/x'],
      ['StepSucceeded', 'all/0/x'],
      ['StepEntered', 'all/0/x'],
    ),
  ).toEqual(['all 0-null running', 'all/0/x 10-30 succeeded', 'all/1/x 20-null running', 'all/0/x 40-null running']))

test('attempts are told apart, with what went wrong', () => {
  const [visit] = timelineOf(
    history(
      ['StepEntered', 'a'],
      ['TaskScheduled', 'a', { attempt: 1 }],
      ['TaskFailed', 'a', { error: 'E', cause: 'no' }],
      ['TaskScheduled', 'a', { attempt: 2 }],
    ),
  )
  expect(visit!.attempts).toEqual([
    { number: 1, from: 10, to: 20, failed: true },
    { number: 2, from: 30, to: null, failed: false },
  ])
  expect([visit!.error, visit!.cause]).toEqual(['E', 'no'])
})

test('a step shows as the visit that matters most: one that waits, then one that runs, then the last', () => {
  const visits = timelineOf(history(['StepEntered', 'l/0/x'], ['StepEntered', 'l/1/x'], ['StepSucceeded', 'l/1/x']))
  expect(stepsOf(visits, []).get('x')).toMatchObject({ state: 'running', visits: 2 })
  expect(stepsOf(visits, ['l/0/x']).get('x')).toMatchObject({ state: 'waiting', visit: { path: 'l/0/x' } })
})
