import { Alert, Form, Input, Select, Space, Typography } from 'antd'
import { useState } from 'react'
import { api, type Schemas, taken } from '@/api/client'
import { useText } from '@/i18n'
import { useMay, useSession } from '@/session'
import { Command } from '@/ui/Command'
import { Dialog } from '@/ui/Dialog'
import { useAct } from '@/ui/useAct'
import { createKey, exported, inPython } from './commands'

type Created = Schemas['CreatedKey']

/** Makes a key, and then shows its secret, this once. */
export function NewKeyDialog({ users, close }: { users: string[]; close: () => void }) {
  const t = useText()
  const { me } = useSession()
  const forAll = useMay('administrator')
  const { act, isPending } = useAct()
  const [form] = Form.useForm<{ user: string; description: string }>()
  const given = Form.useWatch([], form)
  const [made, setMade] = useState<Created | null>(null)
  if (made) return <CreatedDialog made={made} close={close} />
  const submit = (body: Schemas['NewKey']) =>
    act(async () => setMade(await taken(api.POST('/api/keys', { body }))))
  return (
    <Dialog
      title={t('keys.new')}
      okText={t('common.create')}
      confirmLoading={isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Form form={form} layout="vertical" onFinish={submit} initialValues={{ user: me.name, description: '' }}>
        <Form.Item name="user" label={t('keys.user')}>
          <Select disabled={!forAll} options={users.map((value) => ({ value, label: value }))} />
        </Form.Item>
        <Form.Item name="description" label={t('keys.for')}>
          <Input maxLength={200} />
        </Form.Item>
      </Form>
      <Command text={createKey(given?.user ?? me.name, given?.description)} />
    </Dialog>
  )
}

/** Closed only by its button: whoever clicks beside it hasn't lost the secret. */
function CreatedDialog({ made, close }: { made: Created; close: () => void }) {
  const t = useText()
  const endpoint = window.location.origin
  const copied = (text: string) => ({ text, tooltips: [t('common.copy'), t('common.copied')] })
  const uses = [
    [t('keys.use'), exported(made, endpoint)],
    [t('keys.sdk'), inPython(endpoint)],
  ] as const
  return (
    <Dialog
      title={t('keys.new')}
      okText={t('common.close')}
      onOk={close}
      onCancel={close}
      mask={{ closable: false }}
      cancelButtonProps={{ style: { display: 'none' } }}
    >
      <Space direction="vertical" style={{ width: '100%' }}>
        <Alert type="warning" showIcon title={t('keys.once')} />
        <Typography.Text>
          {t('keys.id')}:{' '}
          <Typography.Text code copyable={copied(made.accessKeyId)}>
            {made.accessKeyId}
          </Typography.Text>
        </Typography.Text>
        <Typography.Text>
          {t('keys.secret')}:{' '}
          <Typography.Text code copyable={copied(made.accessKeySecret)}>
            {made.accessKeySecret}
          </Typography.Text>
        </Typography.Text>
        {uses.map(([title, text]) => (
          <div key={title}>
            <Typography.Text copyable={copied(text)}>{title}</Typography.Text>
            <pre style={{ overflowX: 'auto', margin: 0 }} tabIndex={0}>
              {text}
            </pre>
          </div>
        ))}
      </Space>
    </Dialog>
  )
}
