import { Typography } from 'antd'
import { useText } from '@/i18n'

const LONGEST_SHOWN = 400

/** What does the same in a terminal, to be copied. */
export function Command({ text }: { text: string }) {
  const t = useText()
  return <Copyable label={t('common.sameByCommand')} text={text} />
}

/** A line of code and what it is. A long one is shown in part, and copied as a whole. */
export function Copyable({ label, text }: { label: string; text: string }) {
  const t = useText()
  return (
    <Typography.Text type="secondary">
      {label}:{' '}
      <Typography.Text code copyable={{ text, tooltips: [t('common.copy'), t('common.copied')] }}>
        {text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text}
      </Typography.Text>
    </Typography.Text>
  )
}
