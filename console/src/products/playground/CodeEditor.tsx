// An editor for programs. Heavy, so it is loaded by itself: `lazy(() => import('./CodeEditor'))`.
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, defaultHighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState, Prec, type Text } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { darkCode } from '@/ui/darkCode'
import { modeOf } from './modes'
import type { Problem } from './problems'

type Props = {
  label: string
  language: string
  value: string
  dark: boolean
  problems: readonly Problem[]
  onChange: (value: string) => void
  onRun: () => void
}
const FRAME = EditorView.theme({
  '&': { height: '100%', fontSize: '13px' },
  '.cm-scroller': { fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace', overflow: 'auto' },
})
const light = [syntaxHighlighting(defaultHighlightStyle)]

export default function CodeEditor(props: Props) {
  const { label, language, value, dark, problems } = props
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef(props)
  const parts = useRef({ mode: new Compartment(), look: new Compartment(), name: new Compartment() })
  useEffect(() => {
    latest.current = props
  })
  useEffect(() => {
    const { mode, look, name } = parts.current
    const run = () => {
      latest.current.onRun()
      return true
    }
    const made = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
          lineNumbers(), history(), drawSelection(), highlightActiveLine(), bracketMatching(), indentOnInput(), lintGutter(),
          indentUnit.of('    '),
          keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
          FRAME, mode.of([]), look.of([]), name.of([]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = made
    return () => made.destroy()
  }, [])
  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.look.reconfigure(dark ? darkCode : light) })
  }, [dark])
  useEffect(() => {
    const attributes = EditorView.contentAttributes.of({ 'aria-label': label })
    view.current?.dispatch({ effects: parts.current.name.reconfigure(attributes) })
  }, [label])
  useEffect(() => {
    let current = true
    void modeOf(language).then((mode) => {
      if (current) view.current?.dispatch({ effects: parts.current.mode.reconfigure(mode) })
    })
    return () => {
      current = false
    }
  }, [language])
  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])
  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const marks = problems.map((problem) => marked(editor.state.doc, problem))
    editor.dispatch(setDiagnostics(editor.state, marks))
  }, [problems])
  return <div ref={place} style={{ height: 420, overflow: 'hidden' }} />
}

/** From its place to the end of the word that stands there. */
function marked(doc: Text, { line, column, message }: Problem): Diagnostic {
  const at = doc.line(Math.min(line, doc.lines))
  const from = Math.min(at.from + column - 1, at.to)
  const word = /^\s*\S*/.exec(at.text.slice(from - at.from))![0].length
  return { from, to: Math.min(from + Math.max(word, 1), doc.length), severity: 'error', message }
}
