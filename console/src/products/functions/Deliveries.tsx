import { Descriptions, Empty, Flex, Table, type TableColumnsType, Typography } from 'antd'
import { useText } from '@/i18n'
import { ofCode } from '@/ui/cells'
import { SideDialog } from '@/ui/Dialog'
import { TimeText } from '@/ui/TimeText'
import { durationText } from './format'
import { InvocationDetails } from './InvocationDetails'
import { OutcomeTag } from './OutcomeTag'
import type { Named, RecordView, TriggerView } from './queries'

/** A trigger as it was made, and its last deliveries, each with its log. */
export function Deliveries({ named, trigger, close }: { named: Named; trigger: TriggerView; close: () => void }) {
  const t = useText()
  const columns: TableColumnsType<RecordView> = [
    { title: t('common.time'), render: (_, { beganAt }) => <TimeText at={beganAt} /> },
    { title: t('functions.outcome'), render: (_, record) => <OutcomeTag record={record} /> },
    { title: t('functions.error'), dataIndex: 'error', onCell: ofCode },
    { title: t('functions.duration'), align: 'right', render: (_, { durationMs }) => durationText(durationMs) },
    { title: t('functions.lag'), align: 'right', render: (_, { lagMs }) => `${lagMs} ms` },
  ]
  return (
    <SideDialog size={760} onClose={close} title={<span translate="no">{trigger.name}</span>}>
      <Flex vertical gap={16}>
        <Descriptions
          size="small"
          column={3}
          items={[
            { key: 'delivered', label: t('functions.delivered'), children: trigger.delivered },
            { key: 'failed', label: t('functions.failures'), children: trigger.failed },
            { key: 'worst', label: t('functions.worstLag'), children: `${trigger.worstLagMs} ms` },
          ]}
        />
        <pre className="mono block">
          {JSON.stringify({ ...trigger.config, ...(trigger.sourceArn ? { sourceArn: trigger.sourceArn } : {}) }, null, 2)}
        </pre>
        <Typography.Text strong>{t('functions.lastDeliveries')}</Typography.Text>
        <Table<RecordView>
          aria-label={t('functions.lastDeliveries')}
          size="small"
          columns={columns}
          dataSource={trigger.last}
          rowKey={({ requestId, beganAt, retry }) => `${requestId} ${beganAt} ${retry}`}
          pagination={false}
          expandable={{
            expandedRowRender: (record) => <InvocationDetails named={named} record={record} />,
            columnTitle: <span className="unseen">{t('common.details')}</span>,
          }}
          locale={{ emptyText: <Empty description={t('functions.noDeliveries')} /> }}
        />
      </Flex>
    </SideDialog>
  )
}
