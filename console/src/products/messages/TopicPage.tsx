import { DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Empty, Flex, Select, Space, type TableColumnsType, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { useText } from '@/i18n'
import { paths } from '@/paths'
import { useMay } from '@/session'
import { ofCode } from '@/ui/cells'
import { DataTable } from '@/ui/DataTable'
import { ErrorNote } from '@/ui/ErrorNote'
import { Loading } from '@/ui/Loading'
import { PageFrame } from '@/ui/PageFrame'
import { Acts } from '@/ui/SameElsewhere'
import { useAct } from '@/ui/useAct'
import { sameFor } from './commands'
import { PublishDialog } from './PublishDialog'
import { acts, type SubscriptionView, type TopicView, useSubscriptions, useTopic } from './queries'
import { SubscribeDialog } from './SubscribeDialog'
import { TopicDialog } from './TopicDialog'
import { WaitingDrawer } from './WaitingDrawer'

export const STRATEGIES = ['BACKOFF_RETRY', 'EXPONENTIAL_DECAY_RETRY'] as const

export function Page() {
  const { topic = '' } = useParams()
  const found = useTopic(topic)
  if (found.error) return <ErrorNote error={found.error} retry={() => void found.refetch()} />
  return found.data ? <Content key={topic} found={found.data} /> : <Loading />
}

function Content({ found }: { found: TopicView }) {
  const t = useText()
  const go = useNavigate()
  const mayChange = useMay('administrator')
  const mayAct = useMay('operator')
  const { confirmed } = useAct()
  const [opened, setOpened] = useState<'publish' | 'subscribe' | 'edit' | null>(null)
  const { name } = found
  const remove = () =>
    confirmed(
      t('messages.deleteTopic'),
      t('messages.deleteTopicHint', { name }),
      async () => {
        await acts.removeTopic(name)
        void go(`${paths.messages()}?tab=topics`)
      },
      { same: sameFor({ kind: 'deleteTopic', topic: name }) },
    )
  return (
    <PageFrame
      title={name}
      crumbs={[{ text: t('messages.title'), to: paths.messages() }, { text: t('messages.topics') }]}
      actions={
        <>
          <Button type="primary" disabled={!mayAct} onClick={() => setOpened('publish')}>
            {t('messages.publish')}
          </Button>
          <Button icon={<EditOutlined />} disabled={!mayChange} onClick={() => setOpened('edit')}>
            {t('messages.edit')}
          </Button>
          <Button danger icon={<DeleteOutlined />} disabled={!mayChange} onClick={remove}>
            {t('common.delete')}
          </Button>
        </>
      }
    >
      <Flex justify="space-between" align="center" wrap gap={8}>
        <Typography.Text>
          {t('messages.pending')}: {found.pending} · {t('messages.maxBytes')}: {found.maxMessageBytes}
        </Typography.Text>
        <Button icon={<PlusOutlined />} disabled={!mayChange} onClick={() => setOpened('subscribe')}>
          {t('messages.subscribe')}
        </Button>
      </Flex>
      <Subscriptions topic={name} mayChange={mayChange} />
      {opened === 'edit' ? <TopicDialog topic={found} close={() => setOpened(null)} /> : null}
      {opened === 'publish' ? <PublishDialog topic={name} close={() => setOpened(null)} /> : null}
      {opened === 'subscribe' ? <SubscribeDialog topic={name} close={() => setOpened(null)} /> : null}
    </PageFrame>
  )
}

function Subscriptions({ topic, mayChange }: { topic: string; mayChange: boolean }) {
  const t = useText()
  const query = useSubscriptions(topic)
  const { act, confirmed } = useAct()
  const [shown, setShown] = useState<string | null>(null)
  const first = query.data?.[0]
  const end = (name: string) =>
    confirmed(t('messages.unsubscribe'), t('messages.unsubscribeHint', { name }), () => acts.unsubscribe(topic, name), {
      same: sameFor({ kind: 'unsubscribe', topic, name }),
    })
  const columns: TableColumnsType<SubscriptionView> = [
    { title: t('common.name'), dataIndex: 'name', onCell: ofCode },
    { title: t('messages.endpoint'), dataIndex: 'endpoint', onCell: ofCode },
    { title: t('messages.filter'), render: (_, { filterTag }) => (filterTag ? <Tag translate="no">{filterTag}</Tag> : '–') },
    { title: t('messages.format'), render: (_, { format }) => <Tag translate="no">{format}</Tag> },
    {
      title: t('messages.strategy'),
      render: (_, { name, strategy }) => (
        <Select
          aria-label={t('messages.strategy')}
          value={strategy}
          disabled={!mayChange}
          style={{ minWidth: 240 }}
          options={STRATEGIES.map((value) => ({ value, label: t(`messages.strategy.${value}`) }))}
          onChange={(chosen) => void act(() => acts.setStrategy(topic, name, chosen))}
        />
      ),
    },
    {
      title: t('common.actions'),
      render: (_, { name, waiting }) => (
        <Space size={4}>
          <Button size="small" onClick={() => setShown(name)}>
            {t('messages.waiting')}
            {waiting ? <Tag color="warning">{waiting}</Tag> : null}
          </Button>
          <Button size="small" danger disabled={!mayChange} onClick={() => end(name)}>
            {t('messages.unsubscribe')}
          </Button>
        </Space>
      ),
    },
  ]
  return (
    <>
      <DataTable
        label={t('messages.subscriptions')}
        query={query}
        columns={columns}
        rowKey={({ name }) => name}
        searched={({ name, endpoint }) => `${name} ${endpoint}`}
        empty={<Empty description={t('messages.noSubscriptions')} />}
      />
      {first ? (
        <Acts
          acts={[
            [t('messages.strategy'), sameFor({ kind: 'strategy', topic, name: first.name, strategy: first.strategy })],
            [t('messages.unsubscribe'), sameFor({ kind: 'unsubscribe', topic, name: first.name })],
          ]}
        />
      ) : null}
      {shown ? <WaitingDrawer topic={topic} name={shown} close={() => setShown(null)} /> : null}
    </>
  )
}
