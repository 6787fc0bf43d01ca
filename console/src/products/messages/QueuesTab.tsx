import { PlusOutlined } from '@ant-design/icons'
import { Button, Empty, Flex, type TableColumnsType } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useText } from '@/i18n'
import { paths } from '@/paths'
import { useMay } from '@/session'
import { ofCode } from '@/ui/cells'
import { Command } from '@/ui/Command'
import { DataTable } from '@/ui/DataTable'
import { TimeText } from '@/ui/TimeText'
import { QueueDialog } from './QueueDialog'
import { type QueueView, useQueues } from './queries'

/** All queues, with what is in them at the moment. */
export function QueuesTab() {
  const t = useText()
  const query = useQueues()
  const mayChange = useMay('administrator')
  const [creating, setCreating] = useState(false)
  const columns: TableColumnsType<QueueView> = [
    {
      title: t('common.name'),
      onCell: ofCode,
      render: (_, { name }) => <Link to={paths.queue(name)}>{name}</Link>,
    },
    { title: t('messages.active'), align: 'right', render: (_, { counts }) => counts.active },
    { title: t('messages.inactive'), align: 'right', render: (_, { counts }) => counts.inactive },
    { title: t('messages.delayed'), align: 'right', render: (_, { counts }) => counts.delayed },
    { title: t('functions.changed'), render: (_, { updatedAt }) => <TimeText at={updatedAt} /> },
  ]
  const add = (
    <Button type="primary" icon={<PlusOutlined />} disabled={!mayChange} onClick={() => setCreating(true)}>
      {t('messages.newQueue')}
    </Button>
  )
  return (
    <Flex vertical gap={12}>
      <Flex justify="end">{add}</Flex>
      <DataTable
        label={t('messages.queues')}
        query={{ ...query, data: query.data?.pages.flatMap(({ queues }) => queues) }}
        columns={columns}
        rowKey={({ name }) => name}
        searched={({ name }) => name}
        empty={<Empty description={t('messages.noQueues')}>{add}</Empty>}
        more={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
      />
      <Command text="liuyun queue list" />
      {creating ? <QueueDialog close={() => setCreating(false)} /> : null}
    </Flex>
  )
}
