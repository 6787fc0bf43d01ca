import { DeleteOutlined } from '@ant-design/icons'
import { Button, Descriptions, Tabs, Tag } from 'antd'
import { useMemo } from 'react'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { useText } from '@/i18n'
import { paths } from '@/paths'
import { useMay } from '@/session'
import { ErrorNote } from '@/ui/ErrorNote'
import { Loading } from '@/ui/Loading'
import { PageFrame } from '@/ui/PageFrame'
import { TimeText } from '@/ui/TimeText'
import { useAct } from '@/ui/useAct'
import { CodeTab } from './CodeTab'
import { sameFor } from './commands'
import { bytesText } from './format'
import { InvocationsTab } from './InvocationsTab'
import { MetricsTab } from './MetricsTab'
import { acts, type FunctionView, type Named, NO_SERVICE, useFunction } from './queries'
import { ReleasesTab } from './ReleasesTab'
import { SettingsTab } from './SettingsTab'
import { TestTab } from './TestTab'
import { TriggersTab } from './TriggersTab'

/** One function: its code, and everything that belongs to it. */
export function Page() {
  const { service = NO_SERVICE, name = '' } = useParams()
  const named = useMemo(() => ({ service: service === NO_SERVICE ? '' : service, name }), [service, name])
  const found = useFunction(named)
  if (found.error) return <ErrorNote error={found.error} retry={() => void found.refetch()} />
  return found.data ? <Content key={`${service}/${name}`} named={named} found={found.data} /> : <Loading />
}

function Content({ named, found }: { named: Named; found: FunctionView }) {
  const t = useText()
  const go = useNavigate()
  const [search, setSearch] = useSearchParams()
  const mayDeploy = useMay('administrator')
  const { confirmed } = useAct()
  const remove = () =>
    confirmed(
      t('functions.delete'),
      t('functions.deleteHint', { name: named.name }),
      async () => {
        await acts.remove(named)
        void go(paths.functions())
      },
      { same: sameFor({ kind: 'delete', named }) },
    )
  const tabs = [
    { key: 'code', label: t('functions.tab.code'), children: <CodeTab named={named} found={found} /> },
    { key: 'test', label: t('functions.tab.test'), children: <TestTab named={named} /> },
    { key: 'triggers', label: t('functions.tab.triggers'), children: <TriggersTab named={named} /> },
    { key: 'releases', label: t('functions.tab.releases'), children: <ReleasesTab named={named} /> },
    { key: 'settings', label: t('functions.tab.settings'), children: <SettingsTab named={named} found={found} /> },
    { key: 'invocations', label: t('functions.tab.invocations'), children: <InvocationsTab named={named} /> },
    { key: 'metrics', label: t('functions.tab.metrics'), children: <MetricsTab named={named} /> },
  ]
  return (
    <PageFrame
      title={named.name}
      crumbs={[{ text: t('functions.title'), to: paths.functions() }, { text: named.service || t('functions.fc3') }]}
      intro={found.description}
      actions={
        <Button danger icon={<DeleteOutlined />} disabled={!mayDeploy} onClick={remove}>
          {t('common.delete')}
        </Button>
      }
    >
      <Descriptions
        size="small"
        column={{ xs: 1, sm: 2, lg: 5 }}
        items={[
          { key: 'runtime', label: t('functions.runtime'), children: <Tag translate="no">{found.runtime}</Tag> },
          { key: 'handler', label: t('functions.handler'), children: <code>{found.handler}</code> },
          { key: 'memory', label: t('functions.memory'), children: `${found.memoryMb} MB` },
          { key: 'code', label: t('functions.codeSize'), children: bytesText(found.codeSize) },
          { key: 'changed', label: t('functions.changed'), children: <TimeText at={found.updatedAt} /> },
        ]}
      />
      <Tabs
        activeKey={search.get('tab') ?? 'code'}
        onChange={(tab) => setSearch({ tab }, { replace: true })}
        items={tabs}
      />
    </PageFrame>
  )
}
