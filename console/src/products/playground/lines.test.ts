import { expect, test } from 'vitest'
import { added, linesOf, type Piece } from './lines'

test('lines come whole, however the network cuts them', async () => {
  const bytes = new TextEncoder().encode('{"event":"stdout","text":"流"}\n{"event":"stdout","text":"云"}\n')
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7))
      controller.close()
    },
  })
  const texts: unknown[] = []
  for await (const events of linesOf(body)) texts.push(...events.map(({ text }) => text))
  expect(texts).toEqual(['流', '云'])
})

test('both streams stay in their order', () => {
  const told: Piece[] = [
    { stream: 'stdout', text: 'a' },
    { stream: 'stdout', text: 'b' },
    { stream: 'stderr', text: 'c' },
    { stream: 'stdout', text: 'd' },
  ]
  expect(told.reduce(added, [] as readonly Piece[]).map(({ text }) => text)).toEqual(['ab', 'c', 'd'])
})
