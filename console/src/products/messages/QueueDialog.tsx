import { Form, Input, Modal } from 'antd'
import { useNavigate } from 'react-router'
import { useText } from '@/i18n'
import { paths } from '@/paths'
import { useAct } from '@/ui/useAct'
import { Equivalent } from './Equivalent'
import { isName, LONGEST_QUEUE } from './names'
import { acts, type QueueAttributes } from './queries'
import { QueueFields, USUAL } from './QueueFields'

type Given = QueueAttributes & { name: string }

export function QueueDialog({ close }: { close: () => void }) {
  const t = useText()
  const go = useNavigate()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<Given>()
  const { name: wanted, ...attributes }: Partial<Given> = { ...USUAL, ...Form.useWatch([], form) }
  const submit = async ({ name, ...attributes }: Given) => {
    if (await act(() => acts.createQueue({ name, attributes }), t('messages.created', { name }))) void go(paths.queue(name))
  }
  return (
    <Modal
      open
      title={t('messages.newQueue')}
      okText={t('common.create')}
      cancelText={t('common.cancel')}
      confirmLoading={isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Form form={form} layout="vertical" initialValues={USUAL} onFinish={submit} requiredMark={false}>
        <Form.Item name="name" label={t('common.name')} rules={[useNameRule(LONGEST_QUEUE)]}>
          <Input className="mono" maxLength={LONGEST_QUEUE} autoFocus />
        </Form.Item>
        <QueueFields />
      </Form>
      <Equivalent act={{ kind: 'createQueue', queue: wanted || 'QUEUE', attributes }} />
    </Modal>
  )
}

export function useNameRule(most: number) {
  const t = useText()
  return {
    validator: (_: unknown, name: string | undefined) =>
      isName(name ?? '', most) ? Promise.resolve() : Promise.reject(new Error(t('messages.nameRule', { most }))),
  }
}
