// The playground alone, for whoever reaches the platform: `playground = "open"` in its settings.
import { MoonOutlined } from '@ant-design/icons'
import { Button, Flex, Switch } from 'antd'
import { useAppearance } from '@/appearance'
import { useLanguage } from '@/i18n'
import { PageFrame } from '@/ui/PageFrame'
import { Workbench } from './Workbench'

export default function OpenPlayground() {
  const { t, language, choose } = useLanguage()
  const { dark, setDark } = useAppearance()
  const actions = (
    <Flex gap={8} align="center">
      <Button
        type="text"
        aria-label={t('shell.language')}
        onClick={() => choose(language === 'zh' ? 'en' : 'zh')}
      >
        {language === 'zh' ? 'English' : '中文'}
      </Button>
      <MoonOutlined />
      <Switch size="small" checked={dark} onChange={setDark} aria-label={t('shell.theme')} />
    </Flex>
  )
  return (
    <main id="content" style={{ padding: 24 }}>
      <PageFrame title={t('playground.title')} intro={t('playground.intro')} actions={actions}>
        <Workbench mayMake={false} />
      </PageFrame>
    </main>
  )
}
