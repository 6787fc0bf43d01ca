import { javascript } from '@codemirror/lang-javascript'
import { json } from '@codemirror/lang-json'
import { python } from '@codemirror/lang-python'
import { yaml } from '@codemirror/lang-yaml'
import { syntaxTree } from '@codemirror/language'
import { type Diagnostic, linter } from '@codemirror/lint'
import type { Extension } from '@codemirror/state'
import { useMemo } from 'react'
import { useText } from '@/i18n'
import { CodeEditor } from '@/ui/CodeEditor'
import type { Syntax } from './files'

export type EditorProps = {
  text: string
  syntax: Syntax
  label: string
  readOnly?: boolean
  height?: string
  change: (text: string) => void
  save?: () => void
}

const SYNTAX: Record<Syntax, () => Extension> = {
  python,
  javascript: () => javascript({ typescript: false }),
  json,
  yaml,
  plain: () => [],
}
const MOST_PROBLEMS = 50
const CHECK_MS = 400

/** A file of a function, or an event. Another file is another editor, so that undoing stays within it. */
export function Editor({ text, syntax, label, readOnly, height = '100%', change, save }: EditorProps) {
  const t = useText()
  const problem = t('functions.syntaxProblem')
  const language = useMemo(
    () => [SYNTAX[syntax](), syntax === 'plain' ? [] : problemsMarked(problem)],
    [syntax, problem],
  )
  const acts = { 'Mod-s': () => save?.() }
  return (
    <CodeEditor
      value={text}
      label={label}
      change={readOnly ? undefined : change}
      language={language}
      acts={acts}
      height={height}
    />
  )
}

/** Where the text doesn't fit the language, as one types. */
const problemsMarked = (message: string): Extension =>
  linter(
    (view) => {
      const found: Diagnostic[] = []
      syntaxTree(view.state).iterate({
        enter: ({ type, from, to }) => {
          if (type.isError && found.length < MOST_PROBLEMS) {
            const end = Math.min(view.state.doc.length, Math.max(to, from + 1))
            found.push({ from: Math.min(from, end), to: end, severity: 'error', message })
          }
        },
      })
      return found
    },
    { delay: CHECK_MS },
  )
