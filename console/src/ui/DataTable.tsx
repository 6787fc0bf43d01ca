import { Button, Empty, Flex, Input, Table, type TableColumnsType } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { useText } from '@/i18n'
import { ErrorNote } from './ErrorNote'
import { useReachable } from './reachable'

type Query<T> = { data: T[] | undefined; isPending: boolean; error: unknown; refetch: () => unknown }

/** A list with search, an empty state that says what to do next, and errors in their place. Long lists are virtual. */
export function DataTable<T extends object>(props: {
  query: Query<T>
  columns: TableColumnsType<T>
  rowKey: (row: T) => string
  empty: ReactNode
  searched?: (row: T) => string
  more?: () => void
  label: string
}) {
  const { query, columns, rowKey, empty, searched, more, label } = props
  const t = useText()
  const [text, setText] = useState('')
  const rows = useMemo(() => {
    const wanted = text.trim().toLowerCase()
    return (query.data ?? []).filter((row) => !wanted || searched?.(row).toLowerCase().includes(wanted))
  }, [query.data, searched, text])
  const table = useReachable()
  if (query.error) return <ErrorNote error={query.error} retry={() => void query.refetch()} />
  const nothing = !query.isPending && query.data?.length === 0
  return (
    <Flex vertical gap={12}>
      {searched && !nothing ? (
        <Input.Search
          allowClear
          placeholder={t('common.search')}
          aria-label={`${t('common.search')}: ${label}`}
          style={{ maxWidth: 320 }}
          onChange={(event) => setText(event.target.value)}
        />
      ) : null}
      <Table<T>
        ref={table}
        aria-label={label}
        size="middle"
        columns={columns}
        dataSource={rows}
        rowKey={rowKey}
        loading={query.isPending}
        pagination={false}
        virtual={rows.length > 100}
        scroll={rows.length > 100 ? { x: 900, y: 560 } : { x: 'max-content' }}
        locale={{ emptyText: nothing ? empty : <Empty description={t('common.nothingFound')} /> }}
      />
      {more ? (
        <Flex justify="center">
          <Button onClick={more}>{t('common.more')}</Button>
        </Flex>
      ) : null}
    </Flex>
  )
}
