import { useEffect, useState } from 'react'

/** How long something took, or has been going on; counts by itself. */
export function Lasted({ from, to }: { from: number; to: number | null }) {
  const now = useNow(to === null)
  return <span translate="no">{lasted((to ?? now) - from)}</span>
}

export function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!isTicking) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [isTicking])
  return now
}

/** 0.25 s, 12.3 s, 3 min 20 s, 2 h 5 min, 3 d 4 h. */
export function lasted(ms: number): string {
  const s = Math.max(0, ms) / 1000
  if (s < 60) return `${s < 1 ? s.toFixed(2) : s.toFixed(1)} s`
  if (s < 3600) return `${Math.floor(s / 60)} min ${Math.floor(s % 60)} s`
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3600)} h`
}
