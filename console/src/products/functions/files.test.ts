import { expect, test } from 'vitest'
import { firstFile, isEdited, NO_EDITS, pathProblem, rowsOf, syntaxOf, textOf, withoutFile, written } from './files'

const file = (path: string, text: string | null) => ({ path, text, size: 1 })
const code = {
  files: [file('index.py', 'a'), file('lib/util.py', 'b'), file('logo.png', null)],
  etag: 'e',
  size: 3,
  checksum: 'c',
}

test('what was typed stands before what is deployed', () => {
  const edits = written(code, NO_EDITS, 'index.py', 'other')
  expect(textOf(code, edits, 'index.py')).toBe('other')
  expect(rowsOf(code, edits).find(({ path }) => path === 'index.py')?.state).toBe('changed')
})

test('a text that is again what is deployed is no edit', () => {
  const edits = written(code, written(code, NO_EDITS, 'index.py', 'other'), 'index.py', 'a')
  expect(isEdited(edits)).toBe(false)
})

test('a file that was never deployed is forgotten when it is removed', () => {
  const edits = withoutFile(code, written(code, NO_EDITS, 'new.py', 'x'), 'new.py')
  expect(edits).toEqual(NO_EDITS)
})

test('a deployed file that is removed can be written again', () => {
  const removed = withoutFile(code, NO_EDITS, 'index.py')
  expect(rowsOf(code, removed).map(({ path }) => path)).not.toContain('index.py')
  expect(isEdited(written(code, removed, 'index.py', 'a'))).toBe(false)
})

test.each([
  ['index.py', 'taken'],
  ['../up.py', 'malformed'],
  ['/root.py', 'malformed'],
  ['a\\b.py', 'malformed'],
  ['', 'malformed'],
  ['lib/other.py', null],
])('the name %s is %s', (path, problem) => expect(pathProblem(code, NO_EDITS, path)).toBe(problem))

test('the handler says which file opens first', () => {
  expect(firstFile(code, 'lib/util.handler')).toBe('lib/util.py')
  expect(firstFile(code, 'elsewhere.handler')).toBe('index.py')
})

test('the end of a name says the syntax', () =>
  expect(['a.py', 'b.mjs', 's.yaml', 'bootstrap'].map(syntaxOf)).toEqual(['python', 'javascript', 'yaml', 'plain']))
