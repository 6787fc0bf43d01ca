import { Alert, Flex, Form, Input, Typography } from 'antd'
import { useState } from 'react'
import { api, taken } from '@/api/client'
import { useText } from '@/i18n'
import { Command } from '@/ui/Command'
import { Dialog } from '@/ui/Dialog'
import { useAct } from '@/ui/useAct'
import { makeFunction } from './commands'

const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/

type Given = { name: string }

/** Makes an HTTP function of the program that is in the editor. */
export function MakeDialog({ language, code, close }: { language: string; code: string; close: () => void }) {
  const t = useText()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<Given>()
  const name = Form.useWatch('name', form)
  const [address, setAddress] = useState('')
  const make = ({ name }: Given) =>
    act(async () => {
      const made = await taken(api.POST('/api/playground/functions', { body: { name, language, code } }))
      setAddress(location.origin + made.path)
    }, t('playground.made'))
  return (
    <Dialog
      title={t('playground.make')}
      okText={address ? t('common.close') : t('common.create')}
      cancelText={t('common.cancel')}
      okButtonProps={address ? { onClick: close } : { htmlType: 'submit', form: 'make', loading: isPending }}
      onCancel={close}
    >
      <Flex vertical gap={12}>
        <Typography.Text>{t('playground.makeHint')}</Typography.Text>
        {address ? (
          <Alert
            type="success"
            title={t('playground.made')}
            description={
              <Typography.Link href={address} target="_blank" className="mono" copyable>
                {address}
              </Typography.Link>
            }
          />
        ) : (
          <Form<Given> form={form} id="make" layout="vertical" requiredMark={false} onFinish={(given) => void make(given)}>
            <Form.Item name="name" label={t('common.name')} rules={[{ required: true, pattern: NAME, message: t('playground.nameRule') }]}>
              <Input autoFocus className="mono" />
            </Form.Item>
            <Command text={makeFunction({ name: name || 'NAME', language, code })} />
          </Form>
        )}
      </Flex>
    </Dialog>
  )
}
