import { Button, Empty, Flex, Input, Select, Space, type TableColumnsType } from 'antd'
import { type ReactNode, useState } from 'react'
import { Link } from 'react-router'
import { useText } from '@/i18n'
import { paths } from '@/paths'
import { useMay } from '@/session'
import { ofCode } from '@/ui/cells'
import { Command } from '@/ui/Command'
import { DataTable } from '@/ui/DataTable'
import { TimeText } from '@/ui/TimeText'
import { useAct } from '@/ui/useAct'
import { sameFor } from './commands'
import { Lasted } from './Lasted'
import { acts, type ExecutionSummary, type Filter, type Status, useExecutions } from './queries'
import { StatusTag } from './StateMark'

const STATES: Status[] = ['Running', 'Succeeded', 'Failed', 'Stopped', 'TimedOut']
const SPANS = [
  [0, 'any'],
  [900, 'minutes'],
  [3600, 'hour'],
  [86_400, 'day'],
  [604_800, 'week'],
] as const

/** The executions of a flow, the newest first. */
export function ExecutionsTab({ flow, start }: { flow: string; start: ReactNode }) {
  const t = useText()
  const [filter, setFilter] = useState<Filter>({ namePrefix: '', withinS: 0 })
  const query = useExecutions(flow, filter)
  const mayStop = useMay('operator')
  const { confirmed } = useAct()
  const isFiltered = !!(filter.status || filter.namePrefix || filter.withinS)
  const columns: TableColumnsType<ExecutionSummary> = [
    {
      title: t('common.name'),
      onCell: ofCode,
      render: (_, { name }) => <Link to={paths.execution(flow, name)}>{name}</Link>,
    },
    { title: t('flows.status'), render: (_, { status }) => <StatusTag status={status} /> },
    { title: t('flows.started'), render: (_, { startedAt }) => <TimeText at={startedAt} /> },
    {
      title: t('flows.lasted'),
      render: (_, { startedAt, stoppedAt }) => <Lasted from={startedAt} to={stoppedAt ?? null} />,
    },
    { title: t('flows.revision'), dataIndex: 'flowRevision', align: 'right' },
    {
      title: t('common.actions'),
      render: (_, { name, status }) => (
        <Button
          size="small"
          danger
          disabled={!mayStop || status !== 'Running'}
          onClick={() =>
            confirmed(t('flows.stop'), t('flows.stopHint', { name }), () => acts.stop(flow, name), {
              done: t('flows.stopped'),
              same: sameFor({ kind: 'stop', flow, name }),
            })
          }
        >
          {t('flows.stop')}
        </Button>
      ),
    },
  ]
  return (
    <Flex vertical gap={12}>
      <Space wrap>
        <Input.Search
          allowClear
          placeholder={t('flows.namePrefix')}
          aria-label={t('flows.namePrefix')}
          style={{ width: 240 }}
          onSearch={(namePrefix) => setFilter({ ...filter, namePrefix: namePrefix.trim() })}
        />
        <Select<Status | ''>
          aria-label={t('flows.status')}
          style={{ width: 160 }}
          value={filter.status ?? ''}
          options={[
            { value: '', label: t('flows.anyStatus') },
            ...STATES.map((value) => ({ value, label: t(`flows.status.${value}`) })),
          ]}
          onChange={(status) => setFilter({ ...filter, status: status || undefined })}
        />
        <Select
          aria-label={t('flows.started')}
          style={{ width: 200 }}
          value={filter.withinS}
          options={SPANS.map(([value, name]) => ({ value, label: t(`flows.within.${name}`) }))}
          onChange={(withinS) => setFilter({ ...filter, withinS })}
        />
      </Space>
      <DataTable
        label={t('flows.executions')}
        query={query}
        columns={columns}
        rowKey={({ name }) => name}
        empty={
          isFiltered ? (
            <Empty description={t('common.nothingFound')} />
          ) : (
            <Empty description={t('flows.noExecutions')}>{start}</Empty>
          )
        }
        more={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
      />
      <Command text={`liuyun flow list ${flow}${filter.status ? ` --status ${filter.status}` : ''}`} />
    </Flex>
  )
}
