import { Card, Flex, theme, Typography } from 'antd'
import { useLanguage } from '@/i18n'
import { barsOf, highest } from './bars'
import { pathOf } from './lines'
import { scaleOf } from './scale'

const STEP = 10
const WIDTH = 7
const HEIGHT = 96

type Kind = { text: string; colour: 'primary' | 'error' | 'warning' | 'success' }

/**
 * The last hour, minute by minute: as bars whose parts stand on each other, or as lines. `values` has for each minute
 * one number of each kind, `text` says the same in words. `unit` is that of the scale; without one, it counts.
 */
export function MinuteChart(props: {
  title: string
  label: string
  shown: string
  minutes: readonly { at: number }[]
  kinds: readonly Kind[]
  values: readonly (readonly number[])[]
  text: (index: number) => string
  as?: 'bars' | 'lines'
  unit?: string
}) {
  const { title, label, shown, minutes, kinds, values, text, as = 'bars', unit = '' } = props
  const { language } = useLanguage()
  const colours = useColours(kinds)
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
  const number = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 })
  const at = (index: number) => clock.format(minutes[index]?.at ?? 0)
  const scale = scaleOf(as === 'bars' ? highest(values) : Math.max(0, ...values.flat()), !unit)
  return (
    <Card size="small" title={title} extra={<Typography.Text strong>{shown}</Typography.Text>}>
      <div className="chart">
        <div className="chart-scale" aria-hidden>
          {scale.ticks.toReversed().map((tick) => (
            <Typography.Text key={tick} type="secondary">{`${number.format(tick)}${tick && unit ? ` ${unit}` : ''}`}</Typography.Text>
          ))}
        </div>
        <svg
          role="img"
          aria-label={label}
          viewBox={`0 0 ${values.length * STEP} ${HEIGHT}`}
          preserveAspectRatio="none"
          width="100%"
          height={HEIGHT}
        >
          <Grid ticks={scale.ticks} top={scale.top} width={values.length * STEP} />
          {as === 'bars' ? <Bars values={values} most={scale.top} colours={colours} /> : null}
          {as === 'lines' ? <Lines values={values} most={scale.top} colours={colours} /> : null}
          {values.map((_, index) => (
            <rect key={index} x={index * STEP} y={0} width={STEP} height={HEIGHT} fill="transparent">
              <title>{`${at(index)}: ${text(index)}`}</title>
            </rect>
          ))}
        </svg>
        <Flex className="chart-times" justify="space-between" aria-hidden>
          <Typography.Text type="secondary">{at(0)}</Typography.Text>
          <Typography.Text type="secondary">{at(minutes.length - 1)}</Typography.Text>
        </Flex>
      </div>
      {kinds.length > 1 ? <Legend kinds={kinds} colours={colours} /> : null}
    </Card>
  )
}

function useColours(kinds: readonly Kind[]) {
  const { token } = theme.useToken()
  const found = {
    primary: token.colorPrimary,
    error: token.colorError,
    warning: token.colorWarning,
    success: token.colorSuccess,
  }
  return kinds.map(({ colour }) => found[colour])
}

function Grid({ ticks, top, width }: { ticks: readonly number[]; top: number; width: number }) {
  const { token } = theme.useToken()
  return ticks.map((tick) => {
    const y = HEIGHT - (tick / top) * HEIGHT
    return (
      <line
        key={tick}
        x1={0}
        x2={width}
        y1={y}
        y2={y}
        stroke={tick ? token.colorBorderSecondary : token.colorBorder}
        vectorEffect="non-scaling-stroke"
      />
    )
  })
}

type Drawn = { values: readonly (readonly number[])[]; most: number; colours: readonly string[] }

function Bars({ values, most, colours }: Drawn) {
  return barsOf(values, STEP, HEIGHT, most).map(({ x, parts }) => (
    <g key={x}>
      {parts.map(({ y, height, kind }) => (
        <rect key={kind} x={x + 1} y={y} width={WIDTH} height={height} fill={colours[kind]} />
      ))}
    </g>
  ))
}

function Lines({ values, most, colours }: Drawn) {
  return colours.map((colour, kind) => (
    <path
      key={kind}
      d={pathOf(values.map((each) => each[kind] ?? 0), STEP, HEIGHT, most)}
      fill="none"
      stroke={colour}
      strokeWidth={3}
      strokeLinecap="round"
      strokeLinejoin="round"
      vectorEffect="non-scaling-stroke"
    />
  ))
}

function Legend({ kinds, colours }: { kinds: readonly Kind[]; colours: readonly string[] }) {
  return (
    <Flex gap={12} wrap>
      {kinds.map(({ text }, kind) => (
        <Typography.Text key={text} type="secondary">
          <span className="chart-mark" style={{ background: colours[kind] }} aria-hidden /> {text}
        </Typography.Text>
      ))}
    </Flex>
  )
}
