import { Form, Input } from 'antd'
import { useText } from '@/i18n'
import { Dialog } from '@/ui/Dialog'
import { type Edits, pathProblem } from './files'
import type { CodeView } from './queries'

export function NewFileDialog(props: {
  code: CodeView
  edits: Edits
  add: (path: string) => void
  close: () => void
}) {
  const { code, edits, add, close } = props
  const t = useText()
  const [form] = Form.useForm<{ path: string }>()
  const check = (_: unknown, path = '') => {
    const problem = pathProblem(code, edits, path)
    return problem === null ? Promise.resolve() : Promise.reject(new Error(t(`functions.path.${problem}`)))
  }
  return (
    <Dialog
      title={t('functions.newFile')}
      okText={t('common.create')}
      cancelText={t('common.cancel')}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form form={form} layout="vertical" onFinish={({ path }) => add(path)} requiredMark={false}>
        <Form.Item name="path" label={t('functions.filePath')} rules={[{ validator: check }]} validateTrigger="onSubmit">
          <Input autoFocus placeholder="lib/util.py" className="mono" />
        </Form.Item>
      </Form>
    </Dialog>
  )
}
