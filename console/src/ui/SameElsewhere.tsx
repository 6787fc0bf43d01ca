import { Collapse, Flex, Typography } from 'antd'
import { useText } from '@/i18n'
import { Command, Copyable } from './Command'
import type { Same } from './shell'

/** What does the same by the command and by the SDK, to be copied. */
export function SameElsewhere({ command, sdk }: Same) {
  const t = useText()
  return (
    <Flex vertical gap={4}>
      {command ? <Command text={command} /> : null}
      {sdk ? <Copyable label={t('common.sameBySdk')} text={sdk} /> : null}
    </Flex>
  )
}

/** The acts of a list, each with what does the same: for those that are done by a click alone. */
export function Acts({ acts }: { acts: readonly (readonly [title: string, same: Same])[] }) {
  const t = useText()
  const children = (
    <Flex vertical gap={12}>
      {acts.map(([title, same]) => (
        <Flex vertical key={title}>
          <Typography.Text>{title}</Typography.Text>
          <SameElsewhere {...same} />
        </Flex>
      ))}
    </Flex>
  )
  return <Collapse ghost size="small" items={[{ key: 'acts', label: t('common.actsElsewhere'), children }]} />
}
