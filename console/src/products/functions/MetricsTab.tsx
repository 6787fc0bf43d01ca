import { Alert, Col, Flex, Row } from 'antd'
import type { TextKey } from '@/i18n'
import { useText } from '@/i18n'
import { sum } from '@/ui/chart/bars'
import { MinuteChart } from '@/ui/chart/MinuteChart'
import { ErrorNote } from '@/ui/ErrorNote'
import { Loading } from '@/ui/Loading'
import { durationText } from './format'
import { type FunctionMinute, type Named, useMetrics } from './queries'

type Counted = { title: TextKey; colour: 'primary' | 'error'; value: (minute: FunctionMinute) => number; summed: boolean }

const COUNTED: readonly Counted[] = [
  { title: 'functions.errorsPerMinute', colour: 'error', value: ({ errors, refused }) => errors + refused, summed: true },
  { title: 'functions.coldPerMinute', colour: 'primary', value: ({ cold }) => cold, summed: true },
  { title: 'functions.instancesSeen', colour: 'primary', value: ({ instances }) => instances, summed: false },
]

/** How the calls of the last hour went, minute by minute. */
export function MetricsTab({ named }: { named: Named }) {
  const t = useText()
  const { data, error, refetch } = useMetrics(named)
  if (error && !data) return <ErrorNote error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const { minutes } = data
  return (
    <Flex vertical gap={16}>
      {minutes.every(({ calls }) => calls === 0) ? <Alert type="info" showIcon title={t('functions.noCalls')} /> : null}
      <Row gutter={[16, 16]}>
        <Col xs={24} lg={12}>
          <Calls minutes={minutes} />
        </Col>
        <Col xs={24} lg={12}>
          <Durations minutes={minutes} />
        </Col>
        {COUNTED.map((counted) => (
          <Col key={counted.title} xs={24} lg={8}>
            <Counts minutes={minutes} counted={counted} />
          </Col>
        ))}
      </Row>
    </Flex>
  )
}

function Calls({ minutes }: { minutes: FunctionMinute[] }) {
  const t = useText()
  const title = t('functions.callsPerMinute')
  const calls = minutes.map((minute) => minute.calls)
  const last = calls.at(-1) ?? 0
  return (
    <MinuteChart
      title={title}
      label={t('overview.chart', { title, last, most: Math.max(...calls), total: sum(calls) })}
      shown={String(last)}
      minutes={minutes}
      kinds={[
        { text: t('overview.succeeded'), colour: 'primary' },
        { text: t('overview.failed'), colour: 'error' },
        { text: t('functions.outcome.refused'), colour: 'warning' },
      ]}
      values={minutes.map((minute) => [minute.calls - minute.errors - minute.refused, minute.errors, minute.refused])}
      text={(index) => t('functions.minuteOfCalls', { ...counts(minutes[index]) })}
    />
  )
}

const counts = (minute?: FunctionMinute) => ({
  calls: minute?.calls ?? 0,
  errors: minute?.errors ?? 0,
  refused: minute?.refused ?? 0,
})

function Durations({ minutes }: { minutes: FunctionMinute[] }) {
  const t = useText()
  const title = t('functions.durations')
  const values = minutes.map(({ p50Ms, p95Ms, p99Ms }) => [p50Ms, p95Ms, p99Ms])
  const [p50 = 0, p95 = 0, p99 = 0] = values.findLast(([half = 0]) => half > 0) ?? []
  return (
    <MinuteChart
      title={title}
      label={t('functions.durationsLabel', {
        title,
        p50: durationText(p50),
        p95: durationText(p95),
        p99: durationText(p99),
      })}
      shown={durationText(values.at(-1)?.[1] ?? 0)}
      minutes={minutes}
      as="lines"
      unit="ms"
      kinds={[
        { text: t('functions.percentile', { share: 50 }), colour: 'success' },
        { text: t('functions.percentile', { share: 95 }), colour: 'primary' },
        { text: t('functions.percentile', { share: 99 }), colour: 'error' },
      ]}
      values={values}
      text={(index) => (values[index] ?? []).map(durationText).join(' · ')}
    />
  )
}

function Counts({ minutes, counted }: { minutes: FunctionMinute[]; counted: Counted }) {
  const t = useText()
  const title = t(counted.title)
  const values = minutes.map(counted.value)
  const [last, most] = [values.at(-1) ?? 0, Math.max(...values)]
  return (
    <MinuteChart
      title={title}
      label={
        counted.summed
          ? t('overview.chart', { title, last, most, total: sum(values) })
          : t('functions.chartMost', { title, last, most })
      }
      shown={String(last)}
      minutes={minutes}
      kinds={[{ text: title, colour: counted.colour }]}
      values={values.map((value) => [value])}
      text={(index) => String(values[index])}
    />
  )
}
