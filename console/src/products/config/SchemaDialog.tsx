import { Form, Input, Segmented, Switch } from 'antd'
import { useText } from '@/i18n'
import { Command } from '@/ui/Command'
import { Dialog } from '@/ui/Dialog'
import { asJson } from '@/ui/JsonText'
import { parsedJson, useJsonRule } from '@/ui/useJsonRule'
import { useAct } from '@/ui/useAct'
import { putSchema } from './commands'
import { acts, type SchemaView } from './queries'

const BLANK = { type: 'object', required: [], properties: {}, additionalProperties: false }
type Given = {
  name: string
  description: string
  document: string
  kind: SchemaView['kind']
  reviewed: boolean
  reason: string
  migration: string
}

/** A new schema, or the next revision of one. */
export function SchemaDialog({ schema, close }: { schema: SchemaView | null; close: () => void }) {
  const t = useText()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<Given>()
  const json = useJsonRule()
  const bodyOf = (given: Given) => ({
    document: parsedJson(given.document) as Record<string, unknown>,
    revision: schema?.revision ?? 0,
    kind: given.kind,
    description: given.description,
    reviewed: given.reviewed,
    reason: given.reason ?? '',
    migration: given.migration ? (parsedJson(given.migration) as Record<string, unknown>[]) : [],
  })
  const submit = async (given: Given) => {
    if (await act(() => acts.putSchema(given.name, bodyOf(given)))) close()
  }
  const initial: Given = {
    name: schema?.name ?? '',
    description: schema?.description ?? '',
    document: asJson(schema?.document ?? BLANK),
    kind: schema?.kind ?? 'config',
    reviewed: schema?.reviewed ?? false,
    reason: '',
    migration: '',
  }
  const typed: Given = { ...initial, ...Form.useWatch([], form) }
  const command = commandOf(() => putSchema(typed.name || 'NAME', bodyOf(typed)))
  return (
    <Dialog
      width={720}
      title={schema ? schema.name : t('config.newSchema')}
      okText={t('common.save')}
      confirmLoading={isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Form<Given> form={form} layout="vertical" initialValues={initial} onFinish={submit}>
        <Form.Item name="name" label={t('common.name')} rules={[{ required: true }]}>
          <Input disabled={schema !== null} maxLength={128} />
        </Form.Item>
        <Form.Item name="description" label={t('common.description')}>
          <Input maxLength={500} />
        </Form.Item>
        <Form.Item name="kind" label={t('config.kind')}>
          <Segmented
            aria-label={t('config.kind')}
            options={[
              { value: 'config', label: t('config.kind.config') },
              { value: 'secret', label: t('config.kind.secret') },
            ]}
          />
        </Form.Item>
        <Form.Item name="reviewed" label={t('config.reviewed')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item name="document" label={t('config.schemaDocument')} rules={[json]}>
          <Input.TextArea className="mono" autoSize={{ minRows: 8, maxRows: 20 }} spellCheck={false} />
        </Form.Item>
        {schema ? (
          <>
            <Form.Item name="migration" label={t('config.migration')} rules={[{ ...json, required: false }]}>
              <Input.TextArea
                className="mono"
                autoSize={{ minRows: 2, maxRows: 8 }}
                placeholder='[{"op": "set", "property": "fee", "value": 0}]'
              />
            </Form.Item>
            <Form.Item name="reason" label={t('common.reason')}>
              <Input maxLength={500} />
            </Form.Item>
          </>
        ) : null}
      </Form>
      {command ? <Command text={command} /> : null}
    </Dialog>
  )
}

/** Null while what is typed is no JSON. */
function commandOf(make: () => string): string | null {
  try {
    return make()
  } catch {
    return null
  }
}
