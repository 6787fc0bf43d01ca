import { Button, Empty, Flex, Table, type TableColumnsType, Tag } from 'antd'
import { useMemo, useState } from 'react'
import { useText } from '@/i18n'
import { ofCode } from '@/ui/cells'
import { ErrorNote } from '@/ui/ErrorNote'
import { useReachable } from '@/ui/reachable'
import { TimeText } from '@/ui/TimeText'
import { ALL, CallSearchForm } from './CallSearchForm'
import { Equivalent } from './Equivalent'
import { durationText } from './format'
import { InvocationDetails } from './InvocationDetails'
import { OutcomeTag } from './OutcomeTag'
import { type Named, type RecordView, useInvocations } from './queries'

/** The calls that are looked for; each opens to its trace and its log. */
export function InvocationsTab({ named }: { named: Named }) {
  const t = useText()
  const [wanted, setWanted] = useState(ALL)
  const [live, setLive] = useState(true)
  const found = useInvocations(named, wanted, live)
  const table = useReachable()
  const rows = useMemo(() => found.data?.pages.flatMap(({ records }) => records) ?? [], [found.data])
  const many = rows.length > 100
  if (found.error) return <ErrorNote error={found.error} retry={() => void found.refetch()} />
  const columns: TableColumnsType<RecordView> = [
    { title: t('common.time'), width: 190, render: (_, { beganAt }) => <TimeText at={beganAt} /> },
    { title: t('functions.requestId'), dataIndex: 'requestId', width: 310, onCell: ofCode },
    { title: t('functions.source'), width: 110, render: (_, { source }) => <Tag translate="no">{source}</Tag> },
    { title: t('functions.version'), dataIndex: 'versionId', width: 100, onCell: ofCode },
    { title: t('functions.outcome'), width: 110, render: (_, record) => <OutcomeTag record={record} /> },
    { title: t('functions.duration'), width: 110, align: 'right', render: (_, { durationMs }) => durationText(durationMs) },
    { title: t('functions.memoryUsed'), width: 130, align: 'right', render: (_, { memoryMb }) => `${memoryMb.toFixed(1)} MB` },
    { width: 120, render: (_, { cold }) => (cold ? <Tag color="processing">{t('functions.coldStart')}</Tag> : null) },
  ]
  return (
    <Flex vertical gap={12}>
      <CallSearchForm
        named={named}
        wanted={wanted}
        want={(change) => setWanted((before) => ({ ...before, ...change }))}
        live={live}
        setLive={setLive}
      />
      <Table<RecordView>
        ref={table}
        aria-label={t('functions.tab.invocations')}
        className="frame"
        size="small"
        columns={columns}
        dataSource={rows}
        loading={found.isPending}
        rowKey={({ requestId, beganAt, retry }) => `${requestId} ${beganAt} ${retry}`}
        pagination={false}
        key={many ? 'many' : 'few'} // its columns are measured as it begins
        virtual={many}
        scroll={many ? { x: 1230, y: 560 } : { x: 'max-content' }}
        expandable={{
          expandedRowRender: (record) => <InvocationDetails named={named} record={record} />,
          columnTitle: <span className="unseen">{t('common.details')}</span>,
        }}
        locale={{
          emptyText: (
            <Empty description={wanted === ALL ? t('functions.noInvocations') : t('common.nothingFound')} />
          ),
        }}
      />
      {found.hasNextPage ? (
        <Flex justify="center">
          <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t('functions.further')}
          </Button>
        </Flex>
      ) : null}
      <Equivalent act={{ kind: 'invocations', named, wanted }} />
    </Flex>
  )
}
