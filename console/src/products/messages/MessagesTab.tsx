import { App, Button, Empty, Flex, Space, Table, type TableColumnsType, Typography } from 'antd'
import { useState } from 'react'
import { useText } from '@/i18n'
import { useMay } from '@/session'
import { DataTable } from '@/ui/DataTable'
import { TimeText } from '@/ui/TimeText'
import { Acts as SameActs } from '@/ui/SameElsewhere'
import { useAct } from '@/ui/useAct'
import { Body } from './Body'
import { sameFor } from './commands'
import { Equivalent } from './Equivalent'
import { acts, type MessageView, type QueueView, usePeek } from './queries'

const AT_ONCE = 16
const MINUTE_S = 60

/** What waits in the queue, and what was received here and is hidden from others. */
export function MessagesTab({ found }: { found: QueueView }) {
  const t = useText()
  const mayAct = useMay('operator')
  const { message } = App.useApp()
  const queue = found.name
  const peeked = usePeek(queue, found)
  const { act, isPending } = useAct()
  const [received, setReceived] = useState<MessageView[]>([])
  const handle = received[0]?.receiptHandle
  const receive = () =>
    act(async () => {
      const { messages } = await acts.receive(queue, AT_ONCE)
      setReceived((before) => [...before, ...messages])
      if (messages.length === 0) void message.info(t('messages.noneReceived'))
    }, t('messages.received'))
  const drop = (gone: MessageView) => setReceived((all) => all.filter(({ messageId }) => messageId !== gone.messageId))
  const common: TableColumnsType<MessageView> = [
    { title: t('messages.body'), render: (_, { body }) => <Body text={body} />, width: '45%' },
    { title: t('messages.priority'), align: 'right', dataIndex: 'priority' },
    { title: t('messages.sentAt'), render: (_, { enqueuedAt }) => <TimeText at={enqueuedAt} /> },
    { title: t('messages.times'), align: 'right', dataIndex: 'receivedCount' },
  ]
  return (
    <Flex vertical gap={16}>
      <Flex justify="space-between" align="center" wrap gap={8}>
        <Typography.Text type="secondary">{t('messages.nextHint')}</Typography.Text>
        <Button disabled={!mayAct} loading={isPending} onClick={() => void receive()}>
          {t('messages.receive')}
        </Button>
      </Flex>
      <DataTable
        label={t('messages.next')}
        query={peeked}
        columns={common}
        rowKey={({ messageId }) => messageId}
        searched={({ body }) => body}
        empty={<Empty description={t('messages.nobodyWaits')} />}
      />
      {received.length > 0 ? (
        <section aria-label={t('messages.received')}>
          <Typography.Title level={2} style={{ fontSize: 16 }}>
            {t('messages.received')}
          </Typography.Title>
          <Typography.Paragraph type="secondary">{t('messages.receivedHint')}</Typography.Paragraph>
          <Table<MessageView>
            size="middle"
            rowKey="messageId"
            pagination={false}
            scroll={{ x: 'max-content' }}
            dataSource={received}
            columns={[
              ...common,
              { title: t('messages.visibleAt'), render: (_, { visibleAt }) => <TimeText at={visibleAt} /> },
              {
                title: t('common.actions'),
                fixed: 'right',
                render: (_, one) => <Acts queue={queue} one={one} drop={drop} renew={setReceived} />,
              },
            ]}
          />
        </section>
      ) : null}
      <Equivalent act={{ kind: 'receive', queue }} />
      {handle ? (
        <SameActs
          acts={[
            [t('common.delete'), sameFor({ kind: 'delete', queue, receiptHandle: handle })],
            [t('messages.again'), sameFor({ kind: 'hide', queue, receiptHandle: handle, timeoutS: 0 })],
            [t('messages.longer'), sameFor({ kind: 'hide', queue, receiptHandle: handle, timeoutS: MINUTE_S })],
          ]}
        />
      ) : null}
    </Flex>
  )
}

function Acts(props: {
  queue: string
  one: MessageView
  drop: (gone: MessageView) => void
  renew: (change: (all: MessageView[]) => MessageView[]) => void
}) {
  const { queue, one, drop, renew } = props
  const t = useText()
  const { act } = useAct()
  const remove = async () => {
    if (await act(() => acts.remove(queue, one.receiptHandle), t('messages.deleted'))) drop(one)
  }
  const giveBack = async () => {
    if (await act(() => acts.hide(queue, one.receiptHandle, 0), t('messages.givenBack'))) drop(one)
  }
  const keep = () =>
    act(async () => {
      const left_s = Math.max(0, Math.round((one.visibleAt - Date.now()) / 1000))
      const hidden = await acts.hide(queue, one.receiptHandle, left_s + MINUTE_S)
      renew((all) => all.map((each) => (each.messageId === one.messageId ? { ...each, ...hidden } : each)))
    })
  return (
    <Space size={4}>
      <Button size="small" onClick={() => void remove()}>
        {t('common.delete')}
      </Button>
      <Button size="small" onClick={() => void giveBack()}>
        {t('messages.again')}
      </Button>
      <Button size="small" onClick={() => void keep()}>
        {t('messages.longer')}
      </Button>
    </Space>
  )
}
