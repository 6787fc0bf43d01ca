import { Drawer, Empty, Table, Typography } from 'antd'
import { useText } from '@/i18n'
import { ErrorNote } from '@/ui/ErrorNote'
import { TimeText } from '@/ui/TimeText'
import { Body } from './Body'
import { useWaiting } from './queries'

/** What a subscriber has yet to get, and when that is tried next. */
export function WaitingDrawer({ topic, name, close }: { topic: string; name: string; close: () => void }) {
  const t = useText()
  const { data, error, isPending, refetch } = useWaiting(topic, name)
  return (
    <Drawer open size="large" title={`${t('messages.waiting')}: ${name}`} onClose={close}>
      {error ? <ErrorNote error={error} retry={() => void refetch()} /> : null}
      <Typography.Paragraph type="secondary">
        {t('messages.waitingHint', { count: data?.waiting ?? 0 })}
      </Typography.Paragraph>
      <Table
        size="small"
        loading={isPending}
        pagination={false}
        scroll={{ x: 'max-content' }}
        rowKey={({ messageId }) => messageId}
        dataSource={data?.deliveries}
        locale={{ emptyText: <Empty description={t('messages.nothingWaits')} /> }}
        columns={[
          { title: t('messages.body'), width: '35%', render: (_, { body }) => <Body text={body} /> },
          { title: t('messages.tag'), dataIndex: 'tag', className: 'mono' },
          { title: t('messages.publishedAt'), render: (_, { publishedAt }) => <TimeText at={publishedAt} /> },
          { title: t('messages.failures'), align: 'right', dataIndex: 'failures' },
          { title: t('messages.throttles'), align: 'right', dataIndex: 'throttles' },
          { title: t('messages.dueAt'), render: (_, { dueAt }) => <TimeText at={dueAt} /> },
        ]}
      />
    </Drawer>
  )
}
