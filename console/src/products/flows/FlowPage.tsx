import { PlayCircleOutlined } from '@ant-design/icons'
import { Button, Tabs } from 'antd'
import { useState } from 'react'
import { useParams, useSearchParams } from 'react-router'
import { useText } from '@/i18n'
import { paths } from '@/paths'
import { useMay } from '@/session'
import { ErrorNote } from '@/ui/ErrorNote'
import { Loading } from '@/ui/Loading'
import { PageFrame } from '@/ui/PageFrame'
import { DefinitionTab } from './DefinitionTab'
import { ExecutionsTab } from './ExecutionsTab'
import { useFlow } from './queries'
import { StartDialog } from './StartDialog'

/** A flow: what it says, and how its executions go. */
export function Page() {
  const t = useText()
  const { flow = '' } = useParams()
  const [search, setSearch] = useSearchParams()
  const query = useFlow(flow)
  const mayStart = useMay('operator')
  const [starting, setStarting] = useState(false)
  const start = (
    <Button type="primary" icon={<PlayCircleOutlined />} disabled={!mayStart} onClick={() => setStarting(true)}>
      {t('flows.start')}
    </Button>
  )
  if (query.error) return <ErrorNote error={query.error} retry={() => void query.refetch()} />
  return (
    <PageFrame title={flow} crumbs={[{ text: t('flows.title'), to: paths.flows() }, { text: flow }]} actions={start}>
      {query.data?.description ? <span translate="no">{query.data.description}</span> : null}
      <Tabs
        activeKey={search.get('tab') ?? 'definition'}
        onChange={(tab) => setSearch({ tab }, { replace: true })}
        items={[
          {
            key: 'definition',
            label: t('flows.definition'),
            children: query.data ? <DefinitionTab key={flow} flow={query.data} /> : <Loading />,
          },
          { key: 'executions', label: t('flows.executions'), children: <ExecutionsTab flow={flow} start={start} /> },
        ]}
      />
      {starting ? <StartDialog flow={flow} close={() => setStarting(false)} /> : null}
    </PageFrame>
  )
}
