import { Button, Form } from 'antd'
import { useText } from '@/i18n'
import { useMay } from '@/session'
import { useAct } from '@/ui/useAct'
import { acts, type QueueAttributes, type QueueView } from './queries'
import { QueueFields } from './QueueFields'

export function AttributesTab({ queue }: { queue: QueueView }) {
  const t = useText()
  const mayChange = useMay('administrator')
  const { act, isPending } = useAct()
  const save = (attributes: QueueAttributes) => void act(() => acts.changeQueue(queue.name, attributes))
  return (
    <Form layout="vertical" initialValues={queue.attributes} onFinish={save} requiredMark={false}>
      <QueueFields disabled={!mayChange} />
      <Button type="primary" htmlType="submit" disabled={!mayChange} loading={isPending}>
        {t('common.save')}
      </Button>
    </Form>
  )
}
