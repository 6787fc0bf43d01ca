import { Typography } from 'antd'

/** A message's body; a long one opens on demand. */
export function Body({ text }: { text: string }) {
  return (
    <Typography.Paragraph className="mono" translate="no" ellipsis={{ rows: 2, expandable: true }} style={{ margin: 0 }}>
      {text}
    </Typography.Paragraph>
  )
}
