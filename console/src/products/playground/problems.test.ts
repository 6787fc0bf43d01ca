import { expect, test } from 'vitest'
import { problemsIn } from './problems'

test('the innermost line of a Python program, whatever library raised', () => {
  const said = `Traceback (most recent call last):
  File "/tmp/x/main.py", line 9, in <module>
    main()
  File "/tmp/x/main.py", line 4, in main
    json.loads('{')
  File "/usr/lib/python3.11/json/__init__.py", line 346, in loads
    return _default_decoder.decode(s)
json.decoder.JSONDecodeError: Expecting property name
`
  expect(problemsIn('python', `\n\n\n    json.loads('{')`, said)).toEqual([
    { line: 4, column: 5, message: 'json.decoder.JSONDecodeError: Expecting property name' },
  ])
})

test('Python marks what it can not read', () => {
  const said = `  File "/tmp/x/main.py", line 2
    print(1
         ^
SyntaxError: '(' was never closed
`
  expect(problemsIn('python', '\n  print(1', said)).toEqual([{ line: 2, column: 8, message: "SyntaxError: '(' was never closed" }])
})

test('a C compiler names line and column of each', () => {
  const said = `main.c: In function 'main':
main.c:3:5: error: 'x' undeclared (first use in this function)
main.c:4:9: warning: unused variable 'y' [-Wunused]
main.c:3:5: note: each undeclared identifier is reported once
`
  expect(problemsIn('c', '', said).map(({ line, column }) => [line, column])).toEqual([[3, 5], [4, 9]])
})

test('Node.js names the place of what was thrown, and marks what it can not read', () => {
  const thrown = `/tmp/x/main.js:2
  nothing()
  ^

ReferenceError: nothing is not defined
    at Object.<anonymous> (/tmp/x/main.js:2:3)
    at Module._compile (node:internal/modules/cjs/loader:1356:14)
`
  expect(problemsIn('node', '', thrown)).toEqual([{ line: 2, column: 3, message: 'ReferenceError: nothing is not defined' }])
  const unread = `/tmp/x/main.js:1
let = = 1
      ^

SyntaxError: Unexpected token '='
`
  expect(problemsIn('node', '', unread)).toEqual([{ line: 1, column: 7, message: "SyntaxError: Unexpected token '='" }])
})

test('who says nothing of a place marks nothing', () => {
  expect(problemsIn('bash', '', 'main.sh: line 1: x: command not found')).toEqual([])
  expect(problemsIn('python', '', 'no traceback')).toEqual([])
})
