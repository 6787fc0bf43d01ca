// A program's editor. Heavy, so it is loaded by itself: `lazy(() => import('./CodeEditor'))`.
import { indentUnit } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { useEffect, useMemo, useState } from 'react'
import { CodeEditor } from '@/ui/CodeEditor'
import { modeOf } from './modes'
import type { Problem } from './problems'

type Props = {
  label: string
  language: string
  value: string
  problems: readonly Problem[]
  onChange: (value: string) => void
  onRun: () => void
}
const INDENTED = indentUnit.of('    ')

export default function ProgramEditor({ label, language, value, problems, onChange, onRun }: Props) {
  const mode = useMode(language)
  const marks = useMemo(() => problems.map(({ line, column, message }) => ({ line, column, text: message })), [problems])
  return (
    <CodeEditor
      value={value}
      label={label}
      change={onChange}
      language={mode}
      acts={{ 'Mod-Enter': onRun }}
      marks={marks}
      height="420px"
    />
  )
}

/** Plain until the language's colours have come. */
function useMode(language: string): Extension {
  const [mode, setMode] = useState<Extension>(INDENTED)
  useEffect(() => {
    let current = true
    void modeOf(language).then((found) => {
      if (current) setMode([INDENTED, found])
    })
    return () => {
      current = false
    }
  }, [language])
  return mode
}
