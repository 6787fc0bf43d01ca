import { javascript } from '@codemirror/lang-javascript'
import { json } from '@codemirror/lang-json'
import { python } from '@codemirror/lang-python'
import { yaml } from '@codemirror/lang-yaml'
import { syntaxTree } from '@codemirror/language'
import { type Diagnostic, linter, lintGutter } from '@codemirror/lint'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { basicSetup } from 'codemirror'
import { useEffect, useRef } from 'react'
import { useAppearance } from '@/appearance'
import { useText } from '@/i18n'
import { darkCode } from '@/ui/darkCode'
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

/** Begins with `text`; from then on it holds the text itself and tells of changes. Another file is another editor. */
export function Editor(props: EditorProps) {
  const { dark } = useAppearance()
  const t = useText()
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const theme = useRef(new Compartment())
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  const problem = t('functions.syntaxProblem')

  useEffect(() => {
    const { text, syntax, label, readOnly, height } = latest.current
    const made = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: text,
        extensions: [
          keymap.of([
            {
              key: 'Mod-s',
              preventDefault: true,
              run: () => {
                latest.current.save?.()
                return true
              },
            },
          ]),
          basicSetup,
          SYNTAX[syntax](),
          syntax === 'plain' ? [] : problemsMarked(problem),
          theme.current.of([]),
          EditorState.readOnly.of(readOnly ?? false),
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.theme({ '&': { height: height ?? '100%', fontSize: '13px' }, '.cm-scroller': { overflow: 'auto' } }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.change(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = made
    return () => made.destroy()
  }, [problem])

  useEffect(() => {
    view.current?.dispatch({ effects: theme.current.reconfigure(dark ? darkCode : []) })
  }, [dark, problem])

  return <div ref={place} style={{ height: props.height ?? '100%', overflow: 'hidden' }} />
}

/** Where the text doesn't fit the language, as one types. */
const problemsMarked = (message: string): Extension => [
  lintGutter(),
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
  ),
]
