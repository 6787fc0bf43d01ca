import { useText } from '@/i18n'
import { useMay } from '@/session'
import { PageFrame } from '@/ui/PageFrame'
import { Workbench } from './Workbench'

export function Page() {
  const t = useText()
  return (
    <PageFrame title={t('playground.title')} intro={t('playground.intro')}>
      <Workbench mayMake={useMay('administrator')} />
    </PageFrame>
  )
}
