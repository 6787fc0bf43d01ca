import { autocompletion, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { yaml } from '@codemirror/lang-yaml'
import {
  bracketMatching,
  foldGutter,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState, type Extension, type Text } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { theme } from 'antd'
import { useEffect, useRef } from 'react'
import { useAppearance } from '@/appearance'
import { type Translate, useText } from '@/i18n'
import type { Problem } from './queries'
import { completing, explained } from './words'

type Props = {
  value: string
  change?: (text: string) => void
  language: 'yaml' | 'json'
  label: string
  problems?: readonly Problem[]
  steps?: readonly string[]
  line?: number
  height?: string
}

/** A text editor that marks problems where they are. Flows get completion, and what a key means on hover. */
export function Editor(props: Props) {
  const { value, language, label, problems, line, height = '100%' } = props
  const t = useText()
  const { dark } = useAppearance()
  const { token } = theme.useToken()
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef(props)
  const looks = useRef(new Compartment())
  useEffect(() => {
    latest.current = props
  })
  useEffect(() => {
    const made = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          ...basics(language),
          ...(language === 'yaml' ? helping(t, () => latest.current.steps ?? []) : []),
          EditorState.readOnly.of(!latest.current.change),
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) latest.current.change?.(state.doc.toString())
          }),
          looks.current.of([]),
        ],
      }),
    })
    view.current = made
    return () => made.destroy()
  }, [language, label, t])
  useEffect(() => {
    view.current?.dispatch({ effects: looks.current.reconfigure(look(dark, token.colorBgContainer)) })
  }, [dark, token, language, label, t])
  useEffect(() => {
    const made = view.current
    if (made && made.state.doc.toString() !== value)
      made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } })
  }, [value])
  useEffect(() => {
    const made = view.current
    if (made)
      made.dispatch(
        setDiagnostics(
          made.state,
          (problems ?? []).map((problem) => marked(made.state.doc, problem)),
        ),
      )
  }, [problems, language, label, t])
  useEffect(() => {
    const made = view.current
    if (!made || !line || line > made.state.doc.lines) return
    const { from } = made.state.doc.line(line)
    made.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
  }, [line])
  return (
    <div ref={box} style={{ height, overflow: 'hidden', border: `1px solid ${token.colorBorder}`, borderRadius: 6 }} />
  )
}

const basics = (language: Props['language']): Extension[] => [
  lineNumbers(),
  foldGutter(),
  history(),
  drawSelection(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  bracketMatching(),
  indentOnInput(),
  indentUnit.of('  '),
  lintGutter(),
  language === 'yaml' ? yaml() : json(),
  EditorView.lineWrapping,
  keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
]

const helping = (t: Translate, steps: () => readonly string[]): Extension[] => [
  autocompletion({ override: [(context) => completing(context, steps(), t)], icons: false }),
  hoverTooltip((view, at) => explained(view.state.doc.lineAt(at), at, t)),
]

/** From its place to the end of the word that stands there. */
function marked(doc: Text, { line, column, text }: Problem): Diagnostic {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines))
  const from = Math.min(at.from + column - 1, at.to)
  const word = /^\S*/.exec(at.text.slice(from - at.from))![0].length
  return { from, to: Math.min(from + Math.max(word, 1), doc.length), severity: 'error', message: text }
}

function look(dark: boolean, background: string): Extension[] {
  const frame = EditorView.theme(
    {
      '&': { height: '100%', fontSize: '13px', backgroundColor: background },
      '.cm-scroller': { fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace', overflow: 'auto' },
      '.cm-gutters': { backgroundColor: 'transparent', border: '0' },
      '.cm-tooltip-hover, .cm-tooltip-lint': { maxWidth: '480px' },
      '.cm-word': { padding: '6px 10px' },
      '&.cm-focused': { outline: 'none' },
    },
    { dark },
  )
  const paint = dark
    ? { key: '#79b8ff', text: '#9ecbff', number: '#ffab70', word: '#f97583', quiet: '#8b949e' }
    : { key: '#0550ae', text: '#0a6640', number: '#953800', word: '#cf222e', quiet: '#6e7781' }
  const style = HighlightStyle.define([
    { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: paint.key },
    { tag: [tags.string, tags.content], color: paint.text },
    { tag: tags.number, color: paint.number },
    { tag: [tags.bool, tags.null, tags.keyword], color: paint.word },
    { tag: [tags.comment, tags.punctuation, tags.separator], color: paint.quiet },
  ])
  return [frame, syntaxHighlighting(style)]
}
