// Two languages, one table each. A text that lacks in one of them is a type error.
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import { en } from './en'
import { type Phrase, type Phrases, said } from './phrases'
import { zh } from './zh'

export type TextKey = keyof typeof en
export type Language = 'en' | 'zh'
export type Say = (phrase: Phrase) => string
export type Translate = (key: TextKey, values?: Record<string, string | number>) => string

const TABLES: Record<Language, Record<TextKey, string>> = { en, zh }
const STORED = 'liuyun.language'
const OWN: Phrases = {}

const Context = createContext<{ language: Language; choose: (language: Language) => void; t: Translate; say: Say } | null>(null)

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(initial)
  const [chinese, setChinese] = useState<Phrases | null>(null) // loaded for who reads it
  const choose = useCallback((chosen: Language) => {
    localStorage.setItem(STORED, chosen)
    setLanguage(chosen)
  }, [])
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  }, [language])
  useEffect(() => {
    if (language === 'zh') void import('./phrases.zh.json').then(({ default: phrases }) => setChinese(phrases))
  }, [language])
  const phrases = language === 'zh' ? chinese : null
  const value = useMemo(
    () => ({ language, choose, t: translator(language), say: (phrase: Phrase) => said(phrase, phrases ?? OWN) }),
    [language, choose, phrases],
  )
  return <Context.Provider value={value}>{children}</Context.Provider>
}

export function useLanguage() {
  const found = useContext(Context)
  if (!found) throw new Error('LanguageProvider is missing')
  return found
}

export const useText = (): Translate => useLanguage().t

/** For what the platform said. */
export const useSay = (): Say => useLanguage().say

function translator(language: Language): Translate {
  const table = TABLES[language]
  return (key, values = {}) => table[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

function initial(): Language {
  const stored = localStorage.getItem(STORED)
  if (stored === 'en' || stored === 'zh') return stored
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
