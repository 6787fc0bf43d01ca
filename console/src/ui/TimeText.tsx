import { useLanguage } from '@/i18n'

/** An instant in the reader's own time; the exact one on hover. */
export function TimeText({ at }: { at: number }) {
  const { language } = useLanguage()
  if (!at) return <>–</>
  const date = new Date(at)
  const text = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
  }).format(date)
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()}>
      {text}
    </time>
  )
}
