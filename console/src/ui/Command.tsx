import { Typography } from 'antd'
import { useText } from '@/i18n'

/** What does the same in a terminal, to be copied. */
export function Command({ text }: { text: string }) {
  const t = useText()
  return (
    <Typography.Text type="secondary">
      {t('common.sameByCommand')}:{' '}
      <Typography.Text code copyable={{ text, tooltips: [t('common.copy'), t('common.copied')] }}>
        {text}
      </Typography.Text>
    </Typography.Text>
  )
}
