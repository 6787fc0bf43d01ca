import { Flex, type GlobalToken, theme, Tooltip, Typography } from 'antd'
import type { TextKey } from '@/i18n'
import { useText } from '@/i18n'
import { ErrorNote } from '@/ui/ErrorNote'
import { Loading } from '@/ui/Loading'
import { durationText } from './format'
import { type Named, type SpanView, useTrace } from './queries'
import { type Row, rowsOf } from './waterfall'

const PARTS: Record<string, TextKey> = {
  queue: 'functions.span.queue',
  instance: 'functions.span.instance',
  handler: 'functions.span.handler',
}

/** What happened when in a call, from what triggered it to its handler; with all that belongs to the same trace. */
export function Waterfall({ named, requestId }: { named: Named; requestId: string }) {
  const t = useText()
  const { data, error, refetch } = useTrace(named, requestId)
  if (error) return <ErrorNote error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <Flex vertical gap={4}>
      <Typography.Text strong>{t('functions.trace')}</Typography.Text>
      <div role="list" aria-label={t('functions.trace')}>
        {rowsOf(data).map((row) => (
          <SpanRow key={row.span.spanId} row={row} />
        ))}
      </div>
      <Typography.Text type="secondary">
        {t('functions.traceId')}: <code>{data[0]?.traceId ?? '–'}</code>
      </Typography.Text>
    </Flex>
  )
}

function SpanRow({ row }: { row: Row }) {
  const t = useText()
  const { token } = theme.useToken()
  const { span, depth, begin, width, tookMs } = row
  const name = nameOf(span, t)
  const colour = colourOf(span, token)
  return (
    <div role="listitem" className="flow-row">
      <span className="flow-cut" style={{ paddingInlineStart: depth * 16 }} title={span.error ? `${name}: ${span.error}` : name}>
        {name}
      </span>
      <Tooltip title={<span translate="no">{span.error || span.name}</span>}>
        <div className="flow-track" style={{ background: token.colorFillQuaternary }}>
          <div
            className="flow-bar"
            style={{ insetInlineStart: `min(${begin * 100}%, calc(100% - 3px))`, width: `max(3px, ${width * 100}%)`, background: colour }}
          />
        </div>
      </Tooltip>
      <span className="flow-took" translate="no" style={{ color: token.colorTextSecondary }}>
        {durationText(tookMs)}
      </span>
    </div>
  )
}

function colourOf({ name, error, attributes }: SpanView, token: GlobalToken): string {
  if (error) return token.colorError
  if (name.startsWith('handler ')) return token.colorPrimary
  return attributes['faas.coldstart'] && name.startsWith('instance ') ? token.colorWarning : token.colorTextQuaternary
}

function nameOf({ name, attributes }: SpanView, t: ReturnType<typeof useText>): string {
  const [kind = '', of = ''] = name.split(' ')
  if (kind === 'instance' && attributes['faas.coldstart']) return t('functions.span.cold')
  const known = PARTS[kind]
  return known ? t(known) : t('functions.span.call', { source: kind, name: of.replace(/^@[^/]*\//, '') })
}
