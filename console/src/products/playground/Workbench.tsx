import { CaretRightOutlined, CloudUploadOutlined, ShareAltOutlined, StopOutlined, UndoOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { App, Button, Card, Col, Flex, Input, Row, Select, Typography } from 'antd'
import { lazy, Suspense, useMemo, useState } from 'react'
import { api, type Schemas, taken } from '@/api/client'
import { type Translate, useText } from '@/i18n'
import { ErrorNote } from '@/ui/ErrorNote'
import { Loading } from '@/ui/Loading'
import { Acts } from '@/ui/SameElsewhere'
import { runProgram } from './commands'
import { MakeDialog } from './MakeDialog'
import { problemsIn } from './problems'
import { Result } from './Result'
import { addressOf, useProgram } from './useProgram'
import { useRun } from './useRun'

const CodeEditor = lazy(() => import('./CodeEditor'))

/** Program and input on the left, what came of them on the right. */
export function Workbench({ mayMake }: { mayMake: boolean }) {
  const query = useQuery({
    queryKey: ['playground'],
    queryFn: () => taken(api.GET('/api/playground')),
    staleTime: Infinity,
  })
  if (query.error) return <ErrorNote error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Loading />
  return <Bench overview={query.data} mayMake={mayMake} />
}

/** The languages that lack here are shown too, with what would bring them. */
const options = ({ languages, missing = [] }: Schemas['Overview'], t: Translate) => [
  ...languages.map(({ name, title }) => ({ value: name, label: <span translate="no">{title}</span> })),
  ...missing.map(({ name, title, install }) => ({
    value: name,
    disabled: true,
    label: (
      <>
        <span translate="no">{title}</span> <small>{t('playground.missing', { install })}</small>
      </>
    ),
  })),
]

function Bench({ overview, mayMake }: { overview: Schemas['Overview']; mayMake: boolean }) {
  const t = useText()
  const { message } = App.useApp()
  const { program, choose, write, type, reset } = useProgram(overview.languages)
  const [making, setMaking] = useState(false)
  const { run, start, stop } = useRun()
  const running = run !== null && run.phase !== 'ended'
  const begin = () => {
    if (!running) void start(program)
  }
  // What was said of a program that has been changed since isn't where it was.
  const ran = run?.phase === 'ended' && run.program.code === program.code && run.program.language === program.language
  const said = ran ? run.compiler + run.pieces.map(({ stream, text }) => (stream === 'stderr' ? text : '')).join('') : ''
  const problems = useMemo(() => problemsIn(program.language, program.code, said), [program.language, program.code, said])
  const share = async () => {
    const address = await addressOf(program)
    try {
      await navigator.clipboard.writeText(address)
      void message.success(t('playground.shared'))
    } catch {
      void message.info(t('playground.sharedInAddress'))
    }
  }
  return (
    <Flex vertical gap={12}>
      <Flex gap={8} wrap align="center">
        <Select
          aria-label={t('playground.language')}
          style={{ width: 160 }}
          value={program.language}
          options={options(overview, t)}
          popupMatchSelectWidth={false}
          onChange={choose}
        />
        {running ? (
          <Button danger icon={<StopOutlined />} onClick={stop}>
            {t('playground.stop')}
          </Button>
        ) : (
          <Button type="primary" icon={<CaretRightOutlined />} onClick={begin}>
            {t('playground.run')}
          </Button>
        )}
        <Button icon={<UndoOutlined />} onClick={reset}>
          {t('playground.example')}
        </Button>
        <Button icon={<ShareAltOutlined />} onClick={() => void share()}>
          {t('playground.share')}
        </Button>
        {mayMake ? (
          <Button icon={<CloudUploadOutlined />} onClick={() => setMaking(true)}>
            {t('playground.make')}
          </Button>
        ) : null}
      </Flex>
      <Row gutter={[12, 12]}>
        <Col xs={24} lg={14}>
          <Flex vertical gap={12}>
            <Card size="small" styles={{ body: { padding: 0 } }}>
              <Suspense fallback={<Loading />}>
                <CodeEditor
                  label={t('playground.code')}
                  language={program.language}
                  value={program.code}
                  problems={problems}
                  onChange={write}
                  onRun={begin}
                />
              </Suspense>
            </Card>
            <Typography.Text type="secondary">{t('playground.input')}</Typography.Text>
            <Input.TextArea
              className="mono"
              aria-label={t('playground.input')}
              autoSize={{ minRows: 2, maxRows: 8 }}
              value={program.input}
              onChange={(event) => type(event.target.value)}
            />
          </Flex>
        </Col>
        <Col xs={24} lg={10}>
          <Card size="small" title={t('playground.result')}>
            <Result run={run} limits={overview.limits} />
          </Card>
        </Col>
      </Row>
      <Typography.Text type="secondary">
        {t('playground.limits', {
          seconds: overview.limits.seconds,
          memory: overview.limits.memoryMB,
          output: overview.limits.outputKB,
          processes: overview.limits.processes,
        })}
      </Typography.Text>
      <Acts acts={[[t('playground.run'), { command: runProgram(program) }]]} />
      {making ? <MakeDialog {...program} close={() => setMaking(false)} /> : null}
    </Flex>
  )
}
