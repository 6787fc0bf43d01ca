import { theme } from 'antd'
import { barsOf } from '@/ui/chart/bars'

const STEP = 10
const WIDTH = 8
const HEIGHT = 64

/** How many lines there are over time; a bar narrows the search to its own part. */
export function Histogram(props: { counts: readonly number[]; label: string; choose: (part: number) => void }) {
  const { counts, label, choose } = props
  const { token } = theme.useToken()
  const bars = barsOf(
    counts.map((count) => [count]),
    STEP,
    HEIGHT,
  )
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${counts.length * STEP} ${HEIGHT + 1}`}
      preserveAspectRatio="none"
      width="100%"
      height={HEIGHT}
    >
      <line x1={0} x2={counts.length * STEP} y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} stroke={token.colorBorder} />
      {bars.map(({ x, parts }, index) => (
        <g key={index} onClick={() => choose(index)} style={{ cursor: 'pointer' }}>
          <rect x={x} y={0} width={STEP} height={HEIGHT} fill="transparent" />
          {parts.map(({ y, height }) => (
            <rect key={y} x={x + 1} y={y} width={WIDTH} height={height} fill={token.colorPrimary} />
          ))}
        </g>
      ))}
    </svg>
  )
}
