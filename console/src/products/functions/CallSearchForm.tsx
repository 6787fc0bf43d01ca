import { Flex, Form, Input, InputNumber, Select, Switch } from 'antd'
import { useText } from '@/i18n'
import { QualifierSelect } from './QualifierSelect'
import type { CallSearch, Named, Outcome } from './queries'

export const ALL: CallSearch = { qualifier: '', longerMs: 0, minutes: 0, requestId: '' }
const OUTCOMES: readonly Outcome[] = ['ok', 'error', 'throttled', 'refused', 'cancelled']
const PERIODS = [15, 60, 1440, 10_080] as const

/** Which calls are shown. */
export function CallSearchForm(props: {
  named: Named
  wanted: CallSearch
  want: (change: Partial<CallSearch>) => void
  live: boolean
  setLive: (live: boolean) => void
}) {
  const { named, wanted, want, live, setLive } = props
  const t = useText()
  return (
    <Form layout="vertical">
      <Flex wrap gap="0 16px">
        <Form.Item label={t('functions.outcome')}>
          <Select<Outcome | ''>
            aria-label={t('functions.outcome')}
            style={{ width: 130 }}
            value={wanted.outcome ?? ''}
            options={[
              { value: '', label: t('functions.any') },
              ...OUTCOMES.map((value) => ({ value, label: t(`functions.outcome.${value}`) })),
            ]}
            onChange={(outcome) => want({ outcome: outcome || undefined })}
          />
        </Form.Item>
        <Form.Item label={t('functions.version')}>
          <QualifierSelect named={named} value={wanted.qualifier} choose={(qualifier) => want({ qualifier })} all />
        </Form.Item>
        <Form.Item label={t('functions.start')}>
          <Select
            aria-label={t('functions.start')}
            style={{ width: 120 }}
            value={wanted.cold === undefined ? '' : String(wanted.cold)}
            options={[
              { value: '', label: t('functions.any') },
              { value: 'true', label: t('functions.coldStart') },
              { value: 'false', label: t('functions.warm') },
            ]}
            onChange={(cold) => want({ cold: cold ? cold === 'true' : undefined })}
          />
        </Form.Item>
        <Form.Item label={t('functions.longerThan')}>
          <InputNumber
            aria-label={t('functions.longerThan')}
            style={{ width: 130 }}
            min={0}
            controls={false}
            suffix="ms"
            onChange={(longerMs) => want({ longerMs: Number(longerMs ?? 0) })}
          />
        </Form.Item>
        <Form.Item label={t('logs.period')}>
          <Select
            aria-label={t('logs.period')}
            style={{ width: 150 }}
            value={wanted.minutes}
            options={[
              { value: 0, label: t('functions.any') },
              ...PERIODS.map((value) => ({ value: value as number, label: t(`logs.minutes.${value}`) })),
            ]}
            onChange={(minutes) => want({ minutes })}
          />
        </Form.Item>
        <Form.Item label={t('functions.requestId')}>
          <Input.Search
            allowClear
            aria-label={t('functions.searchRequest')}
            style={{ width: 300 }}
            maxLength={128}
            onSearch={(text) => want({ requestId: text.trim() })}
          />
        </Form.Item>
        <Form.Item label={t('functions.live')}>
          <Switch size="small" checked={live} onChange={setLive} aria-label={t('functions.live')} />
        </Form.Item>
      </Flex>
    </Form>
  )
}
