import { Flex, Typography } from 'antd'
import { useText } from '@/i18n'
import { Command } from '@/ui/Command'
import { type Act, commandFor, sdkFor } from './commands'

/** What does the same by the command and by the SDK, to be copied. */
export function Equivalent({ act }: { act: Act }) {
  const t = useText()
  const command = commandFor(act)
  const sdk = sdkFor(act)
  return (
    <Flex vertical gap={4}>
      {command ? <Command text={command} /> : null}
      <Typography.Text type="secondary">
        {t('functions.sameBySdk')}:{' '}
        <Typography.Text code copyable={{ text: sdk, tooltips: [t('common.copy'), t('common.copied')] }}>
          {sdk}
        </Typography.Text>
      </Typography.Text>
    </Flex>
  )
}
