// Light or dark: as the machine is set, until somebody chooses.
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'

const STORED = 'liuyun.dark'
const Context = createContext<{ dark: boolean; setDark: (dark: boolean) => void } | null>(null)

export function AppearanceProvider({ children }: { children: ReactNode }) {
  const [dark, set] = useState(initial)
  const value = useMemo(() => {
    const setDark = (chosen: boolean) => {
      localStorage.setItem(STORED, String(chosen))
      set(chosen)
    }
    return { dark, setDark }
  }, [dark])
  return <Context.Provider value={value}>{children}</Context.Provider>
}

export function useAppearance() {
  const found = useContext(Context)
  if (!found) throw new Error('AppearanceProvider is missing')
  return found
}

function initial(): boolean {
  const stored = localStorage.getItem(STORED)
  return stored === null ? matchMedia('(prefers-color-scheme: dark)').matches : stored === 'true'
}
