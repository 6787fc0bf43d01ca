import { Form, Input, Modal } from 'antd'
import { useNavigate } from 'react-router'
import { useText } from '@/i18n'
import { paths } from '@/paths'
import { useAct } from '@/ui/useAct'
import { LONGEST_TOPIC } from './names'
import { acts } from './queries'
import { useNameRule } from './QueueDialog'

export function TopicDialog({ close }: { close: () => void }) {
  const t = useText()
  const go = useNavigate()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<{ name: string }>()
  const submit = async ({ name }: { name: string }) => {
    if (await act(() => acts.createTopic({ name }), t('messages.created', { name }))) void go(paths.topic(name))
  }
  return (
    <Modal
      open
      title={t('messages.newTopic')}
      okText={t('common.create')}
      cancelText={t('common.cancel')}
      confirmLoading={isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Form form={form} layout="vertical" onFinish={submit} requiredMark={false}>
        <Form.Item name="name" label={t('common.name')} rules={[useNameRule(LONGEST_TOPIC)]}>
          <Input className="mono" maxLength={LONGEST_TOPIC} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  )
}
