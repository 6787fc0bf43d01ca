// What somebody has done to a function's files since they were deployed.
import type { CodeView } from './queries'

export type Edits = { texts: Readonly<Record<string, string>>; removed: readonly string[] }
export type FileRow = { path: string; size: number; state: 'same' | 'changed' | 'new'; editable: boolean }
export const NO_EDITS: Edits = { texts: {}, removed: [] }
export const LARGEST_TEXT = 256 * 1024

export function rowsOf(code: CodeView, edits: Edits): FileRow[] {
  const known = new Set(code.files.map(({ path }) => path))
  const old = code.files
    .filter(({ path }) => !edits.removed.includes(path))
    .map(({ path, size, text }): FileRow => {
      const changed = path in edits.texts
      return { path, size, state: changed ? 'changed' : 'same', editable: changed || text !== null }
    })
  const added = Object.entries(edits.texts)
    .filter(([path]) => !known.has(path))
    .map(([path, text]): FileRow => ({ path, size: sizeOf(text), state: 'new', editable: true }))
  return [...old, ...added].sort((one, other) => (one.path < other.path ? -1 : 1))
}

export const textOf = (code: CodeView, edits: Edits, path: string): string | null =>
  edits.texts[path] ?? code.files.find((file) => file.path === path)?.text ?? null

/** A text that is again what is deployed is no edit. */
export function written(code: CodeView, edits: Edits, path: string, text: string): Edits {
  const others = without(edits.texts, path)
  const same = code.files.find((file) => file.path === path)?.text === text
  const removed = edits.removed.filter((one) => one !== path)
  return { texts: same ? others : { ...others, [path]: text }, removed }
}

export function withoutFile(code: CodeView, edits: Edits, path: string): Edits {
  const texts = without(edits.texts, path)
  const known = code.files.some((file) => file.path === path)
  return { texts, removed: known ? [...edits.removed, path] : edits.removed }
}

const without = (texts: Edits['texts'], path: string) =>
  Object.fromEntries(Object.entries(texts).filter(([one]) => one !== path))

export const isEdited = ({ texts, removed }: Edits) => Object.keys(texts).length > 0 || removed.length > 0

/** Where to begin: the handler's own file, else the first that can be read. */
export function firstFile(code: CodeView, handler: string): string {
  const module = handler.slice(0, handler.lastIndexOf('.'))
  const readable = code.files.filter(({ text }) => text !== null).map(({ path }) => path)
  const own = readable.find((path) => path.replace(/\.[^./]+$/, '') === module)
  return own ?? readable[0] ?? ''
}

/** Why a path can't be the name of a new file; null if it can. */
export function pathProblem(code: CodeView, edits: Edits, path: string): 'taken' | 'malformed' | null {
  if (rowsOf(code, edits).some((row) => row.path === path)) return 'taken'
  const parts = path.split('/')
  const fine = path.length <= 512 && !path.includes('\\') && parts.every((part) => part && part !== '.' && part !== '..')
  return fine ? null : 'malformed'
}

export const sizeOf = (text: string) => new TextEncoder().encode(text).length

export type Syntax = 'python' | 'javascript' | 'json' | 'yaml' | 'plain'
const SYNTAXES: Record<string, Syntax> = {
  py: 'python',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  ts: 'javascript',
  json: 'json',
  yaml: 'yaml',
  yml: 'yaml',
}

export const syntaxOf = (path: string): Syntax => SYNTAXES[path.slice(path.lastIndexOf('.') + 1)] ?? 'plain'
