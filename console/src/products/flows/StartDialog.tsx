import { Form, Input } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useNavigate } from 'react-router'
import { type Translate, useText } from '@/i18n'
import { paths } from '@/paths'
import { Dialog } from '@/ui/Dialog'
import { jsonProblem } from '@/ui/jsonProblem'
import { Loading } from '@/ui/Loading'
import { SameElsewhere } from '@/ui/SameElsewhere'
import { useAct } from '@/ui/useAct'
import { sameFor } from './commands'
import { acts } from './queries'

const Editor = lazy(async () => ({ default: (await import('./Editor')).Editor }))

/** Starts an execution and goes to where it can be watched. */
export function StartDialog({ flow, close }: { flow: string; close: () => void }) {
  const t = useText()
  const go = useNavigate()
  const { act, isPending } = useAct()
  const [name, setName] = useState('')
  const [input, setInput] = useState('{}')
  const problem = problemOf(input, t)
  const start = async () => {
    let started = ''
    const work = async () => {
      started = (await acts.start(flow, { name, input })).name
    }
    if (await act(work, t('flows.begun'))) void go(paths.execution(flow, started))
  }
  return (
    <Dialog
      width={640}
      title={t('flows.start')}
      okText={t('flows.start')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: problem !== '' }}
      confirmLoading={isPending}
      onOk={() => void start()}
      onCancel={close}
    >
      <Form layout="vertical">
        <Form.Item label={t('flows.executionName')} extra={t('flows.executionNameHint')} htmlFor="execution-name">
          <Input
            id="execution-name"
            className="mono"
            maxLength={128}
            value={name}
            onChange={(event) => setName(event.target.value.trim())}
          />
        </Form.Item>
        <Form.Item
          label={t('flows.input')}
          validateStatus={problem ? 'error' : undefined}
          help={problem || undefined}
        >
          <Suspense fallback={<Loading />}>
            <Editor value={input} change={setInput} language="json" label={t('flows.input')} height="220px" />
          </Suspense>
        </Form.Item>
      </Form>
      <div>
        <SameElsewhere {...sameFor({ kind: 'start', flow, name, input })} />
      </div>
    </Dialog>
  )
}

function problemOf(input: string, t: Translate): string {
  try {
    const value: unknown = JSON.parse(input)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? '' : t('flows.inputObject')
  } catch (error) {
    return jsonProblem(error, t)
  }
}
