import { CheckCircleOutlined, SaveOutlined, WarningOutlined } from '@ant-design/icons'
import { Button, Flex, Typography, theme } from 'antd'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { useSay, useText } from '@/i18n'
import { useMay } from '@/session'
import { Command } from '@/ui/Command'
import { Loading } from '@/ui/Loading'
import { SameElsewhere } from '@/ui/SameElsewhere'
import { useAct } from '@/ui/useAct'
import { sameFor } from './commands'
import { graphOf } from './graph'
import { acts, type FlowView, type Problem, useCheck } from './queries'

const Editor = lazy(async () => ({ default: (await import('./Editor')).Editor }))
const GraphView = lazy(async () => ({ default: (await import('./GraphView')).GraphView }))
const PAUSE_MS = 300
const NONE: Problem[] = []

/** The text on one side, what it means on the other; both follow each other as one types. */
export function DefinitionTab({ flow }: { flow: FlowView }) {
  const t = useText()
  const { token } = theme.useToken()
  const mayChange = useMay('administrator')
  const mayCheck = useMay('operator')
  const { act, isPending } = useAct()
  const [text, setText] = useState(flow.definition)
  const [base, setBase] = useState(flow) // what the text began as
  const [line, setLine] = useState(0)
  const settled = useSettled(text)
  const isChanged = text !== base.definition
  if (!isChanged && base !== flow) {
    setBase(flow) // somebody else has changed it
    setText(flow.definition)
  }
  const check = useCheck(settled, mayCheck && settled !== flow.definition)
  const found = settled === flow.definition ? flow.inspected : (check.data ?? flow.inspected)
  const isChecking = text !== settled || check.isFetching
  const document = useLast(found.document)
  const graph = useMemo(() => graphOf(document), [document])
  const wrong = useMemo(() => new Set(found.problems.map(({ step }) => step).filter(Boolean)), [found])
  const save = async () => {
    const change = { definition: text, revision: base.revision }
    await act(async () => setBase(await acts.update(flow.name, change)))
  }
  return (
    <Flex vertical gap={12}>
      <Flex gap={16} className="flow-panes">
        <div className="flow-pane">
          <Suspense fallback={<Loading />}>
            <Editor
              value={text}
              change={mayChange ? setText : undefined}
              language="yaml"
              label={t('flows.definition')}
              problems={found.problems.length ? found.problems : NONE}
              steps={Object.keys(found.lines)}
              line={line}
            />
          </Suspense>
        </div>
        <div className="flow-pane" style={{ border: `1px solid ${token.colorBorder}`, borderRadius: 6 }}>
          <Suspense fallback={<Loading />}>
            <GraphView
              graph={graph}
              wrong={wrong}
              label={t('flows.graph')}
              select={(step) => setLine(found.lines[step] ?? 0)}
            />
          </Suspense>
        </div>
      </Flex>
      <Flex justify="space-between" align="start" gap={12} wrap>
        <Problems problems={found.problems} isChecking={isChecking} choose={setLine} />
        <Button
          type="primary"
          icon={<SaveOutlined />}
          disabled={!mayChange || !isChanged || isChecking || found.problems.length > 0}
          loading={isPending}
          onClick={() => void save()}
        >
          {t('common.save')}
        </Button>
      </Flex>
      {isChanged ? (
        <SameElsewhere
          {...sameFor({ kind: 'update', flow: flow.name, definition: text, revision: flow.revision })}
        />
      ) : (
        <Command text={`liuyun flow describe ${flow.name}`} />
      )}
    </Flex>
  )
}

function Problems(props: { problems: Problem[]; isChecking: boolean; choose: (line: number) => void }) {
  const { problems, isChecking, choose } = props
  const t = useText()
  const say = useSay()
  if (problems.length === 0)
    return (
      <Typography.Text type={isChecking ? 'secondary' : 'success'} role="status">
        <CheckCircleOutlined /> {t(isChecking ? 'flows.checking' : 'flows.noProblems')}
      </Typography.Text>
    )
  return (
    <ul style={{ margin: 0, paddingInlineStart: 0, listStyle: 'none', flex: 1 }} aria-label={t('flows.problems')}>
      {problems.map((problem, index) => (
        <li key={index}>
          <Typography.Text type="danger">
            <WarningOutlined />{' '}
            <Typography.Link onClick={() => choose(problem.line)}>
              {t('flows.place', { line: problem.line, column: problem.column })}
            </Typography.Link>{' '}
            <span>{say(problem)}</span>
          </Typography.Text>
        </li>
      ))}
    </ul>
  )
}

/** The value when it has been the same for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

/** The last document that could be read: what is drawn doesn't vanish while a line is half written. */
function useLast(document: unknown): unknown {
  const [last, setLast] = useState(document)
  if (document !== null && document !== undefined && document !== last) setLast(document)
  return document ?? last
}
