// The program on the page: what each language's draft is, and what the address said when the page was opened.
import { useEffect, useState } from 'react'
import type { Schemas } from '@/api/client'
import { packed, type Shared, unpacked } from './share'

type Language = Schemas['LanguageView']

export function useProgram(languages: readonly Language[]) {
  const [chosen, setChosen] = useState('')
  const [drafts, setDrafts] = useState<Record<string, string>>({})
  const [typed, setTyped] = useState<string | null>(null)
  useEffect(() => {
    const open = async () => {
      const found = await unpacked(location.hash.slice(1))
      if (!found) return
      setChosen(found.language)
      setDrafts((all) => ({ ...all, [found.language]: found.code }))
      setTyped(found.input)
    }
    const changed = () => void open()
    changed()
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  const language = languages.find(({ name }) => name === chosen) ?? languages[0]
  const name = language?.name ?? ''
  const program: Shared = {
    language: name,
    code: drafts[name] ?? language?.example.code ?? '',
    input: typed ?? language?.example.input ?? '',
  }
  return {
    program,
    choose: setChosen,
    write: (code: string) => setDrafts((all) => ({ ...all, [name]: code })),
    type: setTyped,
    reset: () => {
      setDrafts((all) => Object.fromEntries(Object.entries(all).filter(([of]) => of !== name)))
      setTyped(null)
    },
  }
}

/** The address that opens this program, which is the page's own from now on. */
export async function addressOf(program: Shared): Promise<string> {
  history.replaceState(history.state, '', `#${await packed(program)}`)
  return location.href
}
