import { Form, Input, Modal, Segmented, Select } from 'antd'
import { useText } from '@/i18n'
import { useSession } from '@/session'
import { useAct } from '@/ui/useAct'
import { Equivalent } from './Equivalent'
import { LONGEST_TOPIC } from './names'
import { acts, type SubscriptionView, useQueues } from './queries'
import { useNameRule } from './QueueDialog'
import { STRATEGIES } from './TopicPage'

const KINDS = ['queue', 'http'] as const
const FORMATS = ['XML', 'JSON', 'SIMPLIFIED'] as const
type Given = {
  name: string
  kind: (typeof KINDS)[number]
  queue?: string
  address?: string
  filterTag?: string
  strategy: SubscriptionView['strategy']
  format: SubscriptionView['format']
}
const USUAL: Partial<Given> = { kind: 'queue', strategy: 'BACKOFF_RETRY', format: 'SIMPLIFIED' }

/** Who gets what is published: a queue of this account, or a server. */
export function SubscribeDialog({ topic, close }: { topic: string; close: () => void }) {
  const t = useText()
  const { me } = useSession()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<Given>()
  const given: Partial<Given> = { ...USUAL, ...Form.useWatch([], form) }
  const endpoint =
    given.kind === 'http' ? (given.address ?? '') : `acs:mns:${me.region}:${me.accountId}:queues/${given.queue ?? ''}`
  const submit = async ({ name, filterTag = '', strategy, format }: Given) => {
    const wanted = { name, endpoint, filterTag, strategy, format }
    if (await act(() => acts.subscribe(topic, wanted), t('messages.subscribed', { name }))) close()
  }
  return (
    <Modal
      open
      width={600}
      title={t('messages.subscribe')}
      okText={t('common.create')}
      cancelText={t('common.cancel')}
      confirmLoading={isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Form form={form} layout="vertical" initialValues={USUAL} onFinish={submit} requiredMark={false}>
        <Form.Item name="name" label={t('common.name')} rules={[useNameRule(LONGEST_TOPIC)]}>
          <Input className="mono" maxLength={LONGEST_TOPIC} autoFocus />
        </Form.Item>
        <Form.Item name="kind" label={t('messages.endpoint')} extra={t('messages.functionHint')}>
          <Segmented aria-label={t('messages.endpoint')} options={KINDS.map((value) => ({ value, label: t(`messages.kind.${value}`) }))} />
        </Form.Item>
        {given.kind === 'http' ? <AddressField /> : <QueueField />}
        <Form.Item name="filterTag" label={t('messages.filter')} extra={t('messages.tagHint')}>
          <Input className="mono" maxLength={16} />
        </Form.Item>
        <Form.Item name="strategy" label={t('messages.strategy')}>
          <Select options={STRATEGIES.map((value) => ({ value, label: t(`messages.strategy.${value}`) }))} />
        </Form.Item>
        <Form.Item name="format" label={t('messages.format')}>
          <Segmented aria-label={t('messages.format')} options={[...FORMATS]} translate="no" />
        </Form.Item>
      </Form>
      <Equivalent act={{ kind: 'subscribe', topic, name: given.name ?? '', endpoint }} />
    </Modal>
  )
}

function QueueField() {
  const t = useText()
  const queues = useQueues()
  const names = queues.data?.pages.flatMap((page) => page.queues.map(({ name }) => name)) ?? []
  return (
    <Form.Item
      name="queue"
      label={t('messages.endpointQueue')}
      rules={[{ required: true, message: t('messages.endpointRule') }]}
    >
      <Select showSearch className="mono" options={names.map((value) => ({ value, label: value }))} />
    </Form.Item>
  )
}

function AddressField() {
  const t = useText()
  return (
    <Form.Item
      name="address"
      label={t('messages.endpointHttp')}
      rules={[{ required: true, type: 'url', message: t('messages.endpointRule') }]}
    >
      <Input className="mono" placeholder="https://" maxLength={1024} />
    </Form.Item>
  )
}
