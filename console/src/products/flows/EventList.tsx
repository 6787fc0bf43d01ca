import { Empty, type TableColumnsType } from 'antd'
import { useText } from '@/i18n'
import { ofCode } from '@/ui/cells'
import { DataTable } from '@/ui/DataTable'
import { TimeText } from '@/ui/TimeText'
import type { EventView } from './queries'

/** The history as it is stored. */
export function EventList({ events }: { events: EventView[] }) {
  const t = useText()
  const columns: TableColumnsType<EventView> = [
    { title: t('flows.number'), dataIndex: 'id', width: 70, align: 'right' },
    { title: t('common.time'), width: 210, render: (_, { time }) => <TimeText at={time} /> },
    { title: t('flows.eventType'), dataIndex: 'type', onCell: ofCode, width: 170 },
    { title: t('flows.step'), dataIndex: 'path', onCell: ofCode, width: 170 },
    {
      title: t('common.details'),
      render: (_, { detail }) => <code className="mono flow-detail">{JSON.stringify(detail)}</code>,
    },
  ]
  return (
    <DataTable
      label={t('flows.eventList')}
      query={{ data: events, isPending: false, error: null, refetch: () => undefined }}
      columns={columns}
      rowKey={({ id }) => String(id)}
      searched={({ type, path, detail }) => `${type} ${path} ${JSON.stringify(detail)}`}
      empty={<Empty description={t('flows.noSteps')} />}
    />
  )
}
