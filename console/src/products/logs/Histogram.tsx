import { theme } from 'antd'
import { type KeyboardEvent, useRef, useState } from 'react'
import { barsOf } from '@/ui/chart/bars'

const STEP = 10
const WIDTH = 8
const HEIGHT = 64

type Props = {
  counts: readonly number[]
  label: string
  /** What a bar is called: when, and how many. */
  named: (part: number) => string
  choose: (part: number) => void
}

/** How many lines there are over time; a bar narrows the search to its own part. One bar is in the order of the Tab key;
 *  arrows go from bar to bar. */
export function Histogram({ counts, label, named, choose }: Props) {
  const { token } = theme.useToken()
  const chart = useRef<SVGSVGElement>(null)
  const [current, setCurrent] = useState(counts.length - 1)
  const bars = barsOf(
    counts.map((count) => [count]),
    STEP,
    HEIGHT,
  )
  const go = (part: number) => {
    const next = Math.max(0, Math.min(counts.length - 1, part))
    setCurrent(next)
    chart.current?.querySelectorAll<SVGGElement>('[role=button]')[next]?.focus()
  }
  const typed = (event: KeyboardEvent, part: number) => {
    const moves: Record<string, () => void> = {
      ArrowLeft: () => go(part - 1),
      ArrowRight: () => go(part + 1),
      Home: () => go(0),
      End: () => go(counts.length - 1),
      Enter: () => choose(part),
      ' ': () => choose(part),
    }
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    move()
  }
  return (
    <svg
      ref={chart}
      role="group"
      aria-label={label}
      viewBox={`0 0 ${counts.length * STEP} ${HEIGHT + 1}`}
      preserveAspectRatio="none"
      width="100%"
      height={HEIGHT}
    >
      <line x1={0} x2={counts.length * STEP} y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} stroke={token.colorBorder} />
      {bars.map(({ x, parts }, index) => (
        <g
          key={index}
          className="bar"
          role="button"
          tabIndex={index === Math.min(current, counts.length - 1) ? 0 : -1}
          aria-label={named(index)}
          onFocus={() => setCurrent(index)}
          onKeyDown={(event) => typed(event, index)}
          onClick={() => choose(index)}
        >
          <title>{named(index)}</title>
          <rect x={x} y={0} width={STEP} height={HEIGHT} fill="transparent" />
          {parts.map(({ y, height }) => (
            <rect key={y} x={x + 1} y={y} width={WIDTH} height={height} fill={token.colorPrimary} />
          ))}
        </g>
      ))}
    </svg>
  )
}
