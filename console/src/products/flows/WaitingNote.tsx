import { ClockCircleOutlined } from '@ant-design/icons'
import { Alert, Button, Flex, Form, Input, Segmented, Space, Typography } from 'antd'
import { useState } from 'react'
import { type TextKey, useText } from '@/i18n'
import { useMay } from '@/session'
import { Dialog } from '@/ui/Dialog'
import { SameElsewhere } from '@/ui/SameElsewhere'
import { TimeText } from '@/ui/TimeText'
import { useAct } from '@/ui/useAct'
import { sameFor } from './commands'
import { Cause } from './Cause'
import { Lasted } from './Lasted'
import { acts, type EventView, type WaitingView } from './queries'

type Props = { flow: string; execution: string; waiting: WaitingView; events: readonly EventView[] }

/** Why a step waits: for what, since when, until when, what would move it. */
export function WaitingNote({ flow, execution, waiting, events }: Props) {
  const t = useText()
  const mayReport = useMay('operator')
  const [reporting, setReporting] = useState(false)
  const { step, reason, target, since, until, attempt } = waiting
  const failure = events.findLast(({ path, type }) => path === waiting.path && /^Task.*(Failed|TimedOut)$/.test(type))
  return (
    <>
      <Alert
        type="warning"
        showIcon
        icon={<ClockCircleOutlined />}
        title={
          <>
            <span className="mono">{step}</span> {t(`flows.waits.${reason}`, { next: attempt + 1 })}{' '}
            {target && reason !== 'retry' && reason !== 'report' ? <span className="mono">{target}</span> : null}
          </>
        }
        description={
          <Flex vertical gap={4}>
            <Space size="large" wrap>
              <span>
                {t('flows.since')}: <TimeText at={since} /> (<Lasted from={since} to={null} />)
              </span>
              {until ? (
                <span>
                  {t('flows.until')}: <TimeText at={until} />
                </span>
              ) : (
                <span>{t('flows.noEnd')}</span>
              )}
            </Space>
            {reason === 'retry' && failure ? (
              <span>
                {t('flows.lastFailure')}:{' '}
                <span className="mono">{String(failure.detail.error)}</span>: <Cause detail={failure.detail} />
              </span>
            ) : null}
            <span>
              {t('flows.moves')}: {t(`flows.moves.${reason}` as TextKey)}
            </span>
          </Flex>
        }
        action={
          reason === 'report' ? (
            <Button disabled={!mayReport} onClick={() => setReporting(true)}>
              {t('flows.report')}
            </Button>
          ) : undefined
        }
      />
      {reporting ? (
        <ReportDialog flow={flow} execution={execution} waiting={waiting} close={() => setReporting(false)} />
      ) : null}
    </>
  )
}

type Given = { output: string; error: string; cause: string }
const BLANK: Given = { output: '{}', error: '', cause: '' }

export function ReportDialog(props: { flow: string; execution: string; waiting: WaitingView; close: () => void }) {
  const { flow, execution, waiting, close } = props
  const t = useText()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<Given>()
  const [verdict, setVerdict] = useState<'succeeded' | 'failed'>('succeeded')
  const given: Given = { ...BLANK, ...Form.useWatch([], form) }
  const { eventId } = waiting
  const reported = ({ output, error, cause }: Given) =>
    verdict === 'succeeded' ? { eventId, output, error: '', cause: '' } : { eventId, error, cause }
  const submit = async ({ output, error, cause }: Given) => {
    if (await act(() => acts.report(flow, execution, reported({ output, error, cause })), t('flows.reported'))) close()
  }
  return (
    <Dialog
      title={t('flows.report')}
      okText={t('flows.report')}
      cancelText={t('common.cancel')}
      confirmLoading={isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Typography.Paragraph type="secondary">{t('flows.reportHint')}</Typography.Paragraph>
      <Form<Given>
        form={form}
        layout="vertical"
        initialValues={BLANK}
        onFinish={submit}
      >
        <Form.Item>
          <Segmented
            aria-label={t('flows.report')}
            value={verdict}
            onChange={setVerdict}
            options={(['succeeded', 'failed'] as const).map((value) => ({ value, label: t(`flows.state.${value}`) }))}
          />
        </Form.Item>
        {verdict === 'succeeded' ? (
          <Form.Item name="output" label={t('flows.output')}>
            <Input.TextArea className="mono" autoSize={{ minRows: 3, maxRows: 12 }} spellCheck={false} />
          </Form.Item>
        ) : (
          <>
            <Form.Item name="error" label={t('flows.error')}>
              <Input maxLength={128} />
            </Form.Item>
            <Form.Item name="cause" label={t('flows.cause')}>
              <Input.TextArea maxLength={4096} />
            </Form.Item>
          </>
        )}
      </Form>
      <SameElsewhere {...sameFor({ kind: 'report', flow, name: execution, body: reported(given) })} />
    </Dialog>
  )
}
