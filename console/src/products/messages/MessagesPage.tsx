import { Tabs } from 'antd'
import { useSearchParams } from 'react-router'
import { useText } from '@/i18n'
import { PageFrame } from '@/ui/PageFrame'
import { QueuesTab } from './QueuesTab'
import { TopicsTab } from './TopicsTab'

export function Page() {
  const t = useText()
  const [search, setSearch] = useSearchParams()
  return (
    <PageFrame title={t('messages.title')} intro={t('messages.intro')}>
      <Tabs
        activeKey={search.get('tab') ?? 'queues'}
        onChange={(tab) => setSearch({ tab }, { replace: true })}
        items={[
          { key: 'queues', label: t('messages.queues'), children: <QueuesTab /> },
          { key: 'topics', label: t('messages.topics'), children: <TopicsTab /> },
        ]}
      />
    </PageFrame>
  )
}
