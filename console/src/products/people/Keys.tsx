import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Empty, Flex, Space, Switch, Tag, Typography, type TableColumnsType } from 'antd'
import { useState } from 'react'
import { api, type Schemas, taken } from '@/api/client'
import { useText } from '@/i18n'
import { useMay, useSession } from '@/session'
import { Command } from '@/ui/Command'
import { DataTable } from '@/ui/DataTable'
import { TimeText } from '@/ui/TimeText'
import { Acts } from '@/ui/SameElsewhere'
import { useAct } from '@/ui/useAct'
import { endKey, listKeys, switchKey } from './commands'
import { NewKeyDialog } from './KeyDialogs'

type Key = Schemas['KeyView']

/** One's own keys; an administrator sees those of all, and of `users` who can't sign in. */
export function Keys({ users }: { users: Schemas['UserView'][] | undefined }) {
  const t = useText()
  const { me } = useSession()
  const mayChange = useMay('operator')
  const [creating, setCreating] = useState(false)
  const query = useQuery({ queryKey: ['keys'], queryFn: async () => (await taken(api.GET('/api/keys'))).keys })
  const shut = new Set(users?.filter(({ disabled }) => disabled).map(({ name }) => name))
  const columns = useColumns(shut)
  const first = query.data?.find(({ isRoot }) => !isRoot)
  const fresh = mayChange ? (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
      {t('keys.new')}
    </Button>
  ) : null
  return (
    <>
      <Flex justify="space-between" wrap gap={8}>
        <Typography.Title level={2} style={{ fontSize: 18, margin: 0 }}>
          {t('keys.title')}
        </Typography.Title>
        {fresh}
      </Flex>
      <Typography.Text type="secondary">{t('keys.hint')}</Typography.Text>
      <DataTable
        label={t('keys.title')}
        query={query}
        columns={columns}
        rowKey={({ accessKeyId }) => accessKeyId}
        searched={({ accessKeyId, user, description }) => `${accessKeyId} ${user} ${description}`}
        empty={<Empty description={t('keys.empty')} />}
      />
      <Command text={listKeys()} />
      {first ? (
        <Acts
          acts={[
            [t('keys.works'), { command: switchKey(first.accessKeyId, first.disabled) }],
            [t('common.delete'), { command: endKey(first.accessKeyId) }],
          ]}
        />
      ) : null}
      {creating ? <NewKeyDialog users={users?.map(({ name }) => name) ?? [me.name]} close={() => setCreating(false)} /> : null}
    </>
  )
}

function useColumns(shut: ReadonlySet<string>): TableColumnsType<Key> {
  const t = useText()
  const mayChange = useMay('operator')
  const { act, confirmed } = useAct()
  const switched = (key: string, disabled: boolean) =>
    act(() => taken(api.PATCH('/api/keys/{key}', { params: { path: { key } }, body: { disabled } })))
  const remove = (key: string) => taken(api.DELETE('/api/keys/{key}', { params: { path: { key } } }))
  return [
    { title: t('keys.id'), render: (_, { accessKeyId }) => <Typography.Text code>{accessKeyId}</Typography.Text> },
    {
      title: t('keys.user'),
      render: (_, { user, isRoot }) =>
        isRoot ? (
          <Tag>{t('keys.root')}</Tag>
        ) : (
          <Space>
            <span translate="no">{user}</span>
            {shut.has(user) ? <Tag>{t('keys.userDisabled')}</Tag> : null}
          </Space>
        ),
    },
    { title: t('people.role'), render: (_, { role }) => t(`role.${role}`) },
    { title: t('keys.for'), render: (_, { description }) => <span translate="no">{description}</span> },
    { title: t('people.created'), render: (_, { createdAt }) => (createdAt ? <TimeText at={createdAt} /> : '–') },
    {
      title: t('keys.usedAt'),
      render: (_, { lastUsedAt }) => (lastUsedAt ? <TimeText at={lastUsedAt} /> : t('keys.never')),
    },
    {
      title: t('keys.works'),
      render: (_, { accessKeyId, disabled, isRoot }) => (
        <Switch
          size="small"
          aria-label={`${t('keys.works')} ${accessKeyId}`}
          disabled={isRoot || !mayChange}
          checked={!disabled}
          onChange={(on) => void switched(accessKeyId, !on)}
        />
      ),
    },
    {
      title: t('common.actions'),
      render: (_, { accessKeyId, isRoot }) =>
        isRoot || !mayChange ? null : (
          <Button
            size="small"
            danger
            onClick={() =>
              confirmed(t('common.delete'), t('keys.deleteHint', { id: accessKeyId }), () => remove(accessKeyId), {
                same: { command: endKey(accessKeyId) },
              })
            }
          >
            {t('common.delete')}
          </Button>
        ),
    },
  ]
}
