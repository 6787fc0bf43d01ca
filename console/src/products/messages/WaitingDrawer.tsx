import { Button, Drawer, Empty, Flex, Space, Table, type TableColumnsType, Typography } from 'antd'
import { useSay, useText } from '@/i18n'
import { useMay } from '@/session'
import { ofCode } from '@/ui/cells'
import { ErrorNote } from '@/ui/ErrorNote'
import { TimeText } from '@/ui/TimeText'
import { useAct } from '@/ui/useAct'
import { Body } from './Body'
import { sameFor } from './commands'
import { Equivalent } from './Equivalent'
import { acts, type PutOffView, useWaiting } from './queries'

/** What a subscriber has yet to get, why it hasn't, when that is tried next; to be tried now, or never. */
export function WaitingDrawer({ topic, name, close }: { topic: string; name: string; close: () => void }) {
  const t = useText()
  const say = useSay()
  const mayRetry = useMay('operator')
  const mayGiveUp = useMay('administrator')
  const { act, confirmed, isPending } = useAct()
  const { data, error, isPending: isLoading, refetch } = useWaiting(topic, name)
  const count = data?.waiting ?? 0
  const retry = (message?: string) => void act(() => acts.retry(topic, name, message), t('messages.retried'))
  const giveUp = (hint: string, message?: string) =>
    confirmed(t(message ? 'messages.giveUp' : 'messages.giveUpAll'), hint, () => acts.giveUp(topic, name, message), {
      done: t('messages.gaveUp'),
      same: sameFor({ kind: 'giveUp', topic, name, messageId: message }),
    })
  const columns: TableColumnsType<PutOffView> = [
    { title: t('messages.body'), width: 200, render: (_, { body }) => <Body text={body} /> },
    { title: t('messages.tag'), dataIndex: 'tag', onCell: ofCode },
    {
      title: t('messages.reason'),
      width: 260,
      render: (_, { reason, phrase }) => (phrase ? say(phrase) : reason ? <Body text={reason} /> : '–'),
    },
    { title: t('messages.triedAt'), render: (_, { triedAt }) => <TimeText at={triedAt ?? 0} /> },
    { title: t('messages.dueAt'), render: (_, { dueAt }) => <TimeText at={dueAt} /> },
    { title: t('messages.failures'), align: 'right', dataIndex: 'failures' },
    { title: t('messages.throttles'), align: 'right', dataIndex: 'throttles' },
    { title: t('messages.publishedAt'), render: (_, { publishedAt }) => <TimeText at={publishedAt} /> },
    {
      title: t('common.actions'),
      render: (_, { messageId, triedAt }) => (
        <Space size={4}>
          <Button size="small" disabled={!mayRetry} onClick={() => retry(messageId)}>
            {t('messages.retry')}
          </Button>
          <Button
            size="small"
            danger
            disabled={!mayGiveUp || !triedAt}
            onClick={() => giveUp(t('messages.giveUpOneHint', { name }), messageId)}
          >
            {t('messages.giveUp')}
          </Button>
        </Space>
      ),
    },
  ]
  return (
    <Drawer open size={960} title={`${t('messages.waiting')}: ${name}`} onClose={close}>
      {error ? <ErrorNote error={error} retry={() => void refetch()} /> : null}
      <Flex vertical gap={12}>
        <Flex justify="space-between" align="center" wrap gap={8}>
          <Typography.Text type="secondary">{t('messages.waitingHint', { count })}</Typography.Text>
          <Space size={8} wrap>
            <Button disabled={!mayRetry || !count} loading={isPending} onClick={() => retry()}>
              {t('messages.retryAll')}
            </Button>
            <Button danger disabled={!mayGiveUp || !count} onClick={() => giveUp(t('messages.giveUpHint', { name, count }))}>
              {t('messages.giveUpAll')}
            </Button>
          </Space>
        </Flex>
        <Table
          size="small"
          loading={isLoading}
          pagination={false}
          scroll={{ x: 'max-content' }}
          rowKey={({ messageId }) => messageId}
          dataSource={data?.deliveries}
          locale={{ emptyText: <Empty description={t('messages.nothingWaits')} /> }}
          columns={columns}
        />
        <Equivalent act={{ kind: 'deliveries', topic, name }} />
        <Equivalent act={{ kind: 'retry', topic, name }} />
      </Flex>
    </Drawer>
  )
}
