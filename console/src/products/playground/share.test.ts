import { expect, test } from 'vitest'
import { packed, unpacked } from './share'

test('a program comes back as it was', async () => {
  const program = { language: 'c++', code: 'int main() {}\n'.repeat(200), input: '流云\n' }
  const text = await packed(program)
  expect(text).toMatch(/^[\w-]+$/)
  expect(text.length).toBeLessThan(200)
  expect(await unpacked(text)).toEqual(program)
})

test.each(['', 'x', '%%%', 'AAAA'])('what is no program is none: %s', async (text) => {
  expect(await unpacked(text)).toBeNull()
})

test('a link that would unpack to very much is none', async () => {
  const stream = new Blob(['"'.padEnd(5_000_000)]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  const squeezed = new Uint8Array(await new Response(stream).arrayBuffer())
  expect(await unpacked(btoa(String.fromCharCode(...squeezed)))).toBeNull()
})
