import { Form, InputNumber } from 'antd'
import { type TextKey, useText } from '@/i18n'
import type { QueueAttributes } from './queries'

const DAY_S = 86_400
type Field = { name: keyof QueueAttributes; label: TextKey; hint?: TextKey; least: number; most: number }

const FIELDS: Field[] = [
  { name: 'visibilityTimeoutS', label: 'messages.visibilityS', hint: 'messages.visibilityHint', least: 1, most: DAY_S / 2 },
  { name: 'retentionS', label: 'messages.retentionS', hint: 'messages.retentionHint', least: 60, most: 7 * DAY_S },
  { name: 'delayS', label: 'messages.delayS', hint: 'messages.delayHint', least: 0, most: 7 * DAY_S },
  { name: 'pollingWaitS', label: 'messages.pollingS', hint: 'messages.pollingHint', least: 0, most: 30 },
  { name: 'maxMessageBytes', label: 'messages.maxBytes', least: 1024, most: 65_536 },
]
export const USUAL: Required<QueueAttributes> = {
  visibilityTimeoutS: 30,
  retentionS: 4 * DAY_S,
  delayS: 0,
  pollingWaitS: 0,
  maxMessageBytes: 65_536,
}

/** A queue's attributes within the vendor's bounds. */
export function QueueFields({ disabled }: { disabled?: boolean }) {
  const t = useText()
  return FIELDS.map(({ name, label, hint, least, most }) => (
    <Form.Item key={name} name={name} label={t(label)} extra={hint && t(hint)} rules={[{ required: true }]}>
      <InputNumber
        min={least}
        max={most}
        precision={0}
        controls={false}
        disabled={disabled}
        suffix={name === 'maxMessageBytes' ? undefined : t('messages.seconds')}
        style={{ width: 220 }}
      />
    </Form.Item>
  ))
}
