import { Form, Input, Segmented, Select, Switch } from 'antd'
import { useText } from '@/i18n'
import { useSession } from '@/session'
import { Dialog } from '@/ui/Dialog'
import { useAct } from '@/ui/useAct'
import { Equivalent } from './Equivalent'
import { METHODS } from './events'
import { NAME } from './names'
import { acts, type Named } from './queries'
import { QualifierSelect } from './QualifierSelect'
import { BLANK, TRIGGER_KINDS, type TriggerForm, type TriggerKind, triggerOf } from './triggers'

const TOPIC = /^[A-Za-z0-9][A-Za-z0-9-]{0,255}$/

/** A new trigger: each kind has a form of its own. */
export function TriggerDialog({ named, close }: { named: Named; close: () => void }) {
  const t = useText()
  const { me } = useSession()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<TriggerForm>()
  const given: TriggerForm = { ...BLANK, ...Form.useWatch([], form) }
  const draft = triggerOf(given, me)
  const submit = async () => {
    if (await act(() => acts.createTrigger(named, draft), t('functions.triggerCreated', { name: draft.name }))) close()
  }
  return (
    <Dialog
      width={620}
      title={t('functions.newTrigger')}
      okText={t('common.create')}
      cancelText={t('common.cancel')}
      confirmLoading={isPending}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form form={form} layout="vertical" initialValues={BLANK} onFinish={() => void submit()} requiredMark={false}>
        <Form.Item name="kind" label={t('functions.kind')}>
          <Segmented
            aria-label={t('functions.kind')}
            options={TRIGGER_KINDS.map((value) => ({ value, label: t(`functions.kind.${value}`) }))}
            block
          />
        </Form.Item>
        <Form.Item
          name="name"
          label={t('common.name')}
          rules={[{ required: true, pattern: NAME, max: 128, message: t('functions.nameRule') }]}
        >
          <Input autoFocus />
        </Form.Item>
        <Form.Item label={t('functions.version')} tooltip={t('functions.triggerVersionHint')} name="qualifier">
          <Qualifier named={named} />
        </Form.Item>
        <Fields kind={given.kind} />
      </Form>
      <Equivalent
        act={{
          kind: 'trigger',
          named,
          trigger: draft.name,
          type: draft.kind,
          config: draft.config ?? {},
          sourceArn: draft.sourceArn ?? '',
        }}
      />
    </Dialog>
  )
}

function Qualifier({ named, value = '', onChange }: { named: Named; value?: string; onChange?: (to: string) => void }) {
  return <QualifierSelect named={named} value={value} choose={(to) => onChange?.(to)} />
}

function Fields({ kind }: { kind: TriggerKind }) {
  const t = useText()
  switch (kind) {
    case 'http':
      return (
        <>
          <Form.Item name="methods" label={t('functions.methods')} rules={[{ required: true }]}>
            <Select mode="multiple" options={METHODS.map((value) => ({ value }))} />
          </Form.Item>
          <Form.Item name="authType" label={t('functions.authType')}>
            <Select
              options={[
                { value: 'anonymous', label: t('functions.authType.anonymous') },
                { value: 'function', label: t('functions.authType.function') },
              ]}
            />
          </Form.Item>
        </>
      )
    case 'timer':
      return (
        <>
          <Form.Item
            name="cronExpression"
            label={t('functions.schedule')}
            extra={t('functions.scheduleHint')}
            rules={[{ required: true, max: 256 }]}
          >
            <Input className="mono" />
          </Form.Item>
          <Form.Item name="payload" label={t('functions.timerPayload')}>
            <Input.TextArea className="mono" autoSize={{ minRows: 2, maxRows: 8 }} maxLength={4096} />
          </Form.Item>
          <Form.Item name="enable" label={t('functions.enabled')} valuePropName="checked">
            <Switch />
          </Form.Item>
        </>
      )
    case 'mns_topic':
      return (
        <>
          <Form.Item
            name="topic"
            label={t('functions.topic')}
            extra={t('functions.topicHint')}
            rules={[{ required: true, pattern: TOPIC, message: t('functions.topicRule') }]}
          >
            <Input />
          </Form.Item>
          <Form.Item name="filterTag" label={t('functions.filterTag')} rules={[{ max: 16 }]}>
            <Input />
          </Form.Item>
          <Form.Item name="notifyContentFormat" label={t('functions.format')}>
            <Select
              options={[
                { value: 'STREAM', label: t('functions.event.mns_stream') },
                { value: 'JSON', label: t('functions.event.mns_json') },
              ]}
            />
          </Form.Item>
          <Form.Item name="notifyStrategy" label={t('functions.strategy')}>
            <Select
              options={[
                { value: 'BACKOFF_RETRY', label: t('functions.strategy.backoff') },
                { value: 'EXPONENTIAL_DECAY_RETRY', label: t('functions.strategy.decay') },
              ]}
            />
          </Form.Item>
        </>
      )
  }
}
