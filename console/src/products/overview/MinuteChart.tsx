import { Card, Flex, theme, Typography } from 'antd'
import { useLanguage } from '@/i18n'
import { barsOf } from './bars'

const STEP = 10
const WIDTH = 7
const HEIGHT = 96

/** One bar for each minute of the last hour; failures stand on top, in their own colour. */
export function MinuteChart(props: {
  title: string
  label: string
  shown: string
  minutes: readonly { at: number }[]
  values: readonly (readonly number[])[]
  text: (index: number) => string
}) {
  const { title, label, shown, minutes, values, text } = props
  const { token } = theme.useToken()
  const { language } = useLanguage()
  const colours = [token.colorPrimary, token.colorError]
  const clock = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { timeStyle: 'short' })
  const at = (index: number) => clock.format(minutes[index]?.at ?? 0)
  return (
    <Card size="small" title={title} extra={<Typography.Text strong>{shown}</Typography.Text>}>
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${values.length * STEP} ${HEIGHT + 1}`}
        preserveAspectRatio="none"
        width="100%"
        height={HEIGHT}
      >
        <line x1={0} x2={values.length * STEP} y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} stroke={token.colorBorder} />
        {barsOf(values, STEP, HEIGHT).map(({ x, parts }, index) => (
          <g key={index}>
            <title>{`${at(index)}: ${text(index)}`}</title>
            <rect x={x} y={0} width={STEP} height={HEIGHT} fill="transparent" />
            {parts.map(({ y, height, kind }) => (
              <rect key={kind} x={x + 1} y={y} width={WIDTH} height={height} fill={colours[kind]} />
            ))}
          </g>
        ))}
      </svg>
      <Flex justify="space-between" aria-hidden>
        <Typography.Text type="secondary">{at(0)}</Typography.Text>
        <Typography.Text type="secondary">{at(minutes.length - 1)}</Typography.Text>
      </Flex>
    </Card>
  )
}
