import { Form, Input, InputNumber, Modal } from 'antd'
import { useText } from '@/i18n'
import { Equivalent } from './Equivalent'
import { useAct } from '@/ui/useAct'
import { acts } from './queries'

type Given = { body: string; priority?: number; delayS?: number }

export function SendDialog({ queue, close }: { queue: string; close: () => void }) {
  const t = useText()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<Given>()
  const given = Form.useWatch([], form)
  const submit = async (message: Given) => {
    if (await act(() => acts.send(queue, message), t('messages.sent'))) close()
  }
  return (
    <Modal
      open
      title={t('messages.send')}
      okText={t('messages.send')}
      cancelText={t('common.cancel')}
      confirmLoading={isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Form form={form} layout="vertical" onFinish={submit} requiredMark={false}>
        <Form.Item name="body" label={t('messages.body')} rules={[{ required: true, message: t('messages.bodyRule') }]}>
          <Input.TextArea className="mono" rows={6} maxLength={65_536} autoFocus />
        </Form.Item>
        <Form.Item name="priority" label={t('messages.priority')} extra={t('messages.priorityHint')}>
          <InputNumber controls={false} min={1} max={16} precision={0} placeholder="8" />
        </Form.Item>
        <Form.Item name="delayS" label={t('messages.delayS')} extra={t('messages.delayHint')}>
          <InputNumber controls={false} min={0} max={604_800} precision={0} suffix={t('messages.seconds')} style={{ width: 160 }} />
        </Form.Item>
      </Form>
      <Equivalent act={{ kind: 'send', queue, ...given, body: given?.body ?? '' }} />
    </Modal>
  )
}
