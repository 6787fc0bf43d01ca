// The words of the flow language: offered while one types, explained on hover.
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { Line } from '@codemirror/state'
import type { Tooltip } from '@codemirror/view'
import type { TextKey, Translate } from '@/i18n'

const KEYS = [
  'version', 'type', 'name', 'steps', 'timeoutSeconds', 'inputMappings', 'outputMappings', 'target', 'source',
  'resourceArn', 'pattern', 'serviceParams', 'errorMappings', 'retry', 'catch', 'errors', 'intervalSeconds',
  'maxIntervalSeconds', 'maxAttempts', 'multiplier', 'goto', 'choices', 'condition', 'default', 'branches',
  'iterationMapping', 'collection', 'item', 'index', 'duration', 'timestamp', 'error', 'cause', 'end',
] as const // prettier-ignore
const TYPES = ['task', 'pass', 'choice', 'parallel', 'foreach', 'wait', 'succeed', 'fail'] as const
type Word = (typeof KEYS)[number] | (typeof TYPES)[number]

const meaning = (word: Word): TextKey => `flows.word.${word}`
const isWord = (text: string): text is Word => ([...KEYS, ...TYPES] as string[]).includes(text)

export function completing(
  context: CompletionContext,
  steps: readonly string[],
  t: Translate,
): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos)
  const before = line.text.slice(0, context.pos - line.from)
  const typed = /[\w.]*$/.exec(before)![0]
  if (!typed && !context.explicit && !/(type|pattern|goto):\s$/.test(before)) return null
  return { from: context.pos - typed.length, options: offered(before, steps, t), validFor: /^[\w.]*$/ }
}

function offered(before: string, steps: readonly string[], t: Translate): Completion[] {
  const told = (word: Word): Completion => ({ label: word, info: t(meaning(word)) })
  if (/\btype:\s*\w*$/.test(before)) return TYPES.map(told)
  if (/\bpattern:\s*\w*$/.test(before)) return ['requestResponse', 'waitForCallback'].map((label) => ({ label }))
  if (/\bgoto:\s*[\w.-]*$/.test(before)) return steps.map((label) => ({ label }))
  if (/\bsource:\s*\$?[\w.]*$/.test(before))
    return ['$input', '$local', '$context.task.token', '$context.execution.name', '$context.flow.name'].map(
      (label) => ({ label }),
    )
  if (/^\s*(- +)?[{\s]*\w*$/.test(before)) return KEYS.map((word) => ({ ...told(word), apply: `${word}: ` }))
  return []
}

/** What the word under the pointer means, if it is one of the language. */
export function explained(line: Line, at: number, t: Translate): Tooltip | null {
  for (const found of line.text.matchAll(/\w+/g)) {
    const from = line.from + found.index
    const word = found[0]
    if (at < from || at > from + word.length || !isWord(word)) continue
    const isKey = line.text[found.index + word.length] === ':'
    if (!isKey && !/\btype:\s*["']?$/.test(line.text.slice(0, found.index))) continue
    return {
      pos: from,
      end: from + word.length,
      above: true,
      create: () => ({ dom: note(`${word}: ${t(meaning(word))}`) }),
    }
  }
  return null
}

function note(text: string): HTMLElement {
  const box = document.createElement('div')
  box.className = 'cm-word'
  box.textContent = text
  return box
}
