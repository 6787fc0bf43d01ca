// The editor of code, for all pages. It is large: what uses it is loaded when it is first needed (`lazy`).
import { indentWithTab } from '@codemirror/commands'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState, type Extension, Prec, type Text } from '@codemirror/state'
import { EditorView, type KeyBinding, keymap } from '@codemirror/view'
import { theme } from 'antd'
import { basicSetup } from 'codemirror'
import { useEffect, useRef } from 'react'
import { useAppearance } from '@/appearance'
import { darkCode } from './darkCode'

/** Something wrong, from its place to the end of the word that stands there. */
export type Mark = { line: number; column: number; text: string }

type Props = {
  value: string
  label: string
  /** None: the text can be read only. */
  change?: (text: string) => void
  /** The language, its checks and completions: the same array from one drawing to the next, or they begin anew. */
  language: Extension
  /** What keys do beside the usual. Asked when one is pressed, so it may change. */
  acts?: Readonly<Record<string, () => void>>
  marks?: readonly Mark[]
  /** Brought into sight when it changes. */
  line?: number
  height: string
}

const FRAME = EditorView.theme({
  '&': { height: '100%', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace', overflow: 'auto' },
  '.cm-tooltip-hover, .cm-tooltip-lint': { maxWidth: '480px' },
  '.cm-word': { padding: '6px 10px' },
})
const NO_MARKS: readonly Mark[] = []

export function CodeEditor(props: Props) {
  const { value, label, language, marks = NO_MARKS, line, height } = props
  const { dark } = useAppearance()
  const { token } = theme.useToken()
  const isReadOnly = !props.change
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef(props)
  const parts = useRef({ language: new Compartment(), look: new Compartment(), manner: new Compartment() })
  useEffect(() => {
    latest.current = props
  })
  useEffect(() => {
    const { language: spoken, look, manner } = parts.current
    const made = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          Prec.highest(keymap.of(Object.keys(latest.current.acts ?? {}).map((key) => bound(key, latest)))),
          basicSetup, keymap.of([indentWithTab]), lintGutter(),
          FRAME, spoken.of([]), look.of([]), manner.of([]),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) latest.current.change?.(state.doc.toString())
          }),
        ],
      }),
    })
    view.current = made
    return () => made.destroy()
  }, [])
  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.language.reconfigure(language) })
  }, [language])
  useEffect(() => {
    const ground = EditorView.theme({ '&': { backgroundColor: token.colorBgContainer } })
    view.current?.dispatch({ effects: parts.current.look.reconfigure(dark ? darkCode : ground) })
  }, [dark, token])
  useEffect(() => {
    const manner = [EditorView.contentAttributes.of({ 'aria-label': label }), EditorState.readOnly.of(isReadOnly)]
    view.current?.dispatch({ effects: parts.current.manner.reconfigure(manner) })
  }, [label, isReadOnly])
  useEffect(() => {
    const made = view.current
    if (made && made.state.doc.toString() !== value)
      made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } })
  }, [value])
  useEffect(() => {
    const made = view.current
    if (made && marks !== NO_MARKS)
      made.dispatch(setDiagnostics(made.state, marks.map((mark) => marked(made.state.doc, mark))))
  }, [marks, language])
  useEffect(() => {
    const made = view.current
    if (!made || !line || line > made.state.doc.lines) return
    const { from } = made.state.doc.line(line)
    made.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
  }, [line])
  return <div ref={place} style={{ height, overflow: 'hidden' }} />
}

const bound = (key: string, latest: { current: Props }): KeyBinding => ({
  key,
  preventDefault: true,
  run: () => {
    latest.current.acts?.[key]?.()
    return true
  },
})

function marked(doc: Text, { line, column, text }: Mark): Diagnostic {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines))
  const from = Math.min(at.from + column - 1, at.to)
  const word = /^\s*\S*/.exec(at.text.slice(from - at.from))![0].length
  return { from, to: Math.min(from + Math.max(word, 1), doc.length), severity: 'error', message: text }
}
