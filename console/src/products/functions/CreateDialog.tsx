import { AutoComplete, Card, Flex, Form, Input, Modal, Radio, Select, Typography } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useText } from '@/i18n'
import { paths } from '@/paths'
import { useAct } from '@/ui/useAct'
import { Equivalent } from './Equivalent'
import { NAME } from './names'
import { acts } from './queries'
import { template, type TemplateKey, TEMPLATES } from './templates'

type Given = { service?: string; name: string; memoryMb: number }
const MEMORIES = [128, 256, 512, 1024, 2048, 4096]

/** A new function from a template; its page opens. */
export function CreateDialog({ services, close }: { services: readonly string[]; close: () => void }) {
  const t = useText()
  const go = useNavigate()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<Given>()
  const [chosen, setChosen] = useState<TemplateKey>('pythonEvent')
  const service = Form.useWatch('service', form) ?? ''
  const name = Form.useWatch('name', form) ?? ''
  const submit = async ({ name, memoryMb }: Given) => {
    const { runtime, handler, files, http } = template(chosen, service !== '')
    const named = { service, name }
    const done = await act(async () => {
      await acts.create({ ...named, runtime, handler, files, memoryMb, timeoutS: 60 })
      if (http) await acts.createTrigger(named, webTrigger)
    }, t('functions.created', { name }))
    if (done) void go(paths.function(service, name))
  }
  return (
    <Modal
      open
      width={720}
      title={t('functions.new')}
      okText={t('common.create')}
      cancelText={t('common.cancel')}
      confirmLoading={isPending}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form form={form} layout="vertical" onFinish={submit} initialValues={{ memoryMb: 256 }} requiredMark={false}>
        <Form.Item label={t('functions.template')}>
          <Radio.Group
            value={chosen}
            onChange={(event) => setChosen(event.target.value as TemplateKey)}
            style={{ width: '100%' }}
          >
            <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 8 }}>
              {TEMPLATES.map((key) => (
                <Card key={key} size="small" onClick={() => setChosen(key)} hoverable>
                  <Radio value={key}>
                    <Typography.Text strong>{t(`functions.template.${key}`)}</Typography.Text>
                  </Radio>
                  <div style={{ paddingInlineStart: 24 }}>
                    <Typography.Text type="secondary">{t(`functions.template.${key}.hint`)}</Typography.Text>
                  </div>
                </Card>
              ))}
            </div>
          </Radio.Group>
        </Form.Item>
        <Flex gap={16}>
          <Form.Item
            name="name"
            label={t('common.name')}
            style={{ flex: 1 }}
            rules={[{ required: true, pattern: NAME, max: 64, message: t('functions.nameRule') }]}
          >
            <Input autoFocus />
          </Form.Item>
          <Form.Item
            name="service"
            label={t('functions.service')}
            style={{ flex: 1 }}
            extra={t('functions.serviceHint')}
            rules={[{ pattern: NAME, max: 128, message: t('functions.nameRule') }]}
          >
            <AutoComplete
              allowClear
              placeholder={t('functions.fc3')}
              options={services.map((value) => ({ value }))}
              showSearch={{ filterOption: true }}
            />
          </Form.Item>
          <Form.Item name="memoryMb" label={t('functions.memory')} style={{ width: 120 }}>
            <Select options={MEMORIES.map((value) => ({ value, label: `${value} MB` }))} />
          </Form.Item>
        </Flex>
      </Form>
      <Equivalent act={{ kind: 'create', named: { service, name }, ...template(chosen, service !== '') }} />
    </Modal>
  )
}

const webTrigger = {
  name: 'web',
  kind: 'http',
  config: { authType: 'anonymous', methods: ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'] },
}
