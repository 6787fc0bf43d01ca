import { Empty, Flex, Input, Switch, Table, type TableColumnsType, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useText } from '@/i18n'
import { ErrorNote } from '@/ui/ErrorNote'
import { TimeText } from '@/ui/TimeText'
import { Equivalent } from './Equivalent'
import { durationText } from './format'
import { InvocationDetails } from './InvocationDetails'
import { OutcomeTag } from './OutcomeTag'
import { type Named, type RecordView, useInvocations } from './queries'

/** The latest calls; each opens to its log. */
export function InvocationsTab({ named }: { named: Named }) {
  const t = useText()
  const [requestId, setRequestId] = useState('')
  const [live, setLive] = useState(true)
  const found = useInvocations(named, requestId, live)
  if (found.error) return <ErrorNote error={found.error} retry={() => void found.refetch()} />
  const columns: TableColumnsType<RecordView> = [
    { title: t('common.time'), render: (_, { beganAt }) => <TimeText at={beganAt} /> },
    { title: t('functions.requestId'), dataIndex: 'requestId', className: 'mono' },
    { title: t('functions.source'), render: (_, { source }) => <Tag translate="no">{source}</Tag> },
    { title: t('functions.version'), dataIndex: 'versionId', className: 'mono' },
    { title: t('functions.outcome'), render: (_, record) => <OutcomeTag record={record} /> },
    { title: t('functions.duration'), align: 'right', render: (_, { durationMs }) => durationText(durationMs) },
    { title: t('functions.memoryUsed'), align: 'right', render: (_, { memoryMb }) => `${memoryMb.toFixed(1)} MB` },
    { render: (_, { cold }) => (cold ? <Tag color="processing">{t('functions.coldStart')}</Tag> : null) },
  ]
  return (
    <Flex vertical gap={12}>
      <Flex justify="space-between" wrap gap={8}>
        <Input.Search
          allowClear
          placeholder={t('functions.searchRequest')}
          aria-label={t('functions.searchRequest')}
          style={{ maxWidth: 420 }}
          maxLength={128}
          onSearch={(text) => setRequestId(text.trim())}
        />
        <label>
          <Switch size="small" checked={live} onChange={setLive} aria-label={t('functions.live')} />{' '}
          <Typography.Text>{t('functions.live')}</Typography.Text>
        </label>
      </Flex>
      <Table<RecordView>
        aria-label={t('functions.tab.invocations')}
        size="small"
        columns={columns}
        dataSource={found.data}
        loading={found.isPending}
        rowKey={({ requestId, beganAt, retry }) => `${requestId} ${beganAt} ${retry}`}
        pagination={false}
        scroll={{ x: 'max-content' }}
        expandable={{
          expandedRowRender: (record) => <InvocationDetails named={named} record={record} />,
          columnTitle: <span className="unseen">{t('common.details')}</span>,
        }}
        locale={{
          emptyText: (
            <Empty description={requestId ? t('common.nothingFound') : t('functions.noInvocations')} />
          ),
        }}
      />
      <Equivalent act={{ kind: 'invocations', named, requestId }} />
    </Flex>
  )
}
