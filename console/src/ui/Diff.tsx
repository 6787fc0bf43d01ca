import { theme } from 'antd'
import { diffLines } from './diff'
import { asJson } from './JsonText'

const SIGN = { same: ' ', added: '+', removed: '-' } as const

/** Two values side by side as lines; what is new is marked by sign and colour. */
export function Diff({ before, after, label }: { before: unknown; after: unknown; label: string }) {
  const { token } = theme.useToken()
  const text = (value: unknown) => (value === undefined || value === null ? '' : asJson(value))
  const colours = { same: 'transparent', added: token.colorSuccessBg, removed: token.colorErrorBg }
  return (
    <pre className="mono" aria-label={label}>
      {diffLines(text(before), text(after)).map(({ text: line, side }, index) => (
        <div key={index} style={{ background: colours[side] }}>
          {SIGN[side]} {line}
        </div>
      ))}
    </pre>
  )
}
