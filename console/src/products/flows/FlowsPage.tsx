import { PlusOutlined } from '@ant-design/icons'
import { Button, Empty, Tag, type TableColumnsType } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useText } from '@/i18n'
import { paths } from '@/paths'
import { useMay } from '@/session'
import { ofCode } from '@/ui/cells'
import { Command } from '@/ui/Command'
import { DataTable } from '@/ui/DataTable'
import { PageFrame } from '@/ui/PageFrame'
import { TimeText } from '@/ui/TimeText'
import { useAct } from '@/ui/useAct'
import { NewFlowDialog } from './NewFlowDialog'
import { sameFor } from './commands'
import { acts, type FlowSummary, useFlows } from './queries'

export function Page() {
  const t = useText()
  const query = useFlows()
  const mayChange = useMay('administrator')
  const { confirmed } = useAct()
  const [creating, setCreating] = useState(false)
  const columns: TableColumnsType<FlowSummary> = [
    {
      title: t('common.name'),
      onCell: ofCode,
      render: (_, { name }) => <Link to={paths.flow(name)}>{name}</Link>,
    },
    { title: t('common.description'), render: (_, { description }) => <span translate="no">{description}</span> },
    { title: t('flows.mode'), render: (_, { mode }) => <Tag>{t(`flows.mode.${mode}`)}</Tag> },
    { title: t('flows.updated'), render: (_, { updatedAt }) => <TimeText at={updatedAt} /> },
    {
      title: t('common.actions'),
      render: (_, { name }) => (
        <Button
          size="small"
          danger
          disabled={!mayChange}
          onClick={() =>
            confirmed(t('common.delete'), t('flows.deleteHint', { name }), () => acts.remove(name), {
              done: t('flows.deleted'),
              same: sameFor({ kind: 'delete', flow: name }),
            })
          }
        >
          {t('common.delete')}
        </Button>
      ),
    },
  ]
  const add = (
    <Button type="primary" icon={<PlusOutlined />} disabled={!mayChange} onClick={() => setCreating(true)}>
      {t('flows.new')}
    </Button>
  )
  return (
    <PageFrame title={t('flows.title')} intro={t('flows.intro')} actions={add}>
      <DataTable
        label={t('flows.title')}
        query={query}
        columns={columns}
        rowKey={({ name }) => name}
        searched={({ name, description }) => `${name} ${description}`}
        empty={<Empty description={t('flows.none')}>{add}</Empty>}
        more={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
      />
      <Command text="liuyun flow list" />
      {creating ? <NewFlowDialog close={() => setCreating(false)} /> : null}
    </PageFrame>
  )
}
