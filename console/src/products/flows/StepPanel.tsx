import { Card, Empty, Flex, Select, Space, Typography } from 'antd'
import { useState } from 'react'
import { useSay, useText } from '@/i18n'
import { asJson } from '@/ui/JsonText'
import { TimeText } from '@/ui/TimeText'
import { Lasted } from './Lasted'
import type { WaitingView } from './queries'
import { StateTag } from './StateMark'
import type { Visit } from './timeline'

/** One step of an execution: how each of its visits went, what went in and out. */
export function StepPanel({ step, visits, waiting }: { step: string | null; visits: Visit[]; waiting: WaitingView[] }) {
  const t = useText()
  const say = useSay()
  const [picked, pick] = useState<{ step: string | null; at: number } | null>(null)
  const at = picked?.step === step ? Math.min(picked.at, visits.length - 1) : visits.length - 1
  const visit = visits[at]
  if (!step)
    return (
      <Card size="small">
        <Empty description={t('flows.chooseStep')} />
      </Card>
    )
  const title = <span className="mono">{step}</span>
  if (!visit)
    return (
      <Card size="small" title={title}>
        <Empty description={t('flows.notReached')} />
      </Card>
    )
  const isWaiting = visit.state === 'running' && waiting.some(({ path }) => path === visit.path)
  return (
    <Card
      size="small"
      title={title}
      extra={
        visits.length > 1 ? (
          <Select
            size="small"
            aria-label={t('flows.visit')}
            value={at}
            onChange={(chosen) => pick({ step, at: chosen })}
            options={visits.map((_, index) => ({
              value: index,
              label: t('flows.visitNumber', { number: index + 1, count: visits.length }),
            }))}
          />
        ) : null
      }
    >
      <Flex vertical gap={10}>
        <Space wrap>
          <StateTag state={isWaiting ? 'waiting' : visit.state} />
          <TimeText at={visit.from} />
          <Lasted from={visit.from} to={visit.to} />
          {visit.attempts.length > 1 ? <span>{t('flows.attempts', { count: visit.attempts.length })}</span> : null}
        </Space>
        {visit.path !== step ? (
          <Typography.Text type="secondary" className="mono">
            {visit.path}
          </Typography.Text>
        ) : null}
        {visit.error || visit.cause ? (
          <Part title={t('flows.error')} value={`${visit.error}: ${visit.phrase ? say(visit.phrase) : visit.cause}`} />
        ) : null}
        <Part title={t('flows.input')} value={visit.input} />
        {visit.result !== undefined ? <Part title={t('flows.result')} value={visit.result} /> : null}
        {visit.output !== undefined ? <Part title={t('flows.output')} value={visit.output} /> : null}
      </Flex>
    </Card>
  )
}

function Part({ title, value }: { title: string; value: unknown }) {
  return value === undefined ? null : (
    <TextPart title={title} text={typeof value === 'string' ? value : asJson(value)} />
  )
}

/** A text with its title; JSON is indented. */
export function TextPart({ title, text }: { title: string; text: string }) {
  const t = useText()
  return (
    <section>
      <Typography.Text type="secondary">
        {title}{' '}
        {text ? <Typography.Text copyable={{ text, tooltips: [t('common.copy'), t('common.copied')] }} /> : null}
      </Typography.Text>
      <pre className="mono flow-data">{text ? indented(text) : '–'}</pre>
    </section>
  )
}

function indented(text: string): string {
  try {
    return asJson(JSON.parse(text))
  } catch {
    return text
  }
}
