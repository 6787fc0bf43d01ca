import { useInfiniteQuery } from '@tanstack/react-query'
import { Empty, Tag, type TableColumnsType } from 'antd'
import { api, type Schemas, taken } from '@/api/client'
import { useText } from '@/i18n'
import { ofCode } from '@/ui/cells'
import { DataTable } from '@/ui/DataTable'
import { PageFrame } from '@/ui/PageFrame'
import { TimeText } from '@/ui/TimeText'

type Record = Schemas['AuditView']

export function Page() {
  const t = useText()
  const query = useInfiniteQuery({
    queryKey: ['audit'],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) => taken(api.GET('/api/audit', { params: { query: { before: pageParam } } })),
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const rows = query.data?.pages.flatMap((page) => page.records)
  const columns: TableColumnsType<Record> = [
    { title: t('common.time'), render: (_, { at }) => <TimeText at={at} /> },
    { title: t('audit.actor'), dataIndex: 'actor', onCell: ofCode },
    { title: t('audit.action'), render: (_, { action }) => <Tag translate="no">{action}</Tag> },
    { title: t('audit.resource'), dataIndex: 'resource', onCell: ofCode },
    { title: t('audit.from'), dataIndex: 'ip' },
    {
      title: t('common.details'),
      onCell: ofCode,
      render: (_, { facts }) =>
        Object.entries(facts)
          .map(([name, value]) => `${name}: ${String(value)}`)
          .join(', '),
    },
  ]
  return (
    <PageFrame title={t('audit.title')} intro={t('audit.intro')}>
      <DataTable
        label={t('audit.title')}
        query={{ ...query, data: rows }}
        columns={columns}
        rowKey={({ sequence }) => String(sequence)}
        searched={(row) => `${row.actor} ${row.action} ${row.resource} ${row.requestId}`}
        empty={<Empty description={t('audit.empty')} />}
        more={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
      />
    </PageFrame>
  )
}
