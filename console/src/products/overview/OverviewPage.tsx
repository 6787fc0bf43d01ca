import { Alert, Card, Col, Empty, Flex, Row, Statistic, Typography } from 'antd'
import { Link } from 'react-router'
import { type TextKey, useText } from '@/i18n'
import { paths } from '@/paths'
import { ErrorNote } from '@/ui/ErrorNote'
import { Loading } from '@/ui/Loading'
import { PageFrame } from '@/ui/PageFrame'
import { sum } from '@/ui/chart/bars'
import { MinuteChart } from '@/ui/chart/MinuteChart'
import { type Minute, type Overview, useOverview } from './queries'

export function Page() {
  const t = useText()
  const { data, error, refetch } = useOverview()
  return (
    <PageFrame title={t('overview.title')} intro={t('overview.intro')}>
      {error && !data ? <ErrorNote error={error} retry={() => void refetch()} /> : null}
      {data ? <Content seen={data} /> : <Loading />}
    </PageFrame>
  )
}

function Content({ seen }: { seen: Overview }) {
  return (
    <Flex vertical gap={16}>
      {seen.now.functions ? null : <FirstSteps />}
      <Now now={seen.now} />
      <Charts minutes={seen.minutes} />
      <Row gutter={[16, 16]}>
        <Col xs={24} lg={12}>
          <Troubled troubled={seen.troubled} />
        </Col>
        <Col xs={24} lg={12}>
          <Queues queues={seen.queues} />
        </Col>
      </Row>
    </Flex>
  )
}

function Now({ now }: { now: Overview['now'] }) {
  const t = useText()
  const figures: [TextKey, number, string, string?][] = [
    ['overview.calls', now.runningCalls, paths.functions()],
    ['overview.waiting', now.waitingCalls, paths.functions()],
    ['overview.instances', now.instances, paths.functions()],
    ['overview.memory', now.memoryMb, paths.functions(), 'MB'],
    ['overview.executions', now.runningExecutions, paths.flows()],
    ['overview.messages', now.readyMessages, paths.messages()],
    ['overview.backlog', now.asynchronousBacklog, paths.functions()],
    ['overview.deliveries', now.deliveriesUnderWay, `${paths.messages()}?tab=topics`],
  ]
  return (
    <Row gutter={[16, 16]}>
      {figures.map(([text, value, to, unit]) => (
        <Col key={text} xs={12} md={6}>
          <Link to={to}>
            <Card size="small" hoverable>
              <Statistic title={t(text)} value={value} suffix={unit} />
            </Card>
          </Link>
        </Col>
      ))}
    </Row>
  )
}

function Charts({ minutes }: { minutes: Minute[] }) {
  const t = useText()
  const calls = minutes.map((minute) => minute.calls)
  const failures = minutes.map(({ errors, refused }) => errors + refused)
  const cold = minutes.map((minute) => minute.cold)
  const p95 = minutes.map(({ p95Ms }) => p95Ms)
  const label = (title: string, values: number[]) =>
    t('overview.chart', { title, last: values.at(-1) ?? 0, most: Math.max(...values), total: sum(values) })
  return (
    <Row gutter={[16, 16]}>
      <Col xs={24} xl={8}>
        <MinuteChart
          title={t('overview.callsPerMinute')}
          label={label(t('overview.callsPerMinute'), calls)}
          shown={String(calls.at(-1) ?? 0)}
          minutes={minutes}
          kinds={[
            { text: t('overview.succeeded'), colour: 'primary' },
            { text: t('overview.failed'), colour: 'error' },
          ]}
          values={calls.map((count, index) => [count - (failures[index] ?? 0), failures[index] ?? 0])}
          text={(index) => `${calls[index]}, ${t('overview.failed')}: ${failures[index]}`}
        />
      </Col>
      <Col xs={24} xl={8}>
        <MinuteChart
          title={t('overview.duration')}
          label={t('overview.chartMs', {
            title: t('overview.duration'),
            last: p95.at(-1) ?? 0,
            most: Math.max(...p95),
          })}
          shown={`${p95.at(-1) ?? 0} ms`}
          minutes={minutes}
          kinds={[{ text: t('overview.duration'), colour: 'primary' }]}
          unit="ms"
          values={p95.map((value) => [value])}
          text={(index) => `${p95[index]} ms`}
        />
      </Col>
      <Col xs={24} xl={8}>
        <MinuteChart
          title={t('overview.cold')}
          label={label(t('overview.cold'), cold)}
          shown={String(cold.at(-1) ?? 0)}
          minutes={minutes}
          kinds={[{ text: t('overview.cold'), colour: 'primary' }]}
          values={cold.map((count) => [count])}
          text={(index) => String(cold[index])}
        />
      </Col>
    </Row>
  )
}

function Troubled({ troubled }: { troubled: Overview['troubled'] }) {
  const t = useText()
  return (
    <Card size="small" title={t('overview.attention')}>
      {troubled.length === 0 ? <Alert type="success" showIcon title={t('overview.allWell')} /> : null}
      <Flex vertical gap={8}>
        {troubled.map(({ service, name, ...counts }) => (
          <Alert
            key={`${service}/${name}`}
            type="warning"
            showIcon
            title={
              <Link to={`${paths.function(service, name)}?tab=invocations`} className="mono">
                {service ? `${service}/${name}` : name}
              </Link>
            }
            description={t('overview.trouble', counts)}
          />
        ))}
      </Flex>
    </Card>
  )
}

function Queues({ queues }: { queues: Overview['queues'] }) {
  const t = useText()
  return (
    <Card size="small" title={t('overview.queues')}>
      {queues.length === 0 ? <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('overview.noQueues')} /> : null}
      <Flex vertical gap={4}>
        {queues.map(({ name, active }) => (
          <Flex key={name} justify="space-between">
            <Link to={paths.queue(name)} className="mono">
              {name}
            </Link>
            <Typography.Text>{active}</Typography.Text>
          </Flex>
        ))}
      </Flex>
    </Card>
  )
}

function FirstSteps() {
  const t = useText()
  return (
    <Card size="small" title={t('overview.first')}>
      <ol style={{ margin: 0 }}>
        <li>
          <Link to={paths.functions()}>{t('overview.firstFunction')}</Link>
        </li>
        <li>
          <Link to={paths.playground()}>{t('overview.firstPlayground')}</Link>
        </li>
        <li>
          <Link to={paths.flows()}>{t('overview.firstFlow')}</Link>
        </li>
      </ol>
    </Card>
  )
}
