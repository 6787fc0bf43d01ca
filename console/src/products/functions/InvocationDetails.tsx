import { Descriptions, Flex, Typography } from 'antd'
import { useText } from '@/i18n'
import { ErrorNote } from '@/ui/ErrorNote'
import { Loading } from '@/ui/Loading'
import { Equivalent } from './Equivalent'
import { type Named, type RecordView, useLog } from './queries'
import { Waterfall } from './Waterfall'

/** What else is known of a call, and the lines that it printed. */
export function InvocationDetails({ named, record }: { named: Named; record: RecordView }) {
  const t = useText()
  const log = useLog(named, record.requestId)
  return (
    <Flex vertical gap={8} className="within">
      <Descriptions
        size="small"
        column={4}
        items={[
          { key: 'instance', label: t('functions.instance'), children: <code>{record.instanceId || '–'}</code> },
          { key: 'lag', label: t('functions.lag'), children: `${record.lagMs} ms` },
          { key: 'billed', label: t('functions.billed'), children: `${record.billedMs} ms` },
          { key: 'error', label: t('functions.error'), children: <code>{record.error || '–'}</code> },
        ]}
      />
      <Waterfall named={named} requestId={record.requestId} />
      <Typography.Text strong>{t('functions.log')}</Typography.Text>
      {log.error ? (
        <ErrorNote error={log.error} retry={() => void log.refetch()} />
      ) : log.data ? (
        <pre className="mono block" style={{ maxHeight: 320 }} tabIndex={0} aria-label={t('functions.log')}>
          {log.data.length === 0 ? t('functions.noLog') : log.data.map(lineText).join('\n')}
        </pre>
      ) : (
        <Loading />
      )}
      <Equivalent act={{ kind: 'log', named, requestId: record.requestId }} />
    </Flex>
  )
}

const lineText = ({ at, text }: { at: number; text: string }) => `${new Date(at).toISOString().slice(11, 23)}  ${text}`
