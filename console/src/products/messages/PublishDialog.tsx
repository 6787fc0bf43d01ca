import { Form, Input, Modal } from 'antd'
import { useText } from '@/i18n'
import { useAct } from '@/ui/useAct'
import { Equivalent } from './Equivalent'
import { acts } from './queries'

type Given = { body: string; tag?: string }

export function PublishDialog({ topic, close }: { topic: string; close: () => void }) {
  const t = useText()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<Given>()
  const given = Form.useWatch([], form)
  const submit = async ({ body, tag = '' }: Given) => {
    if (await act(() => acts.publish(topic, { body, tag }), t('messages.published'))) close()
  }
  return (
    <Modal
      open
      title={t('messages.publish')}
      okText={t('messages.publish')}
      cancelText={t('common.cancel')}
      confirmLoading={isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Form form={form} layout="vertical" onFinish={submit} requiredMark={false}>
        <Form.Item name="body" label={t('messages.body')} rules={[{ required: true, message: t('messages.bodyRule') }]}>
          <Input.TextArea className="mono" rows={6} maxLength={65_536} autoFocus />
        </Form.Item>
        <Form.Item name="tag" label={t('messages.tag')} extra={t('messages.tagHint')}>
          <Input className="mono" maxLength={16} />
        </Form.Item>
      </Form>
      <Equivalent act={{ kind: 'publish', topic, body: given?.body ?? '', tag: given?.tag ?? '' }} />
    </Modal>
  )
}
