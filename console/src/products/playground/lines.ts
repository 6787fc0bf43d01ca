// The lines of a run, as they come over the network.
import type { Schemas } from '@/api/client'

type Event = Schemas['RunEvent']
export type Piece = { stream: 'stdout' | 'stderr'; text: string }

/** The events of each part that arrives; a line may come in several. */
export async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Event[]> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let begun = ''
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const lines = (begun + read.value).split('\n')
      begun = lines.pop() ?? ''
      const events = lines.filter((line) => line).map((line) => JSON.parse(line) as Event)
      if (events.length) yield events
    }
  } finally {
    reader.releaseLock()
  }
}

/** What follows on the same stream is one piece with it. */
export function added(pieces: readonly Piece[], piece: Piece): readonly Piece[] {
  const last = pieces.at(-1)
  if (last?.stream !== piece.stream) return [...pieces, piece]
  return [...pieces.slice(0, -1), { ...last, text: last.text + piece.text }]
}
