// Where in the program a compiler or an interpreter saw a problem, read from what it said.
export type Problem = { line: number; column: number; message: string }

const MOST = 50

/** What is said of other files isn't shown in it. */
export function problemsIn(language: string, code: string, text: string): Problem[] {
  const found = (READERS[language] ?? (() => []))(text, code.split('\n'))
  return found.filter(({ line }) => line > 0).slice(0, MOST)
}

const READERS: Record<string, (text: string, code: readonly string[]) => Problem[]> = {
  python: inTraceback,
  node: inNode,
  c: (text) => each(text, /^(?:\.\/)?main\.c:(\d+):(\d+): (?:fatal )?(?:error|warning): (.*)$/gm),
  'c++': (text) => each(text, /^(?:\.\/)?main\.cpp:(\d+):(\d+): (?:fatal )?(?:error|warning): (.*)$/gm),
  go: (text) => each(text, /^(?:\.\/)?main\.go:(\d+):(\d+): (.*)$/gm),
  java: inJava,
  rust: inRust,
}

const each = (text: string, line: RegExp): Problem[] =>
  [...text.matchAll(line)].map(([, at, column, message]) => problem(at, column, message))

const problem = (line = '', column = '', message = ''): Problem => ({
  line: Number(line),
  column: Number(column) || 1,
  message: message.trim(),
})

/** The innermost line of the program itself; a mark below the shown line tells the column of what can't be read. */
function inTraceback(text: string, code: readonly string[]): Problem[] {
  const lines = text.trimEnd().split('\n')
  const at = lines.findLastIndex((line) => /^\s*File ".*main\.py", line \d+/.test(line))
  if (at < 0) return []
  const [, line] = /line (\d+)/.exec(lines[at]!.replace(/^.*main\.py"/, ''))!
  const message = lines.at(-1)
  const indent = code[Number(line) - 1]?.search(/\S/) ?? 0
  return [problem(line, columnOf(lines[at + 1], lines[at + 2], indent), message)]
}

/** Python shows a line without its own indentation. */
const columnOf = (shown = '', mark = '', indent = 0): string =>
  String((/^\s*[~^]+\s*$/.test(mark) ? mark.search(/[~^]/) - shown.search(/\S/) : 0) + Math.max(indent, 0) + 1)

function inNode(text: string): Problem[] {
  const message = /^\w*(?:Error|Exception)\b.*$/m.exec(text)?.[0] ?? ''
  const placed = /main\.js:(\d+):(\d+)\)?$/m.exec(text)
  if (placed) return [problem(placed[1], placed[2], message)]
  const [, line, , mark] = /main\.js:(\d+)\n(.*)\n(\s*)\^/.exec(text) ?? []
  return line ? [problem(line, String((mark ?? '').length + 1), message)] : []
}

function inJava(text: string): Problem[] {
  return [...text.matchAll(/^Main\.java:(\d+): (?:error|warning): (.*)\n.*\n(\s*)\^/gm)].map(([, line, message, mark]) =>
    problem(line, String((mark ?? '').length + 1), message),
  )
}

function inRust(text: string): Problem[] {
  return [...text.matchAll(/^(?:error|warning)(?:\[\w+\])?: (.*)\n\s*--> main\.rs:(\d+):(\d+)/gm)].map(
    ([, message, line, column]) => problem(line, column, message),
  )
}
