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
import { type TopicView, useTopics } from './queries'
import { TopicDialog } from './TopicDialog'

/** All topics, with what has yet to be delivered. */
export function TopicsTab() {
  const t = useText()
  const query = useTopics()
  const mayChange = useMay('administrator')
  const [creating, setCreating] = useState(false)
  const columns: TableColumnsType<TopicView> = [
    {
      title: t('common.name'),
      onCell: ofCode,
      render: (_, { name }) => <Link to={paths.topic(name)}>{name}</Link>,
    },
    { title: t('messages.pending'), align: 'right', dataIndex: 'pending' },
    { title: t('functions.changed'), render: (_, { updatedAt }) => <TimeText at={updatedAt} /> },
  ]
  const add = (
    <Button type="primary" icon={<PlusOutlined />} disabled={!mayChange} onClick={() => setCreating(true)}>
      {t('messages.newTopic')}
    </Button>
  )
  return (
    <Flex vertical gap={12}>
      <Flex justify="end">{add}</Flex>
      <DataTable
        label={t('messages.topics')}
        query={{ ...query, data: query.data?.pages.flatMap(({ topics }) => topics) }}
        columns={columns}
        rowKey={({ name }) => name}
        searched={({ name }) => name}
        empty={<Empty description={t('messages.noTopics')}>{add}</Empty>}
        more={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
      />
      <Command text="liuyun topic list" />
      {creating ? <TopicDialog close={() => setCreating(false)} /> : null}
    </Flex>
  )
}
