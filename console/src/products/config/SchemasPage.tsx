import { PlusOutlined } from '@ant-design/icons'
import { Button, Empty, Tag, type TableColumnsType } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useLanguage } from '@/i18n'
import { paths } from '@/paths'
import { useMay } from '@/session'
import { Command } from '@/ui/Command'
import { DataTable } from '@/ui/DataTable'
import { PageFrame } from '@/ui/PageFrame'
import { TimeText } from '@/ui/TimeText'
import { described } from './localized'
import { type SchemaView, useSchemas } from './queries'
import { SchemaDialog } from './SchemaDialog'

export function Page() {
  const { t, language } = useLanguage()
  const query = useSchemas()
  const mayChange = useMay('administrator')
  const [editing, setEditing] = useState<SchemaView | 'new' | null>(null)
  const columns: TableColumnsType<SchemaView> = [
    { title: t('common.name'), render: (_, { name }) => <Link to={paths.schema(name)}>{name}</Link> },
    { title: t('common.description'), render: (_, schema) => described(schema, language) },
    {
      title: t('config.kind'),
      render: (_, { kind, reviewed }) => (
        <>
          <Tag color={kind === 'secret' ? 'error' : 'processing'}>{t(`config.kind.${kind}`)}</Tag>
          {reviewed ? <Tag>{t('config.reviewed')}</Tag> : null}
        </>
      ),
    },
    { title: t('config.revision'), dataIndex: 'revision', align: 'right' },
    { title: t('common.time'), render: (_, { at }) => <TimeText at={at} /> },
    {
      title: t('common.actions'),
      render: (_, schema) => (
        <Button size="small" disabled={!mayChange} onClick={() => setEditing(schema)}>
          {t('common.edit')}
        </Button>
      ),
    },
  ]
  const add = (
    <Button type="primary" icon={<PlusOutlined />} disabled={!mayChange} onClick={() => setEditing('new')}>
      {t('config.newSchema')}
    </Button>
  )
  return (
    <PageFrame
      title={t('config.title')}
      intro={t('config.intro')}
      actions={
        <>
          <Link to={paths.drafts()}>
            <Button>{t('config.drafts')}</Button>
          </Link>
          {add}
        </>
      }
    >
      <DataTable
        label={t('config.schemas')}
        query={query}
        columns={columns}
        rowKey={({ name }) => name}
        searched={(schema) => `${schema.name} ${described(schema, language)}`}
        empty={<Empty description={t('config.noSchemas')}>{add}</Empty>}
      />
      <Command text="liuyun config schemas" />
      {editing ? (
        <SchemaDialog schema={editing === 'new' ? null : editing} close={() => setEditing(null)} />
      ) : null}
    </PageFrame>
  )
}
