import { RedoOutlined, StopOutlined } from '@ant-design/icons'
import { Alert, Button, Card, Flex, Space, Tabs, Typography } from 'antd'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { useText } from '@/i18n'
import { paths } from '@/paths'
import { useMay } from '@/session'
import { Command } from '@/ui/Command'
import { ErrorNote } from '@/ui/ErrorNote'
import { Loading } from '@/ui/Loading'
import { PageFrame } from '@/ui/PageFrame'
import { TimeText } from '@/ui/TimeText'
import { SameElsewhere } from '@/ui/SameElsewhere'
import { useAct } from '@/ui/useAct'
import { Cause } from './Cause'
import { sameFor } from './commands'
import { EventList } from './EventList'
import { graphOf } from './graph'
import { Lasted } from './Lasted'
import { stepsOf } from './progress'
import { acts, useExecutionDetail } from './queries'
import { StatusTag } from './StateMark'
import { StepPanel, TextPart } from './StepPanel'
import { Timeline } from './Timeline'
import { timelineOf } from './timeline'
import { useExecution, type Watched } from './useExecution'
import { WaitingNote } from './WaitingNote'

const GraphView = lazy(async () => ({ default: (await import('./GraphView')).GraphView }))

/** An execution as it goes on: where it is, what it waits for, what went in and out. */
export function Page() {
  const t = useText()
  const { flow = '', name = '' } = useParams()
  const { watched, error } = useExecution(flow, name)
  return (
    <PageFrame
      title={name}
      crumbs={[
        { text: t('flows.title'), to: paths.flows() },
        { text: flow, to: paths.flow(flow) },
        { text: t('flows.executions'), to: paths.executions(flow) },
        { text: name },
      ]}
      actions={watched ? <Acts flow={flow} watched={watched} /> : null}
    >
      {error ? <ErrorNote error={error} /> : watched ? <Shown flow={flow} watched={watched} /> : <Loading />}
    </PageFrame>
  )
}

function Acts({ flow, watched: { execution } }: { flow: string; watched: Watched }) {
  const t = useText()
  const go = useNavigate()
  const mayAct = useMay('operator')
  const { act, confirmed, isPending } = useAct()
  const { name, input, status } = execution
  const again = async () => {
    let started = ''
    const work = async () => {
      started = (await acts.start(flow, { name: '', input })).name
    }
    if (await act(work, t('flows.begun'))) void go(paths.execution(flow, started))
  }
  return (
    <>
      <Button icon={<RedoOutlined />} disabled={!mayAct} loading={isPending} onClick={() => void again()}>
        {t('flows.again')}
      </Button>
      <Button
        danger
        icon={<StopOutlined />}
        disabled={!mayAct || status !== 'Running'}
        onClick={() =>
          confirmed(t('flows.stop'), t('flows.stopHint', { name }), () => acts.stop(flow, name), {
            done: t('flows.stopped'),
            same: sameFor({ kind: 'stop', flow, name }),
          })
        }
      >
        {t('flows.stop')}
      </Button>
    </>
  )
}

function Shown({ flow, watched }: { flow: string; watched: Watched }) {
  const t = useText()
  const { execution, events, waiting } = watched
  const detail = useExecutionDetail(flow, execution.name)
  const [chosen, choose] = useState<string | null>(null)
  const visits = useMemo(() => timelineOf(events), [events])
  const progress = useMemo(
    () =>
      stepsOf(
        visits,
        waiting.map(({ path }) => path),
      ),
    [visits, waiting],
  )
  const graph = useMemo(() => graphOf(detail.data?.document), [detail.data])
  const told = waiting.find(({ reason }) => reason === 'report') ?? waiting[0]
  const shownStep = chosen ?? told?.step ?? null
  const isLive = execution.status === 'Running'
  return (
    <Flex vertical gap={16}>
      <Space size="large" wrap>
        <StatusTag status={execution.status} />
        <span>
          {t('flows.started')}: <TimeText at={execution.startedAt} />
        </span>
        <span>
          {t('flows.lasted')}: <Lasted from={execution.startedAt} to={execution.stoppedAt ?? null} />
        </span>
        <span>
          {t('flows.revision')}: {execution.flowRevision}
        </span>
      </Space>
      {execution.error || execution.cause ? (
        <Alert
          type="error"
          showIcon
          title={<span translate="no">{execution.error}</span>}
          description={<Cause detail={events.at(-1)?.detail ?? execution} />}
        />
      ) : null}
      {waiting.map((one) => (
        <WaitingNote
          key={`${one.path} ${one.eventId}`}
          flow={flow}
          execution={execution.name}
          waiting={one}
          events={events}
        />
      ))}
      <Flex gap={16} className="flow-panes">
        <Card className="flow-pane" size="small" styles={{ body: { height: '100%', padding: 0 } }}>
          <Suspense fallback={<Loading />}>
            {detail.data ? (
              <GraphView
                graph={graph}
                progress={progress}
                selected={shownStep}
                select={choose}
                label={t('flows.graph')}
              />
            ) : (
              <Loading />
            )}
          </Suspense>
        </Card>
        <div className="flow-pane" style={{ overflow: 'auto' }}>
          <StepPanel step={shownStep} visits={visits.filter(({ step }) => step === shownStep)} waiting={waiting} />
        </div>
      </Flex>
      <Tabs
        items={[
          {
            key: 'timeline',
            label: t('flows.timeline'),
            children: (
              <Timeline
                visits={visits}
                waiting={waiting}
                from={execution.startedAt}
                to={execution.stoppedAt ?? null}
                choose={choose}
              />
            ),
          },
          {
            key: 'events',
            label: t('flows.events', { count: events.length }),
            children: <EventList events={events} />,
          },
          {
            key: 'data',
            label: t('flows.inputOutput'),
            children: (
              <Flex vertical gap={12}>
                <TextPart title={t('flows.input')} text={execution.input} />
                <TextPart title={t('flows.output')} text={execution.output} />
              </Flex>
            ),
          },
        ]}
      />
      <Typography.Text>
        <Command
          text={
            isLive ? `liuyun flow watch ${flow} ${execution.name}` : `liuyun flow history ${flow} ${execution.name}`
          }
        />
      </Typography.Text>
      {isLive ? (
        <SameElsewhere {...sameFor({ kind: 'stop', flow, name: execution.name })} />
      ) : (
        <SameElsewhere {...sameFor({ kind: 'start', flow, name: '', input: execution.input })} />
      )}
    </Flex>
  )
}
