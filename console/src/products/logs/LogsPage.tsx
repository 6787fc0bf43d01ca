import { DownloadOutlined } from '@ant-design/icons'
import { Button, Flex, Form, Input, Select, Switch } from 'antd'
import { useState } from 'react'
import { useText } from '@/i18n'
import { NO_SERVICE } from '@/products/functions/queries'
import { Command } from '@/ui/Command'
import { ErrorNote } from '@/ui/ErrorNote'
import { PageFrame } from '@/ui/PageFrame'
import { useAct } from '@/ui/useAct'
import { searchLogs } from './commands'
import { downloaded, type FoundLines, type Level, useLogs, type Wanted } from './queries'
import { Found } from './Found'
import { SourceSelect } from './SourceSelect'

const PERIODS = [15, 60, 1440, 10_080] as const
const LEVELS = ['info', 'warning', 'error'] as const satisfies readonly Level[]
const MINUTE_MS = 60_000
const ALL: Wanted = {
  contains: '', requestId: '', service: '', function: '', flow: '', source: 'all', level: 'info', minutes: 60, until: 0,
} // prettier-ignore

export function Page() {
  const t = useText()
  const [wanted, setWanted] = useState(ALL)
  const [live, setLive] = useState(true)
  const [period, setPeriod] = useState<number>(ALL.minutes)
  const found = useLogs(wanted, live && wanted.until === 0)
  const want = (change: Partial<Wanted>) => setWanted((before) => ({ ...before, ...change }))
  const whole = (minutes: number) => {
    setPeriod(minutes)
    want({ minutes, until: 0 })
  }
  const narrow = ({ since, until, counts }: FoundLines, part: number) => {
    const length = (until - since) / counts.length
    const end = Math.ceil(since + length * (part + 1))
    want({ until: end, minutes: Math.max(1, Math.ceil(length / MINUTE_MS)) })
  }
  const pages = found.data?.pages
  return (
    <PageFrame title={t('logs.title')} intro={t('logs.intro')} actions={<Download wanted={wanted} />}>
      <Form layout="vertical">
        <Flex wrap gap="0 16px">
          <Form.Item label={t('logs.contains')}>
            <Input.Search allowClear aria-label={t('logs.contains')} maxLength={256} onSearch={(contains) => want({ contains })} />
          </Form.Item>
          <Form.Item label={t('logs.requestId')}>
            <Input.Search
              allowClear
              aria-label={t('logs.requestId')}
              maxLength={128}
              onSearch={(requestId) => want({ requestId: requestId.trim() })}
            />
          </Form.Item>
          <Form.Item label={t('logs.source')}>
            <SourceSelect choose={want} />
          </Form.Item>
          <Form.Item label={t('logs.level')}>
            <Select<Level>
              aria-label={t('logs.level')}
              value={wanted.level}
              style={{ width: 170 }}
              options={LEVELS.map((value) => ({ value, label: t(`logs.from.${value}`) }))}
              onChange={(level) => want({ level })}
            />
          </Form.Item>
          <Form.Item label={t('logs.period')}>
            <Select
              aria-label={t('logs.period')}
              value={period}
              style={{ width: 170 }}
              options={PERIODS.map((value) => ({ value, label: t(`logs.minutes.${value}`) }))}
              onChange={whole}
            />
          </Form.Item>
          <Form.Item label={t('logs.live')}>
            <Switch size="small" checked={live} onChange={setLive} aria-label={t('logs.live')} />
          </Form.Item>
        </Flex>
      </Form>
      {found.error ? <ErrorNote error={found.error} retry={() => void found.refetch()} /> : null}
      {pages?.[0] ? (
        <Found
          pages={pages}
          narrow={(part) => narrow(pages[0]!, part)}
          widen={wanted.until > 0 ? () => whole(period) : undefined}
          older={found.hasNextPage ? () => void found.fetchNextPage() : undefined}
          isLoading={found.isFetchingNextPage}
        />
      ) : null}
      <Command text={searchLogs(wanted, NO_SERVICE)} />
    </PageFrame>
  )
}

/** What was found, as a file. */
function Download({ wanted }: { wanted: Wanted }) {
  const t = useText()
  const { act, isPending } = useAct()
  const save = async () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([await downloaded(wanted)], { type: 'text/plain' }))
    link.download = 'logs.txt'
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), MINUTE_MS) // when it has long been saved
  }
  return (
    <Button icon={<DownloadOutlined />} loading={isPending} onClick={() => void act(save, t('logs.downloaded'))}>
      {t('logs.download')}
    </Button>
  )
}
