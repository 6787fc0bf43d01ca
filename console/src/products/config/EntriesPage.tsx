import { PlusOutlined } from '@ant-design/icons'
import { Button, Empty, Flex, Space, Tag, type TableColumnsType } from 'antd'
import { useMemo, useState } from 'react'
import { useParams, useSearchParams } from 'react-router'
import { useLanguage, useText } from '@/i18n'
import { paths } from '@/paths'
import { useMay } from '@/session'
import { ofCode } from '@/ui/cells'
import { Command } from '@/ui/Command'
import { DataTable } from '@/ui/DataTable'
import { JsonText } from '@/ui/JsonText'
import { PageFrame } from '@/ui/PageFrame'
import { quoted } from '@/ui/shell'
import { hideEntry, removeEntry } from './commands'
import { EntryDialog } from './EntryDialog'
import { HistoryDrawer } from './HistoryDrawer'
import { described } from './localized'
import { acts, type EffectiveView, useEntries, useSchema } from './queries'
import { RolloutDialog } from './RolloutDialog'
import { type Row, rowsOf } from './rows'
import { ScopePicker } from './ScopePicker'
import { useAct } from '@/ui/useAct'

/** What a scope sees of a schema, where each value comes from, and what can be done about it. */
export function Page() {
  const { t, language } = useLanguage()
  const { schema = '' } = useParams()
  const [search, setSearch] = useSearchParams()
  const scope = search.get('scope') ?? 'account'
  const entries = useEntries(schema, scope)
  const found = useSchema(schema)
  const mayChange = useMay('operator')
  const { act, confirmed } = useAct()
  const [editing, setEditing] = useState<Row | 'new' | null>(null)
  const [history, setHistory] = useState<string | null>(null)
  const [rolling, setRolling] = useState<Row | null>(null)
  const rows = useMemo(() => (entries.data ? rowsOf(entries.data) : undefined), [entries.data])
  const place = (key: string) => ({ schema, key, scope })

  const columns: TableColumnsType<Row> = [
    { title: t('config.key'), dataIndex: 'key', onCell: ofCode },
    { title: t('common.value'), render: (_, row) => <Value row={row} /> },
    { title: t('config.origin'), render: (_, row) => <Origins row={row} scope={scope} /> },
    {
      title: t('common.actions'),
      render: (_, row) => (
        <Space wrap size={4}>
          <Button size="small" disabled={!mayChange || !!row.own?.rollout} onClick={() => setEditing(row)}>
            {t('common.edit')}
          </Button>
          {row.own ? (
            <>
              <Button size="small" onClick={() => setHistory(row.key)}>
                {t('config.history')}
              </Button>
              <Button size="small" disabled={!mayChange || row.hidden} onClick={() => setRolling(row)}>
                {t('config.rollout')}
              </Button>
              <Button
                size="small"
                danger
                disabled={!mayChange}
                onClick={() =>
                  confirmed(
                    t('config.removeHere'),
                    t('config.removeHint'),
                    () => acts.remove(place(row.key), row.own!.newest),
                    { same: { command: removeEntry(place(row.key)) } },
                  )
                }
              >
                {t('config.removeHere')}
              </Button>
            </>
          ) : (
            <Button
              size="small"
              disabled={!mayChange}
              onClick={() =>
                confirmed(
                  t('config.hide'),
                  t('config.hideHint'),
                  () => acts.put(place(row.key), { hidden: true, revision: 0 }),
                  { same: { command: hideEntry(place(row.key)) } },
                )
              }
            >
              {t('config.hide')}
            </Button>
          )}
        </Space>
      ),
    },
  ]
  const add = (
    <Button type="primary" icon={<PlusOutlined />} disabled={!mayChange} onClick={() => setEditing('new')}>
      {t('config.newEntry')}
    </Button>
  )
  return (
    <PageFrame
      title={schema}
      crumbs={[{ text: t('config.title'), to: paths.configuration() }, { text: schema }]}
      intro={found.data ? described(found.data, language) : undefined}
      actions={add}
    >
      <ScopePicker scope={scope} choose={(chosen) => setSearch({ scope: chosen })} />
      <DataTable
        label={t('config.entries')}
        query={{ ...entries, data: rows }}
        columns={columns}
        rowKey={({ key }) => key}
        searched={({ key, value }) => `${key} ${JSON.stringify(value)}`}
        empty={<Empty description={t('config.noEntries')}>{add}</Empty>}
      />
      <Command text={`liuyun config list ${quoted(schema)} --scope ${quoted(scope)}`} />
      {editing && found.data ? (
        <EntryDialog
          schema={found.data}
          scope={scope}
          row={editing === 'new' ? null : editing}
          close={() => setEditing(null)}
        />
      ) : null}
      {history ? (
        <HistoryDrawer
          place={place(history)}
          rollback={(seen, to) =>
            act(() => acts.rollback(place(history), seen, to), t('config.rolledBack', { number: to }))
          }
          close={() => setHistory(null)}
        />
      ) : null}
      {rolling && found.data ? (
        <RolloutDialog schema={found.data} place={place(rolling.key)} row={rolling} close={() => setRolling(null)} />
      ) : null}
    </PageFrame>
  )
}

function Value({ row }: { row: Row }) {
  const t = useText()
  const rollout = row.own?.rollout
  return (
    <Flex vertical gap={4}>
      {row.hidden ? <Tag>{t('config.hidden')}</Tag> : <JsonText value={row.value} />}
      {rollout ? (
        <Tag color="warning">
          {t('config.rolloutState', {
            percent: rollout.percent,
            tenants: rollout.tenants.length,
            number: rollout.revision.number,
          })}
        </Tag>
      ) : null}
    </Flex>
  )
}

function Origins({ row, scope }: { row: Pick<EffectiveView, 'origins'>; scope: string }) {
  const t = useText()
  const origins = [...new Set(Object.values(row.origins))]
  return (
    <Flex gap={4} wrap>
      {origins.map((origin) => {
        const names = Object.entries(row.origins).flatMap(([name, from]) => (from === origin && name ? [name] : []))
        return (
          <Tag key={origin} color={origin === scope ? 'success' : 'default'} title={names.join(', ')}>
            {origin === scope ? t('config.own') : `${t('config.inherited')}: ${origin}`}
          </Tag>
        )
      })}
    </Flex>
  )
}
