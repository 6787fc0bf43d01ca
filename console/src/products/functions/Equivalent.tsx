import { Flex, Typography } from 'antd'
import { useText } from '@/i18n'
import { type Act, commandFor, sdkFor } from './commands'

/** What does the same by the command and by the SDK, to be copied. */
export function Equivalent({ act }: { act: Act }) {
  const t = useText()
  const ways = [
    [t('common.sameByCommand'), commandFor(act)],
    [t('functions.sameBySdk'), sdkFor(act)],
  ] as const
  return (
    <Flex vertical gap={4}>
      {ways.map(([label, text]) =>
        text === null ? null : (
          <Typography.Text key={label} type="secondary">
            {label}:{' '}
            <Typography.Text code copyable={{ text, tooltips: [t('common.copy'), t('common.copied')] }}>
              {text}
            </Typography.Text>
          </Typography.Text>
        ),
      )}
    </Flex>
  )
}
