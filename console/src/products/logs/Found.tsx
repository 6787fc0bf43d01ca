import { Alert, Button, Empty, Flex, Table, type TableColumnsType, Tag, Typography } from 'antd'
import { Link } from 'react-router'
import { useLanguage } from '@/i18n'
import { paths } from '@/paths'
import { ofCode } from '@/ui/cells'
import { TimeText } from '@/ui/TimeText'
import { Histogram } from './Histogram'
import { type FoundLine, type FoundLines, sourceOf } from './queries'

const COLOURS = { info: 'default', warning: 'warning', error: 'error' } as const

/** The lines, how many there are over time, and the way to older ones. `widen`: the search was narrowed to a bar. */
export function Found(props: {
  pages: readonly FoundLines[]
  narrow: (part: number) => void
  widen?: () => void
  older?: () => void
  isLoading: boolean
}) {
  const { pages, narrow, widen, older, isLoading } = props
  const { t, language } = useLanguage()
  const [{ since, until, counts }] = pages as [FoundLines]
  const lines = pages.flatMap((page) => page.lines)
  const clock = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'short', timeStyle: 'medium' })
  const [from, to] = [clock.format(since), clock.format(until)]
  const total = counts.reduce((sum, count) => sum + count, 0)
  const length = (until - since) / counts.length
  const named = (part: number) =>
    t('logs.histogram', {
      total: counts[part] ?? 0,
      from: clock.format(since + part * length),
      to: clock.format(since + (part + 1) * length),
    })
  const columns: TableColumnsType<FoundLine> = [
    { title: t('common.time'), width: 200, render: (_, { at }) => <TimeText at={at} /> },
    { title: t('logs.level'), width: 90, render: (_, { level }) => <Tag color={COLOURS[level]}>{t(`logs.${level}`)}</Tag> },
    { title: t('logs.source'), width: 180, onCell: ofCode, render: (_, line) => <Source line={line} /> },
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
      <Histogram counts={counts} label={t('logs.histogram', { total, from, to })} named={named} choose={narrow} />
      <Flex justify="space-between" wrap gap={8}>
        <Typography.Text type="secondary">
          {total > lines.length
            ? t('logs.more', { count: lines.length, total })
            : t('logs.histogram', { total, from, to })}
        </Typography.Text>
        {widen ? (
          <Button size="small" onClick={widen}>
            {t('logs.widen')}
          </Button>
        ) : null}
      </Flex>
      {pages.at(-1)!.complete ? null : <Alert type="info" showIcon title={t('logs.incomplete')} />}
      <Table<FoundLine>
        aria-label={t('logs.title')}
        size="small"
        columns={columns}
        dataSource={lines}
        rowKey={(line) => `${line.at} ${line.instanceId} ${line.requestId} ${line.stream} ${sourceOf(line)} ${line.text}`}
        pagination={false}
        virtual={lines.length > 100}
        scroll={lines.length > 100 ? { x: 900, y: 560 } : { x: 'max-content' }}
        locale={{ emptyText: <Empty description={t('logs.none')} /> }}
      />
      {older ? (
        <Flex justify="center">
          <Button onClick={older} loading={isLoading}>
            {t('logs.older')}
          </Button>
        </Flex>
      ) : null}
    </Flex>
  )
}

function Source({ line }: { line: FoundLine }) {
  const { service, function: name, flow = '', execution = '' } = line
  const to = flow ? paths.execution(flow, execution) : `${paths.function(service, name)}?tab=invocations`
  return <Link to={to}>{sourceOf(line)}</Link>
}
