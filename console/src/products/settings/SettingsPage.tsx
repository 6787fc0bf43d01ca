import { useQuery } from '@tanstack/react-query'
import { Alert, Card, Empty, Flex, type TableColumnsType, Tag, Typography } from 'antd'
import { api, type Schemas, taken } from '@/api/client'
import { type Say, useSay, useText } from '@/i18n'
import { ofCode } from '@/ui/cells'
import { Command } from '@/ui/Command'
import { DataTable } from '@/ui/DataTable'
import { PageFrame } from '@/ui/PageFrame'

type Setting = Schemas['SettingView']
type Isolation = Schemas['IsolationView']

/** What the operator set, to be read: changing it takes a restart. */
export function Page() {
  const t = useText()
  const query = useQuery({
    queryKey: ['settings'],
    queryFn: () => taken(api.GET('/api/settings')),
    staleTime: Infinity,
  })
  const columns: TableColumnsType<Setting> = [
    { title: t('common.name'), dataIndex: 'name', onCell: ofCode },
    { title: t('common.value'), render: (_, { value }) => <Value value={value} /> },
    { title: t('settings.default'), render: (_, setting) => <Value value={setting.default} /> },
    {
      title: t('settings.origin'),
      render: (_, { origin }) => (
        <Tag color={origin === 'default' ? 'default' : 'success'}>{t(`settings.origin.${origin}`)}</Tag>
      ),
    },
  ]
  return (
    <PageFrame title={t('settings.title')} intro={t('settings.intro')}>
      {query.data ? <IsolationCard isolation={query.data.isolation} /> : null}
      <DataTable
        label={t('settings.title')}
        query={{ ...query, data: query.data?.settings }}
        columns={columns}
        rowKey={({ name }) => name}
        searched={({ name, description, origin }) => `${name} ${description} ${origin}`}
        empty={<Empty />}
      />
      <Command text="liuyun serve --help" />
    </PageFrame>
  )
}

function Value({ value }: { value: unknown }) {
  const t = useText()
  const isNothing = value === null || value === '' || (Array.isArray(value) && value.length === 0)
  if (isNothing) return <Typography.Text type="secondary">{t('settings.nothing')}</Typography.Text>
  return <span className="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</span>
}

function IsolationCard({ isolation }: { isolation: Isolation }) {
  const t = useText()
  const say = useSay()
  const { canIsolate, mode, abilities, limits } = isolation
  const isSafe = canIsolate && mode === 'namespaces'
  return (
    <Card size="small" title={t('settings.isolation')}>
      <Flex vertical gap={12}>
        <Alert
          type={isSafe ? 'success' : 'warning'}
          showIcon
          title={t(isSafe ? 'settings.isolated' : canIsolate ? 'settings.notIsolated' : 'settings.cannotIsolate')}
        />
        <pre className="mono block">{[...abilities, ...limits].map((ability) => line(ability, say)).join('\n')}</pre>
        <Command text="liuyun doctor" />
      </Flex>
    </Card>
  )
}

const line = ({ name, works, detail }: Schemas['AbilityView'], say: Say) =>
  `${works ? '✓' : '✗'} ${say(name)}${detail ? ` (${say(detail)})` : ''}`
