import { Button, Col, Form, Input, InputNumber, Row, Select } from 'antd'
import { useState } from 'react'
import { useText } from '@/i18n'
import { useMay } from '@/session'
import { useAct } from '@/ui/useAct'
import { Equivalent } from './Equivalent'
import { EnvironmentFields } from './EnvironmentFields'
import { acts, type FunctionView, type Named } from './queries'
import { fromVariables, type Variable, variablesOf } from './variables'
import { RUNTIMES } from './templates'

type Given = Pick<
  FunctionView,
  | 'runtime'
  | 'handler'
  | 'description'
  | 'memoryMb'
  | 'timeoutS'
  | 'initializer'
  | 'initializationTimeoutS'
  | 'instanceConcurrency'
> & { variables: Variable[] }

/** How a function runs. A change takes effect with the next call. */
export function SettingsTab({ named, found: newest }: { named: Named; found: FunctionView }) {
  const t = useText()
  const mayChange = useMay('administrator')
  const { act, isPending } = useAct()
  const [form] = Form.useForm<Given>()
  const [found, setFound] = useState(newest)
  const [isTouched, setTouched] = useState(false)
  if (!isTouched && found !== newest) setFound(newest) // else what is typed would be lost when somebody else changes it
  const memoryMb = Form.useWatch('memoryMb', form) ?? found.memoryMb
  const timeoutS = Form.useWatch('timeoutS', form) ?? found.timeoutS
  const save = async ({ variables, ...settings }: Given) => {
    const change = { ...settings, environment: fromVariables(variables), etag: found.etag }
    if (await act(() => acts.change(named, change))) setTouched(false)
  }
  return (
    <Form
      key={found.etag}
      form={form}
      layout="vertical"
      disabled={!mayChange}
      requiredMark={false}
      onValuesChange={() => setTouched(true)}
      onFinish={save}
      initialValues={{ ...found, variables: variablesOf(found.environment) }}
      style={{ maxWidth: 860 }}
    >
      <Row gutter={16}>
        <Col xs={24} sm={8}>
          <Form.Item name="runtime" label={t('functions.runtime')}>
            <Select options={[...new Set([found.runtime, ...RUNTIMES])].map((value) => ({ value }))} />
          </Form.Item>
        </Col>
        <Col xs={24} sm={8}>
          <Form.Item name="handler" label={t('functions.handler')} rules={[{ required: true, max: 256 }]}>
            <Input className="mono" />
          </Form.Item>
        </Col>
        <Col xs={24} sm={8}>
          <Form.Item name="instanceConcurrency" label={t('functions.concurrency')} tooltip={t('functions.concurrencyHint')}>
            <InputNumber controls={false} min={1} max={200} style={{ width: '100%' }} />
          </Form.Item>
        </Col>
        <Col xs={24} sm={8}>
          <Form.Item name="memoryMb" label={t('functions.memory')}>
            <InputNumber controls={false} min={128} max={32768} step={64} suffix="MB" style={{ width: '100%' }} />
          </Form.Item>
        </Col>
        <Col xs={24} sm={8}>
          <Form.Item name="timeoutS" label={t('functions.timeout')}>
            <InputNumber controls={false} min={1} max={86400} suffix={t('functions.seconds')} style={{ width: '100%' }} />
          </Form.Item>
        </Col>
        <Col xs={24} sm={8}>
          <Form.Item name="initializationTimeoutS" label={t('functions.initializationTimeout')}>
            <InputNumber controls={false} min={1} max={300} suffix={t('functions.seconds')} style={{ width: '100%' }} />
          </Form.Item>
        </Col>
        <Col xs={24} sm={8}>
          <Form.Item name="initializer" label={t('functions.initializer')}>
            <Input className="mono" placeholder="index.initialize" />
          </Form.Item>
        </Col>
        <Col xs={24} sm={16}>
          <Form.Item name="description" label={t('common.description')} rules={[{ max: 1024 }]}>
            <Input />
          </Form.Item>
        </Col>
      </Row>
      <EnvironmentFields />
      <Form.Item>
        <Button type="primary" htmlType="submit" loading={isPending}>
          {t('common.save')}
        </Button>
      </Form.Item>
      <Equivalent act={{ kind: 'settings', named, memoryMb, timeoutS }} />
    </Form>
  )
}
