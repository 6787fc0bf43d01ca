import { Form, Input, Select } from 'antd'
import { api, type Schemas, taken } from '@/api/client'
import { useText } from '@/i18n'
import { useSession } from '@/session'
import { Command } from '@/ui/Command'
import { Dialog } from '@/ui/Dialog'
import { useAct } from '@/ui/useAct'
import { createUser, setPassword } from './commands'
import { ROLES } from './roles'

export function NewUserDialog({ close }: { close: () => void }) {
  const t = useText()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<Schemas['NewUser']>()
  const submit = async (body: Schemas['NewUser']) => {
    if (await act(() => taken(api.POST('/api/users', { body })))) close()
  }
  return (
    <Dialog
      title={t('people.new')}
      okText={t('common.create')}
      confirmLoading={isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Form form={form} layout="vertical" onFinish={submit} initialValues={{ role: 'viewer', displayName: '' }}>
        <Form.Item name="name" label={t('signIn.name')} rules={[{ required: true }]}>
          <Input maxLength={64} autoComplete="off" />
        </Form.Item>
        <Form.Item name="displayName" label={t('people.displayName')}>
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item name="role" label={t('people.role')}>
          <Select options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))} />
        </Form.Item>
        <Form.Item name="password" label={t('people.password')} rules={[{ required: true, min: 8 }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </Form>
      <Command text={createUser()} />
    </Dialog>
  )
}

/** One's own, by the old one. All sessions of the user end, this one too. */
export function OwnPasswordDialog({ close }: { close: () => void }) {
  const t = useText()
  const { act, isPending } = useAct()
  const { ended } = useSession()
  const [form] = Form.useForm<Schemas['OwnPassword']>()
  const change = async (body: Schemas['OwnPassword']) => {
    await taken(api.PUT('/api/session/password', { body }))
    ended()
  }
  const submit = (body: Schemas['OwnPassword']) => act(() => change(body), t('people.signInAgain'))
  return (
    <Dialog
      title={t('people.changePassword')}
      okText={t('common.save')}
      confirmLoading={isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Form form={form} layout="vertical" onFinish={submit}>
        <Form.Item name="oldPassword" label={t('people.oldPassword')} rules={[{ required: true }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item name="password" label={t('people.newPassword')} rules={[{ required: true, min: 8 }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </Form>
    </Dialog>
  )
}

export function PasswordDialog({ name, close }: { name: string; close: () => void }) {
  const t = useText()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<Schemas['NewPassword']>()
  const submit = async (body: Schemas['NewPassword']) => {
    const done = await act(() => taken(api.PUT('/api/users/{name}/password', { params: { path: { name } }, body })))
    if (done) close()
  }
  return (
    <Dialog
      title={`${t('people.setPassword')}: ${name}`}
      okText={t('common.save')}
      confirmLoading={isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Form form={form} layout="vertical" onFinish={submit}>
        <Form.Item name="password" label={t('people.newPassword')} rules={[{ required: true, min: 8 }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </Form>
      <Command text={setPassword(name)} />
    </Dialog>
  )
}
