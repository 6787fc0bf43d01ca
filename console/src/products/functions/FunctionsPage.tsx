import { PlusOutlined } from '@ant-design/icons'
import { Button, Empty, Tag, type TableColumnsType } from 'antd'
import { useMemo, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { useText } from '@/i18n'
import { paths } from '@/paths'
import { useMay } from '@/session'
import { ofCode, ownWords } from '@/ui/cells'
import { Command } from '@/ui/Command'
import { DataTable } from '@/ui/DataTable'
import { PageFrame } from '@/ui/PageFrame'
import { TimeText } from '@/ui/TimeText'
import { CreateDialog } from './CreateDialog'
import { bytesText } from './format'
import { type FunctionRow, useFunctions, useOwnTemplates } from './queries'

/** All functions, of services and without. */
export function Page() {
  const t = useText()
  const query = useFunctions()
  const mayDeploy = useMay('administrator')
  const templates = useOwnTemplates()
  const [search, setSearch] = useSearchParams()
  const asked = (name: string) => search.get(name) ?? ''
  const [creating, setCreating] = useState(asked('template') !== '')
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.functions), [query.data])
  const services = query.data?.pages[0]?.services ?? []
  const create = (
    <Button type="primary" icon={<PlusOutlined />} disabled={!mayDeploy} onClick={() => setCreating(true)}>
      {t('functions.new')}
    </Button>
  )
  const columns: TableColumnsType<FunctionRow> = [
    {
      title: t('functions.function'),
      render: (_, row) => (
        <Link to={paths.function(row.service, row.name)} translate="no">
          {row.name}
        </Link>
      ),
    },
    {
      title: t('functions.service'),
      render: (_, { service }) => (service ? <span translate="no">{service}</span> : <Tag>{t('functions.fc3')}</Tag>),
    },
    { title: t('functions.runtime'), dataIndex: 'runtime', onCell: ofCode },
    { title: t('functions.memory'), render: (_, { memoryMb }) => `${memoryMb} MB` },
    { title: t('functions.codeSize'), render: (_, { codeSize }) => bytesText(codeSize) },
    { title: t('common.description'), dataIndex: 'description', ellipsis: true, onCell: ownWords },
    { title: t('functions.changed'), render: (_, { updatedAt }) => <TimeText at={updatedAt} /> },
  ]
  return (
    <PageFrame title={t('functions.title')} intro={t('functions.intro')} actions={create}>
      <DataTable
        label={t('functions.title')}
        query={{ ...query, data: rows }}
        columns={columns}
        rowKey={({ service, name }) => `${service}/${name}`}
        searched={(row) => `${row.service}/${row.name} ${row.runtime} ${row.description}`}
        empty={<Empty description={t('functions.none')}>{create}</Empty>}
        more={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
      />
      <Command text="liuyun deploy DIRECTORY" />
      {creating && mayDeploy && templates.data ? (
        <CreateDialog
          services={services}
          templates={templates.data}
          wanted={{ template: asked('template'), service: asked('service'), name: asked('name') }}
          close={() => {
            setCreating(false)
            setSearch({}, { replace: true })
          }}
        />
      ) : null}
    </PageFrame>
  )
}
