import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { App as AntApp, ConfigProvider, theme } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { lazy, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router'
import { ApiError } from './api/client'
import { AppearanceProvider, useAppearance } from './appearance'
import { LanguageProvider, useLanguage } from './i18n'
import { SignIn } from './layout/SignIn'
import { router } from './routes'
import { SessionProvider } from './session'
import './main.css'

const queries = new QueryClient({
  queryCache: new QueryCache(),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500),
    },
  },
})

const OpenPlayground = lazy(() => import('./products/playground/OpenPlayground'))
const alone = location.pathname.startsWith('/playground') // open to everybody, so nobody signs in

// Dark and light enough to be read by everybody: 4.5 to 1 against what is behind.
const LIGHT = {
  colorPrimary: '#0958d9',
  colorInfo: '#0958d9',
  colorLink: '#0958d9',
  colorPrimaryHover: '#003eb3', // the usual one is lighter, and can't be read
  colorLinkHover: '#003eb3',
  colorErrorHover: '#a8071a',
  colorError: '#cf1322',
  colorWarning: '#ad6800',
  colorSuccess: '#237804',
  colorWarningBg: '#fffbe6',
  colorWarningBorder: '#ffe58f',
  colorSuccessBg: '#f6ffed',
  colorSuccessBorder: '#b7eb8f',
  colorTextDescription: 'rgba(0, 0, 0, 0.65)',
  colorTextTertiary: 'rgba(0, 0, 0, 0.65)',
}
const DARK = {
  colorPrimary: '#69b1ff',
  colorInfo: '#69b1ff',
  colorLink: '#69b1ff',
  colorError: '#ff7875',
  colorTextDescription: 'rgba(255, 255, 255, 0.65)',
  colorTextTertiary: 'rgba(255, 255, 255, 0.65)',
}
const ON_BRIGHT = '#141414'
const DARK_PARTS = {
  Button: { primaryColor: ON_BRIGHT, dangerColor: ON_BRIGHT },
  Menu: { itemSelectedColor: '#bcdcff' },
}

function Root() {
  const { language } = useLanguage()
  const { dark } = useAppearance()
  return (
    <ConfigProvider
      locale={language === 'zh' ? zhCN : enUS}
      theme={{
        algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
        token: { borderRadius: 6, ...(dark ? DARK : LIGHT) },
        components: dark ? DARK_PARTS : {},
      }}
    >
      <AntApp style={{ height: '100%' }}>
        {alone ? (
          <Suspense>
            <OpenPlayground />
          </Suspense>
        ) : (
          <SessionProvider signIn={<SignIn />}>
            <RouterProvider router={router} />
          </SessionProvider>
        )}
      </AntApp>
    </ConfigProvider>
  )
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <LanguageProvider>
      <AppearanceProvider>
        <QueryClientProvider client={queries}>
          <Root />
        </QueryClientProvider>
      </AppearanceProvider>
    </LanguageProvider>
  </StrictMode>,
)
