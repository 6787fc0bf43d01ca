// What the platform says, in the reader's language: the English is its own, the Chinese is made here.
import type { Schemas } from '@/api/client'

export type Phrase = Schemas['PhraseView']
export type Phrases = Readonly<Record<string, string>>

/** Names and others' words stand in it as they are; what the platform says within what it says is a phrase again. */
export function said({ code, parameters, text }: Phrase, phrases: Phrases): string {
  const template = phrases[code]
  if (template === undefined) return text
  return template.replace(/\{\{|\}\}|\{(\w+)\}/g, (whole, name?: string) => {
    if (name === undefined) return whole.charAt(0)
    const value: unknown = parameters[name]
    return isPhrase(value) ? said(value, phrases) : String(value ?? '')
  })
}

export const isPhrase = (value: unknown): value is Phrase =>
  typeof value === 'object' && value !== null && 'code' in value && 'text' in value
