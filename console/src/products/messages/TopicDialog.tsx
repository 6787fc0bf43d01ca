import { Form, Input, InputNumber, Modal } from 'antd'
import { useNavigate } from 'react-router'
import { useText } from '@/i18n'
import { paths } from '@/paths'
import { useAct } from '@/ui/useAct'
import { Equivalent } from './Equivalent'
import { LONGEST_TOPIC } from './names'
import { acts, type TopicView } from './queries'
import { useNameRule } from './QueueDialog'

type Given = { name: string; maxMessageBytes: number }
const LEAST_BYTES = 1024
const MOST_BYTES = 65_536

/** A new topic, or other attributes for one that there is. */
export function TopicDialog({ topic, close }: { topic?: TopicView; close: () => void }) {
  const t = useText()
  const go = useNavigate()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<Given>()
  const begin = { name: topic?.name ?? '', maxMessageBytes: topic?.maxMessageBytes ?? MOST_BYTES }
  const given: Given = { ...begin, ...Form.useWatch([], form) }
  const nameRule = useNameRule(LONGEST_TOPIC)
  const submit = async ({ maxMessageBytes }: Given) => {
    if (topic) {
      if (await act(() => acts.changeTopic(topic.name, { maxMessageBytes }))) close()
    } else if (await act(() => acts.createTopic(given), t('messages.created', { name: given.name }))) {
      void go(paths.topic(given.name))
    }
  }
  return (
    <Modal
      open
      title={topic ? t('messages.editTopic') : t('messages.newTopic')}
      okText={topic ? t('common.save') : t('common.create')}
      cancelText={t('common.cancel')}
      confirmLoading={isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Form form={form} layout="vertical" initialValues={begin} onFinish={submit} requiredMark={false}>
        {topic ? null : (
          <Form.Item name="name" label={t('common.name')} rules={[nameRule]}>
            <Input className="mono" maxLength={LONGEST_TOPIC} autoFocus />
          </Form.Item>
        )}
        <Form.Item name="maxMessageBytes" label={t('messages.maxBytes')} rules={[{ required: true }]}>
          <InputNumber min={LEAST_BYTES} max={MOST_BYTES} precision={0} controls={false} style={{ width: 220 }} />
        </Form.Item>
      </Form>
      <Equivalent
        act={{
          kind: topic ? 'changeTopic' : 'createTopic',
          topic: given.name || 'TOPIC',
          maxMessageBytes: given.maxMessageBytes,
        }}
      />
    </Modal>
  )
}
