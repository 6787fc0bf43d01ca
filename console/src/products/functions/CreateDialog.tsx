import { AutoComplete, Card, Flex, Form, Input, Radio, Select, Typography } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { type Language, useLanguage } from '@/i18n'
import { paths } from '@/paths'
import { Dialog } from '@/ui/Dialog'
import { useAct } from '@/ui/useAct'
import { Equivalent } from './Equivalent'
import { NAME } from './names'
import { acts } from './queries'
import { fromOwn, type OwnTemplate, template, type TemplateKey, TEMPLATES } from './templates'

type Given = { service?: string; name: string; memoryMb: number }
/** What a link to this page may ask for. */
export type Wanted = { template: string; service: string; name: string }
const MEMORIES = [128, 256, 512, 1024, 2048, 4096]
const MEMORY_MB = 256

/** A new function from a template, the console's or the account's own; its page opens. */
export function CreateDialog(props: {
  services: readonly string[]
  templates: readonly OwnTemplate[]
  wanted: Wanted
  close: () => void
}) {
  const { services, templates, wanted, close } = props
  const { t, language } = useLanguage()
  const go = useNavigate()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<Given>()
  const first = templates.find(({ name }) => name === wanted.template) ?? null
  const [chosen, setChosen] = useState<TemplateKey | OwnTemplate>(first ?? 'pythonEvent')
  const begin = (hasService: boolean) =>
    typeof chosen === 'string' ? template(chosen, hasService) : fromOwn(chosen)
  const choose = (next: TemplateKey | OwnTemplate) => {
    setChosen(next)
    if (typeof next !== 'string') form.setFieldsValue({ service: next.service, memoryMb: next.memoryMb })
  }
  const service = Form.useWatch('service', form) ?? ''
  const name = Form.useWatch('name', form) ?? ''
  const submit = async ({ name, memoryMb }: Given) => {
    const { http, ...whole } = begin(service !== '')
    const named = { service, name }
    const done = await act(async () => {
      await acts.create({ ...named, ...whole, memoryMb })
      if (http) await acts.createTrigger(named, webTrigger)
    }, t('functions.created', { name }))
    if (done) void go(paths.function(service, name))
  }
  return (
    <Dialog
      width={720}
      title={t('functions.new')}
      okText={t('common.create')}
      cancelText={t('common.cancel')}
      confirmLoading={isPending}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form form={form} layout="vertical" onFinish={submit} initialValues={initial(wanted, first)} requiredMark={false}>
        <Form.Item label={t('functions.template')}>
          <Radio.Group
            value={chosen}
            onChange={(event) => choose(event.target.value as TemplateKey | OwnTemplate)}
            style={{ width: '100%' }}
          >
            <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(240px, 1fr))', gap: 8 }}>
              {TEMPLATES.map((key) => (
                <Offer
                  key={key}
                  value={key}
                  title={t(`functions.template.${key}`)}
                  hint={t(`functions.template.${key}.hint`)}
                  choose={choose}
                />
              ))}
              {templates.map((own) => (
                <Offer
                  key={own.name}
                  value={own}
                  title={words(own.title, language) || own.name}
                  hint={words(own.hint, language)}
                  choose={choose}
                />
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
      <Equivalent act={{ kind: 'create', named: { service, name }, ...begin(service !== '') }} />
    </Dialog>
  )
}

function Offer<T>(props: { value: T; title: string; hint: string; choose: (value: T) => void }) {
  const { value, title, hint, choose } = props
  return (
    <Card size="small" onClick={() => choose(value)} hoverable>
      <Radio value={value}>
        <Typography.Text strong>{title}</Typography.Text>
      </Radio>
      <div style={{ paddingInlineStart: 24 }}>
        <Typography.Text type="secondary">{hint}</Typography.Text>
      </div>
    </Card>
  )
}

const initial = (wanted: Wanted, own: OwnTemplate | null): Partial<Given> => ({
  name: wanted.name,
  service: wanted.service || own?.service,
  memoryMb: own?.memoryMb ?? MEMORY_MB,
})

const words = (told: OwnTemplate['hint'], language: Language): string => told?.[language] || told?.en || ''

const webTrigger = {
  name: 'web',
  kind: 'http',
  config: { authType: 'anonymous', methods: ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'] },
}
