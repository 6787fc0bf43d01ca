import { CaretRightOutlined, SaveOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Card, Col, Empty, Flex, Input, Row, Select, Space, Typography } from 'antd'
import { useState } from 'react'
import { useText } from '@/i18n'
import { useMay } from '@/session'
import { ErrorNote } from '@/ui/ErrorNote'
import { Loading } from '@/ui/Loading'
import { Equivalent } from './Equivalent'
import { callOf, type Draft, draftOf, type EventKind, KINDS, type Method, METHODS, readKept, storedUnder } from './events'
import { LazyEditor } from './LazyEditor'
import { acts, type Named, type TriggerView, useTriggers } from './queries'
import { QualifierSelect } from './QualifierSelect'
import { TestResult } from './TestResult'

export function TestTab({ named }: { named: Named }) {
  const triggers = useTriggers(named)
  if (triggers.error) return <ErrorNote error={triggers.error} retry={() => void triggers.refetch()} />
  return triggers.data ? <Bench named={named} triggers={triggers.data} /> : <Loading />
}

/** An event on the left, what came of it on the right. */
function Bench({ named, triggers }: { named: Named; triggers: readonly TriggerView[] }) {
  const t = useText()
  const queries = useQueryClient()
  const mayRun = useMay('operator')
  const [draft, setDraft] = useState<Draft>(() => draftOf(likely(triggers)))
  const [qualifier, setQualifier] = useState('')
  const [round, setRound] = useState(0) // another one shows the event anew
  const run = useMutation({
    mutationFn: () => acts.invoke(named, callOf(draft, qualifier)),
    onSettled: () => queries.invalidateQueries({ queryKey: ['functions', 'invocations'] }),
  })
  const begin = (chosen: Draft) => {
    setDraft(chosen)
    setRound(round + 1)
  }
  return (
    <Row gutter={[16, 16]}>
      <Col xs={24} xl={12}>
        <Card
          size="small"
          title={t('functions.event')}
          extra={
            <Space>
              <QualifierSelect named={named} value={qualifier} choose={setQualifier} />
              <Button
                type="primary"
                icon={<CaretRightOutlined />}
                loading={run.isPending}
                disabled={!mayRun}
                onClick={() => run.mutate()}
              >
                {t('functions.run')}
              </Button>
            </Space>
          }
        >
          <Flex vertical gap={12}>
            <EventPicker named={named} draft={draft} begin={begin} />
            {draft.kind === 'http' ? <RequestFields draft={draft} change={setDraft} /> : null}
            <LazyEditor
              key={round}
              text={draft.payload}
              syntax={draft.payload.trimStart().startsWith('{') ? 'json' : 'plain'}
              label={draft.kind === 'http' ? t('functions.body') : t('functions.event')}
              height="300px"
              change={(payload) => setDraft((old) => ({ ...old, payload }))}
            />
            <Equivalent act={actOf(named, draft, qualifier, triggers)} />
          </Flex>
        </Card>
      </Col>
      <Col xs={24} xl={12}>
        {run.isPending ? (
          <Card size="small" title={t('functions.result')}>
            <Loading />
          </Card>
        ) : run.error ? (
          <ErrorNote error={run.error instanceof SyntaxError ? new Error(t('functions.badHeaders')) : run.error} />
        ) : run.data ? (
          <TestResult result={run.data} />
        ) : (
          <Card size="small" title={t('functions.result')}>
            <Empty description={t('functions.notRun')} />
          </Card>
        )}
      </Col>
    </Row>
  )
}

/** A template, or an event that was kept; and keeping this one. */
function EventPicker({ named, draft, begin }: { named: Named; draft: Draft; begin: (draft: Draft) => void }) {
  const t = useText()
  const place = storedUnder(named)
  const [kept, setKept] = useState(() => readKept(localStorage.getItem(place)))
  const [name, setName] = useState('')
  const keep = () => {
    const all = { ...kept, [name]: draft }
    localStorage.setItem(place, JSON.stringify(all))
    setKept(all)
    setName('')
  }
  const templates = KINDS.map((kind) => ({ value: `kind ${kind}`, label: t(`functions.event.${kind}`) }))
  const own = Object.keys(kept).map((value) => ({ value: `own ${value}`, label: value }))
  const choose = (value: string) => {
    const [where, what] = [value.slice(0, value.indexOf(' ')), value.slice(value.indexOf(' ') + 1)]
    begin(where === 'own' ? kept[what]! : draftOf(what as EventKind))
  }
  return (
    <Flex gap={8} wrap>
      <Select
        aria-label={t('functions.eventTemplate')}
        style={{ flex: 1, minWidth: 220 }}
        value={`kind ${draft.kind}`}
        onChange={choose}
        options={[
          { label: t('functions.eventTemplate'), options: templates },
          ...(own.length > 0 ? [{ label: t('functions.keptEvents'), options: own }] : []),
        ]}
      />
      <Space.Compact>
        <Input
          value={name}
          placeholder={t('functions.keepAs')}
          aria-label={t('functions.keepAs')}
          maxLength={64}
          onChange={(event) => setName(event.target.value)}
          onPressEnter={() => name && keep()}
        />
        <Button icon={<SaveOutlined />} disabled={!name} aria-label={t('functions.keep')} onClick={keep} />
      </Space.Compact>
    </Flex>
  )
}

function RequestFields({ draft, change }: { draft: Draft; change: (draft: Draft) => void }) {
  const t = useText()
  return (
    <Flex vertical gap={8}>
      <Space.Compact block>
        <Select
          aria-label={t('functions.method')}
          style={{ width: 120 }}
          value={draft.method}
          onChange={(method: Method) => change({ ...draft, method })}
          options={METHODS.map((value) => ({ value }))}
        />
        <Input
          aria-label={t('functions.path')}
          className="mono"
          value={draft.path}
          onChange={(event) => change({ ...draft, path: event.target.value })}
        />
        <Input
          aria-label={t('functions.query')}
          prefix="?"
          className="mono"
          value={draft.query}
          onChange={(event) => change({ ...draft, query: event.target.value })}
        />
      </Space.Compact>
      <Typography.Text>{t('functions.headers')}</Typography.Text>
      <Input.TextArea
        aria-label={t('functions.headers')}
        className="mono"
        autoSize={{ minRows: 1, maxRows: 6 }}
        value={draft.headers}
        onChange={(event) => change({ ...draft, headers: event.target.value })}
      />
      <Typography.Text>{t('functions.body')}</Typography.Text>
    </Flex>
  )
}

/** A function that is called by HTTP is tried so. */
const likely = (triggers: readonly TriggerView[]): EventKind =>
  triggers.some(({ kind }) => kind === 'http') ? 'http' : triggers.some(({ kind }) => kind === 'timer') ? 'timer' : 'custom'

function actOf(named: Named, draft: Draft, qualifier: string, triggers: readonly TriggerView[]) {
  const web = triggers.find(({ kind }) => kind === 'http')
  if (draft.kind !== 'http' || !web) return { kind: 'invoke', named, qualifier, payload: draft.payload } as const
  const url = location.origin + web.url.replace(/\/$/, '') + draft.path + (draft.query ? `?${draft.query}` : '')
  return { kind: 'http', url, method: draft.method, payload: draft.payload } as const
}
