import { DeleteOutlined } from '@ant-design/icons'
import { Button, Flex, Statistic, Tabs, Typography } from 'antd'
import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { useText } from '@/i18n'
import { paths } from '@/paths'
import { useMay } from '@/session'
import { ErrorNote } from '@/ui/ErrorNote'
import { Loading } from '@/ui/Loading'
import { PageFrame } from '@/ui/PageFrame'
import { TimeText } from '@/ui/TimeText'
import { useAct } from '@/ui/useAct'
import { AttributesTab } from './AttributesTab'
import { sameFor } from './commands'
import { MessagesTab } from './MessagesTab'
import { acts, type QueueView, useQueue } from './queries'
import { SendDialog } from './SendDialog'

export function Page() {
  const { queue = '' } = useParams()
  const found = useQueue(queue)
  if (found.error) return <ErrorNote error={found.error} retry={() => void found.refetch()} />
  return found.data ? <Content key={queue} found={found.data} /> : <Loading />
}

function Content({ found }: { found: QueueView }) {
  const t = useText()
  const go = useNavigate()
  const mayChange = useMay('administrator')
  const mayAct = useMay('operator')
  const { confirmed } = useAct()
  const [sending, setSending] = useState(false)
  const { name, counts } = found
  const count = counts.active + counts.inactive + counts.delayed
  const purge = () =>
    confirmed(t('messages.purge'), t('messages.purgeHint', { count }), () => acts.purge(name), {
      done: t('messages.purged'),
      same: sameFor({ kind: 'purge', queue: name }),
    })
  const remove = () =>
    confirmed(
      t('messages.deleteQueue'),
      t('messages.deleteQueueHint', { name }),
      async () => {
        await acts.removeQueue(name)
        void go(paths.messages())
      },
      { same: sameFor({ kind: 'deleteQueue', queue: name }) },
    )
  return (
    <PageFrame
      title={name}
      crumbs={[{ text: t('messages.title'), to: paths.messages() }, { text: t('messages.queues') }]}
      actions={
        <>
          <Button type="primary" disabled={!mayAct} onClick={() => setSending(true)}>
            {t('messages.send')}
          </Button>
          <Button danger disabled={!mayChange || count === 0} onClick={purge}>
            {t('messages.purge')}
          </Button>
          <Button danger icon={<DeleteOutlined />} disabled={!mayChange} onClick={remove}>
            {t('common.delete')}
          </Button>
        </>
      }
    >
      <Flex gap={40} wrap>
        <Statistic title={t('messages.active')} value={counts.active} />
        <Statistic title={t('messages.inactive')} value={counts.inactive} />
        <Statistic title={t('messages.delayed')} value={counts.delayed} />
        <Flex vertical gap={4}>
          <Typography.Text type="secondary">{t('messages.oldest')}</Typography.Text>
          <TimeText at={found.oldestAt ?? 0} />
        </Flex>
      </Flex>
      <Tabs
        items={[
          { key: 'messages', label: t('messages.title'), children: <MessagesTab found={found} /> },
          { key: 'attributes', label: t('messages.attributes'), children: <AttributesTab queue={found} /> },
        ]}
      />
      {sending ? <SendDialog queue={name} close={() => setSending(false)} /> : null}
    </PageFrame>
  )
}
