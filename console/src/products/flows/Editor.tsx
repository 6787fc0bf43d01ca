import { autocompletion } from '@codemirror/autocomplete'
import { json } from '@codemirror/lang-json'
import { yaml } from '@codemirror/lang-yaml'
import { indentUnit } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView, hoverTooltip } from '@codemirror/view'
import { theme } from 'antd'
import { useMemo } from 'react'
import { type Translate, useSay, useText } from '@/i18n'
import { CodeEditor } from '@/ui/CodeEditor'
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
const NO_STEPS = ''

/** A flow's definition, or data of one. Flows get completion, and what a key means on hover. */
export function Editor({ value, change, language, label, problems, steps, line, height = '100%' }: Props) {
  const t = useText()
  const say = useSay()
  const { token } = theme.useToken()
  const marks = useMemo(() => problems?.map((problem) => ({ ...problem, text: say(problem) })), [problems, say])
  const names = steps?.join('\n') ?? NO_STEPS // the same steps are the same text, whoever made the list
  const extension = useMemo(
    () => [
      indentUnit.of('  '),
      EditorView.lineWrapping,
      language === 'yaml' ? [yaml(), helping(t, names.split('\n'))] : json(),
    ],
    [language, names, t],
  )
  return (
    <div style={{ height, border: `1px solid ${token.colorBorder}`, borderRadius: 6, overflow: 'hidden' }}>
      <CodeEditor
        value={value}
        label={label}
        change={change}
        language={extension}
        marks={marks}
        line={line}
        height="100%"
      />
    </div>
  )
}

const helping = (t: Translate, steps: readonly string[]): Extension => [
  autocompletion({ override: [(context) => completing(context, steps, t)], icons: false }),
  hoverTooltip((view, at) => explained(view.state.doc.lineAt(at), at, t)),
]
