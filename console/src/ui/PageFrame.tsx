import { Breadcrumb, Flex, Typography } from 'antd'
import { type ReactNode, useEffect } from 'react'
import { Link } from 'react-router'

type Crumb = { text: string; to?: string }

/** Title, way back, actions, and what the page is for. */
export function PageFrame(props: {
  title: string
  crumbs?: Crumb[]
  intro?: string
  actions?: ReactNode
  children: ReactNode
}) {
  const { title, crumbs = [], intro, actions, children } = props
  useEffect(() => {
    document.title = `${title} · Liuyun 流云`
  }, [title])
  return (
    <Flex vertical gap={16}>
      {crumbs.length > 0 ? (
        <Breadcrumb items={crumbs.map(({ text, to }) => ({ title: to ? <Link to={to}>{text}</Link> : text }))} />
      ) : null}
      <Flex justify="space-between" align="center" wrap gap={12}>
        <Typography.Title level={1} style={{ margin: 0, fontSize: 24 }}>
          {title}
        </Typography.Title>
        <Flex gap={8} wrap>
          {actions}
        </Flex>
      </Flex>
      {intro ? <Typography.Text type="secondary">{intro}</Typography.Text> : null}
      {children}
    </Flex>
  )
}
