import { Tag } from 'antd'
import { type TextKey, useText } from '@/i18n'
import type { RecordView } from './queries'

const COLOURS: Record<string, string> = { ok: 'success', error: 'error', throttled: 'warning', refused: 'error' }
const TEXTS: Record<string, TextKey> = {
  ok: 'functions.outcome.ok',
  error: 'functions.outcome.error',
  throttled: 'functions.outcome.throttled',
  refused: 'functions.outcome.refused',
  cancelled: 'functions.outcome.cancelled',
}

export function OutcomeTag({ record: { outcome, error } }: { record: Pick<RecordView, 'outcome' | 'error'> }) {
  const t = useText()
  return (
    <Tag color={COLOURS[outcome]} title={error || undefined}>
      {TEXTS[outcome] ? t(TEXTS[outcome]) : outcome}
    </Tag>
  )
}
