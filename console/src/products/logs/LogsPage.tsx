import { Alert, Button, Empty, Flex, Form, Input, Select, Switch, Table, type TableColumnsType, Typography } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useLanguage } from '@/i18n'
import { paths } from '@/paths'
import { NO_SERVICE, useFunctions } from '@/products/functions/queries'
import { Command } from '@/ui/Command'
import { ErrorNote } from '@/ui/ErrorNote'
import { PageFrame } from '@/ui/PageFrame'
import { TimeText } from '@/ui/TimeText'
import { searchLogs } from './commands'
import { Histogram } from './Histogram'
import { type FoundLine, type FoundLines, useLogs, type Wanted } from './queries'

const PERIODS = [15, 60, 1440, 10_080] as const
const MINUTE_MS = 60_000
const ALL: Wanted = { contains: '', requestId: '', service: '', function: '', minutes: 60, until: 0 }

export function Page() {
  const { t } = useLanguage()
  const [wanted, setWanted] = useState(ALL)
  const [live, setLive] = useState(true)
  const [period, setPeriod] = useState<number>(ALL.minutes)
  const found = useLogs(wanted, live && wanted.until === 0)
  const want = (change: Partial<Wanted>) => setWanted((before) => ({ ...before, ...change }))
  const whole = (minutes: number) => {
    setPeriod(minutes)
    want({ minutes, until: 0 })
  }
  const narrow = ({ since, until, counts }: FoundLines, part: number) => {
    const length = (until - since) / counts.length
    const end = Math.ceil(since + length * (part + 1))
    want({ until: end, minutes: Math.max(1, Math.ceil(length / MINUTE_MS)) })
  }
  return (
    <PageFrame title={t('logs.title')} intro={t('logs.intro')}>
      <Form layout="vertical">
        <Flex wrap gap="0 16px">
        <Form.Item label={t('logs.contains')}>
          <Input.Search allowClear aria-label={t('logs.contains')} maxLength={256} onSearch={(contains) => want({ contains })} />
        </Form.Item>
        <Form.Item label={t('logs.requestId')}>
          <Input.Search
            allowClear
            aria-label={t('logs.requestId')}
            maxLength={128}
            onSearch={(requestId) => want({ requestId: requestId.trim() })}
          />
        </Form.Item>
        <Form.Item label={t('logs.function')}>
          <FunctionSelect choose={want} />
        </Form.Item>
        <Form.Item label={t('logs.period')}>
          <Select
            aria-label={t('logs.period')}
            value={period}
            style={{ width: 170 }}
            options={PERIODS.map((value) => ({ value, label: t(`logs.minutes.${value}`) }))}
            onChange={whole}
          />
        </Form.Item>
        <Form.Item label={t('logs.live')}>
          <Switch size="small" checked={live} onChange={setLive} aria-label={t('logs.live')} />
        </Form.Item>
        </Flex>
      </Form>
      {found.error ? <ErrorNote error={found.error} retry={() => void found.refetch()} /> : null}
      {found.data ? (
        <Content
          found={found.data}
          narrowed={wanted.until > 0}
          narrow={(part) => narrow(found.data, part)}
          widen={() => whole(period)}
        />
      ) : null}
      <Command text={commandFor(wanted)} />
    </PageFrame>
  )
}

function Content(props: { found: FoundLines; narrowed: boolean; narrow: (part: number) => void; widen: () => void }) {
  const { found, narrowed, narrow, widen } = props
  const { t, language } = useLanguage()
  const clock = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'short', timeStyle: 'medium' })
  const [from, to] = [clock.format(found.since), clock.format(found.until)]
  const total = found.counts.reduce((sum, count) => sum + count, 0)
  const columns: TableColumnsType<FoundLine> = [
    { title: t('common.time'), width: 200, render: (_, { at }) => <TimeText at={at} /> },
    {
      title: t('logs.function'),
      width: 180,
      className: 'mono',
      render: (_, { service, function: name }) => (
        <Link to={`${paths.function(service, name)}?tab=invocations`}>{service ? `${service}/${name}` : name}</Link>
      ),
    },
    {
      title: t('logs.text'),
      render: (_, { text, requestId }) => (
        <pre className="mono" title={requestId}>
          {text}
        </pre>
      ),
    },
  ]
  return (
    <Flex vertical gap={12}>
      <Histogram counts={found.counts} label={t('logs.histogram', { total, from, to })} choose={narrow} />
      <Flex justify="space-between" wrap gap={8}>
        <Typography.Text type="secondary">
          {total > found.lines.length
            ? t('logs.more', { count: found.lines.length, total })
            : t('logs.histogram', { total, from, to })}
        </Typography.Text>
        {narrowed ? (
          <Button size="small" onClick={widen}>
            {t('logs.widen')}
          </Button>
        ) : null}
      </Flex>
      {found.complete ? null : <Alert type="info" showIcon title={t('logs.incomplete')} />}
      <Table<FoundLine>
        aria-label={t('logs.title')}
        size="small"
        columns={columns}
        dataSource={found.lines}
        rowKey={(line) => `${line.at} ${line.instanceId} ${line.requestId} ${line.stream} ${line.text}`}
        pagination={false}
        virtual={found.lines.length > 100}
        scroll={found.lines.length > 100 ? { x: 900, y: 560 } : { x: 'max-content' }}
        locale={{ emptyText: <Empty description={t('logs.none')} /> }}
      />
    </Flex>
  )
}

function FunctionSelect({ choose }: { choose: (change: Partial<Wanted>) => void }) {
  const { t } = useLanguage()
  const functions = useFunctions()
  const rows = functions.data?.pages.flatMap((page) => page.functions) ?? []
  return (
    <Select
      showSearch
      aria-label={t('logs.function')}
      defaultValue=""
      style={{ width: 220 }}
      options={[
        { value: '', label: t('logs.all') },
        ...rows.map(({ service, name }) => ({
          value: `${service || NO_SERVICE}/${name}`,
          label: <span translate="no">{service ? `${service}/${name}` : name}</span>,
        })),
      ]}
      onChange={(value) => {
        const [service = '', name = ''] = value.split('/')
        choose({ service, function: name })
      }}
    />
  )
}

function commandFor({ service, function: name, contains, requestId }: Wanted): string {
  const target = name && service !== NO_SERVICE ? `${service}/${name}` : name
  return searchLogs({ target, text: contains, requestId })
}
