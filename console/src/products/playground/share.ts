// A program as a part of an address: compressed, and in the fragment, which browsers don't send to any server.
const LONGEST = 1_000_000 // characters of the fragment, and bytes of what it unpacks to

export type Shared = { language: string; code: string; input: string }

export async function packed(program: Shared): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([program.language, program.code, program.input]))
  const squeezed = await through(bytes, new CompressionStream('deflate-raw'))
  let text = ''
  for (const byte of squeezed) text += String.fromCharCode(byte)
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Null for whatever isn't a program, or would be too long a one: links come from anybody. */
export async function unpacked(fragment: string): Promise<Shared | null> {
  if (!fragment || fragment.length > LONGEST) return null
  try {
    const text = atob(fragment.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0))
    const parts: unknown = JSON.parse(
      new TextDecoder().decode(await through(bytes, new DecompressionStream('deflate-raw'))),
    )
    if (!Array.isArray(parts) || parts.length !== 3 || !parts.every((part) => typeof part === 'string')) return null
    const [language, code, input] = parts as [string, string, string]
    return { language, code, input }
  } catch {
    return null
  }
}

async function through(bytes: Uint8Array<ArrayBuffer>, change: CompressionStream | DecompressionStream) {
  const reader = new Blob([bytes]).stream().pipeThrough(change).getReader()
  const pieces: Uint8Array[] = []
  let size = 0
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.length
    if (size > LONGEST) {
      void reader.cancel()
      throw new Error('too long')
    }
    pieces.push(read.value)
  }
  const whole = new Uint8Array(size)
  pieces.reduce((at, piece) => (whole.set(piece, at), at + piece.length), 0)
  return whole
}
