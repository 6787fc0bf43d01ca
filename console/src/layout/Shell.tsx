import {
  ApartmentOutlined,
  AuditOutlined,
  CodeOutlined,
  ControlOutlined,
  DashboardOutlined,
  FileSearchOutlined,
  LogoutOutlined,
  MessageOutlined,
  MoonOutlined,
  PlayCircleOutlined,
  SettingOutlined,
  TeamOutlined,
  TranslationOutlined,
} from '@ant-design/icons'
import { Button, Flex, Layout, Menu, Space, Switch, Tooltip, Typography } from 'antd'
import { Suspense } from 'react'
import { Link, Outlet, useLocation } from 'react-router'
import { useAppearance } from '@/appearance'
import { type TextKey, useLanguage } from '@/i18n'
import { useNews } from '@/news'
import { paths } from '@/paths'
import { useSession } from '@/session'
import { Loading } from '@/ui/Loading'

const SECTIONS: { path: string; text: TextKey; icon: React.ReactNode }[] = [
  { path: paths.overview(), text: 'nav.overview', icon: <DashboardOutlined /> },
  { path: paths.flows(), text: 'nav.flows', icon: <ApartmentOutlined /> },
  { path: paths.functions(), text: 'nav.functions', icon: <CodeOutlined /> },
  { path: paths.messages(), text: 'nav.messages', icon: <MessageOutlined /> },
  { path: paths.logs(), text: 'nav.logs', icon: <FileSearchOutlined /> },
  { path: paths.configuration(), text: 'nav.configuration', icon: <SettingOutlined /> },
  { path: paths.playground(), text: 'nav.playground', icon: <PlayCircleOutlined /> },
  { path: paths.people(), text: 'nav.people', icon: <TeamOutlined /> },
  { path: paths.settings(), text: 'nav.settings', icon: <ControlOutlined /> },
  { path: paths.audit(), text: 'nav.audit', icon: <AuditOutlined /> },
]

/** The frame of every page: menu, language, appearance, who is signed in. */
export function Shell() {
  const { t } = useLanguage()
  useNews()
  const here = useLocation().pathname
  const items = SECTIONS.map(({ path, text, icon }) => ({
    key: path,
    icon,
    label: <Link to={path}>{t(text)}</Link>,
  }))
  const selected = SECTIONS.filter(({ path }) => here === path || (path !== '/' && here.startsWith(path)))
  return (
    <Layout style={{ minHeight: '100%' }}>
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <Layout.Sider breakpoint="lg" collapsedWidth={56} theme="light">
        <Flex align="center" gap={8} style={{ height: 56, padding: '0 16px', overflow: 'hidden' }}>
          <img src="/console/icon.svg" width={24} height={24} alt="" />
          <Typography.Text strong>{t('app.name')}</Typography.Text>
        </Flex>
        <nav aria-label={t('nav.menu')}>
          <Menu mode="inline" selectedKeys={selected.map(({ path }) => path)} items={items} style={{ border: 0 }} />
        </nav>
      </Layout.Sider>
      <Layout>
        <TopBar />
        <Layout.Content id="content" tabIndex={-1} style={{ padding: 24, outline: 'none' }}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </Layout.Content>
      </Layout>
    </Layout>
  )
}

function TopBar() {
  const { t, language, choose } = useLanguage()
  const { dark, setDark } = useAppearance()
  const { me, signOut } = useSession()
  return (
    <Layout.Header style={{ background: 'transparent', padding: '0 24px', height: 56, lineHeight: 'normal' }}>
      <Flex justify="end" align="center" gap={16} style={{ height: '100%' }}>
        <Typography.Text type="secondary" className="wide">
          {t('shell.account', { id: me.accountId })}
        </Typography.Text>
        <Button
          type="text"
          icon={<TranslationOutlined />}
          aria-label={t('shell.language')}
          onClick={() => choose(language === 'zh' ? 'en' : 'zh')}
        >
          {language === 'zh' ? 'English' : '中文'}
        </Button>
        <Space>
          <MoonOutlined />
          <Switch size="small" checked={dark} onChange={setDark} aria-label={t('shell.theme')} />
        </Space>
        <Typography.Text className="wide">{me.displayName || me.name}</Typography.Text>
        <Tooltip title={t('shell.signOut')}>
          <Button type="text" icon={<LogoutOutlined />} aria-label={t('shell.signOut')} onClick={() => void signOut()} />
        </Tooltip>
      </Flex>
    </Layout.Header>
  )
}
