import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { lookingAgain } from './news'

/** Two queries that are shown, whose answers come when they are let. */
function shown(meta = {}) {
  const queries = new QueryClient()
  const asked: string[] = []
  const answers: (() => void)[] = []
  for (const kind of ['messages', 'audit'])
    new QueryObserver(queries, {
      queryKey: [kind, 'all'],
      meta,
      initialData: 0,
      staleTime: Infinity,
      queryFn: () => {
        asked.push(kind)
        return new Promise<number>((resolve) => answers.push(() => resolve(1)))
      },
    }).subscribe(() => {})
  const answer = async () => {
    answers.shift()?.()
    await new Promise((resolve) => setTimeout(resolve)) // what follows from it has happened then
  }
  return { asked, answer, tell: lookingAgain(queries) }
}

test('only what shows such things is asked for, and once more for all that is told meanwhile', async () => {
  const { asked, answer, tell } = shown()
  tell(['messages'])
  tell(['messages'])
  tell(['messages'])
  expect(asked).toEqual(['messages'])
  await answer()
  expect(asked).toEqual(['messages', 'messages'])
  await answer()
  expect(asked).toEqual(['messages', 'messages'])
})

test('what somebody reads as it was stays so', () => {
  const { asked, tell } = shown({ still: true })
  tell(['messages', 'audit'])
  expect(asked).toEqual([])
})
