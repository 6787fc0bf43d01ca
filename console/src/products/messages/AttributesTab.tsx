import { Button, Form } from 'antd'
import { useText } from '@/i18n'
import { useMay } from '@/session'
import { useAct } from '@/ui/useAct'
import { Equivalent } from './Equivalent'
import { acts, type QueueAttributes, type QueueView } from './queries'
import { QueueFields } from './QueueFields'

export function AttributesTab({ queue }: { queue: QueueView }) {
  const t = useText()
  const mayChange = useMay('administrator')
  const { act, isPending } = useAct()
  const [form] = Form.useForm<QueueAttributes>()
  const given: QueueAttributes = { ...queue.attributes, ...Form.useWatch([], form) }
  const save = (attributes: QueueAttributes) => void act(() => acts.changeQueue(queue.name, attributes))
  return (
    <Form form={form} layout="vertical" initialValues={queue.attributes} onFinish={save} requiredMark={false}>
      <QueueFields disabled={!mayChange} />
      <Form.Item>
        <Equivalent act={{ kind: 'changeQueue', queue: queue.name, attributes: given }} />
      </Form.Item>
      <Button type="primary" htmlType="submit" disabled={!mayChange} loading={isPending}>
        {t('common.save')}
      </Button>
    </Form>
  )
}
