import { PlusOutlined } from '@ant-design/icons'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { Button, Card, Descriptions, Flex, Select, Space, Switch, Tag, Typography, type TableColumnsType } from 'antd'
import { useState } from 'react'
import { api, type Schemas, taken } from '@/api/client'
import { useText } from '@/i18n'
import { useMay, useSession } from '@/session'
import { Command } from '@/ui/Command'
import { DataTable } from '@/ui/DataTable'
import { PageFrame } from '@/ui/PageFrame'
import { TimeText } from '@/ui/TimeText'
import { Acts } from '@/ui/SameElsewhere'
import { useAct } from '@/ui/useAct'
import { changeUser, deleteUser } from './commands'
import { NewUserDialog, OwnPasswordDialog, PasswordDialog } from './dialogs'
import { Keys } from './Keys'
import { ROLES } from './roles'

type User = Schemas['UserView']

export function Page() {
  const t = useText()
  const { me } = useSession()
  const mayChange = useMay('administrator')
  const [changing, setChanging] = useState(false)
  const users = useQuery({
    queryKey: ['users'],
    queryFn: async () => (await taken(api.GET('/api/users'))).users,
    enabled: mayChange,
  })
  return (
    <PageFrame title={t('people.title')}>
      <Card size="small">
        <Descriptions
          column={1}
          items={[
            { key: 'me', label: t('signIn.name'), children: `${me.name} (${t(`role.${me.role}`)})` },
            {
              key: 'password',
              label: t('people.password'),
              children: (
                <Button size="small" onClick={() => setChanging(true)}>
                  {t('people.changePassword')}
                </Button>
              ),
            },
          ]}
        />
      </Card>
      {mayChange ? <Users query={users} /> : null}
      <Keys users={users.data} />
      {mayChange ? (
        <Flex vertical>
          <Typography.Text type="secondary">{t('keys.own')}</Typography.Text>
          <Command text="liuyun keys show" />
        </Flex>
      ) : null}
      {changing ? <OwnPasswordDialog close={() => setChanging(false)} /> : null}
    </PageFrame>
  )
}

function Users({ query }: { query: UseQueryResult<User[]> }) {
  const t = useText()
  const { me } = useSession()
  const { act, confirmed } = useAct()
  const [dialog, setDialog] = useState<'new' | { passwordOf: string } | null>(null)
  const example = query.data?.find(({ name }) => name !== me.name)?.name ?? 'NAME'
  const change = (name: string, body: Schemas['UserChanges']) =>
    act(() => taken(api.PATCH('/api/users/{name}', { params: { path: { name } }, body })))
  const remove = (name: string) => taken(api.DELETE('/api/users/{name}', { params: { path: { name } } }))
  const columns: TableColumnsType<User> = [
    {
      title: t('common.name'),
      render: (_, { name, displayName }) => (
        <Space>
          {name}
          {displayName ? <Typography.Text type="secondary">{displayName}</Typography.Text> : null}
          {name === me.name ? <Tag color="processing">✓</Tag> : null}
        </Space>
      ),
    },
    {
      title: t('people.role'),
      render: (_, { name, role }) => (
        <Select
          size="small"
          style={{ width: 150 }}
          aria-label={`${t('people.role')} ${name}`}
          value={role}
          options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          onChange={(chosen) => void change(name, { role: chosen })}
        />
      ),
    },
    {
      title: t('people.enabled'),
      render: (_, { name, disabled }) => (
        <Switch
          size="small"
          aria-label={`${t('people.enabled')} ${name}`}
          checked={!disabled}
          onChange={(on) => void change(name, { disabled: !on })}
        />
      ),
    },
    { title: t('people.created'), render: (_, { createdAt }) => <TimeText at={createdAt} /> },
    {
      title: t('common.actions'),
      render: (_, { name }) => (
        <Space>
          <Button size="small" disabled={name === me.name} onClick={() => setDialog({ passwordOf: name })}>
            {t('people.setPassword')}
          </Button>
          <Button size="small" danger onClick={() => confirmed(t('common.delete'), name, () => remove(name), { same: { command: deleteUser(name) } })}>
            {t('common.delete')}
          </Button>
        </Space>
      ),
    },
  ]
  return (
    <>
      <Space style={{ justifyContent: 'space-between' }}>
        <Typography.Title level={2} style={{ fontSize: 18, margin: 0 }}>
          {t('people.users')}
        </Typography.Title>
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setDialog('new')}>
          {t('people.new')}
        </Button>
      </Space>
      <DataTable
        label={t('people.users')}
        query={query}
        columns={columns}
        rowKey={({ name }) => name}
        searched={({ name, displayName }) => `${name} ${displayName}`}
        empty={null}
      />
      <Acts
        acts={[
          [t('people.role'), { command: changeUser(example, { role: 'operator' }) }],
          [t('people.enabled'), { command: changeUser(example, { disabled: true }) }],
          [t('common.delete'), { command: deleteUser(example) }],
        ]}
      />
      {dialog === 'new' ? <NewUserDialog close={() => setDialog(null)} /> : null}
      {dialog && dialog !== 'new' ? <PasswordDialog name={dialog.passwordOf} close={() => setDialog(null)} /> : null}
    </>
  )
}
