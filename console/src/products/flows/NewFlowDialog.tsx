import { Form, Input, Radio, Segmented, Space } from 'antd'
import { useNavigate } from 'react-router'
import { useText } from '@/i18n'
import { paths } from '@/paths'
import { Dialog } from '@/ui/Dialog'
import { SameElsewhere } from '@/ui/SameElsewhere'
import { useAct } from '@/ui/useAct'
import { sameFor } from './commands'
import { acts, type FlowSummary } from './queries'
import { TEMPLATES } from './templates'

const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/
type Given = { name: string; description?: string; template: string; mode: FlowSummary['mode'] }
const FIRST: Given = { name: '', template: 'steps', mode: 'Standard' }
const definitionOf = (template: string) => TEMPLATES.find(({ key }) => key === template)?.definition ?? ''

/** A new flow begins as a template; what it does is written in the editor that opens then. */
export function NewFlowDialog({ close }: { close: () => void }) {
  const t = useText()
  const go = useNavigate()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<Given>()
  const given: Given = { ...FIRST, ...Form.useWatch([], form) }
  const wanted = {
    flow: given.name || 'NAME',
    definition: definitionOf(given.template),
    description: given.description ?? '',
    mode: given.mode,
  }
  const submit = async ({ name, description = '', template, mode }: Given) => {
    if (await act(() => acts.create({ name, description, definition: definitionOf(template), mode, roleArn: '' }), t('flows.created')))
      void go(paths.flow(name))
  }
  return (
    <Dialog
      title={t('flows.new')}
      okText={t('common.create')}
      cancelText={t('common.cancel')}
      confirmLoading={isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Form<Given>
        form={form}
        layout="vertical"
        initialValues={FIRST}
        onFinish={submit}
      >
        <Form.Item
          name="name"
          label={t('common.name')}
          rules={[{ required: true, pattern: NAME, message: t('flows.nameRule') }]}
        >
          <Input className="mono" maxLength={128} autoFocus />
        </Form.Item>
        <Form.Item name="description" label={t('common.description')}>
          <Input maxLength={500} />
        </Form.Item>
        <Form.Item name="template" label={t('flows.template')}>
          <Radio.Group>
            <Space orientation="vertical">
              {TEMPLATES.map(({ key, title }) => (
                <Radio key={key} value={key}>
                  {t(title)}
                </Radio>
              ))}
            </Space>
          </Radio.Group>
        </Form.Item>
        <Form.Item name="mode" label={t('flows.mode')} extra={t('flows.modeHint')}>
          <Segmented
            aria-label={t('flows.mode')}
            options={(['Standard', 'Express'] as const).map((value) => ({ value, label: t(`flows.mode.${value}`) }))}
          />
        </Form.Item>
      </Form>
      <SameElsewhere {...sameFor({ kind: 'create', ...wanted })} />
    </Dialog>
  )
}
