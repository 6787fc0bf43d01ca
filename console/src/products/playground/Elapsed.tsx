import { useEffect, useState } from 'react'
import { useText } from '@/i18n'

const STEP_MS = 100

/** How long it has been, as it passes. Who listens instead of looking isn't told each step. */
export function Elapsed({ since }: { since: number }) {
  const t = useText()
  const [ms, setMs] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setMs(Date.now() - since), STEP_MS)
    return () => clearInterval(timer)
  }, [since])
  return <span aria-hidden>{t('playground.took', { seconds: (ms / 1000).toFixed(1) })}</span>
}
