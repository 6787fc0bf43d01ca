// A schema's titles and descriptions in the reader's language, where it has them: the keyword `x-languages`.
import type { SchemaView } from './queries'

type Document = SchemaView['document']

const LANGUAGES = 'x-languages'

export const localized = (document: Document, language: string): Document => inLanguage(document, language) as Document

/** What entries of the schema are for. */
export function described({ document, description }: SchemaView, language: string): string {
  const { description: own } = wordsIn(document, language)
  return typeof own === 'string' ? own : description
}

function inLanguage(part: unknown, language: string): unknown {
  if (Array.isArray(part)) return part.map((inner) => inLanguage(inner, language))
  if (!isTable(part)) return part
  const inner = Object.entries(part).map(([name, one]) => [name, inLanguage(one, language)])
  return { ...Object.fromEntries(inner), ...wordsIn(part, language) }
}

function wordsIn(part: Document, language: string): Document {
  const languages = part[LANGUAGES]
  const words = isTable(languages) ? languages[language] : undefined
  return isTable(words) ? words : {}
}

const isTable = (value: unknown): value is Document => typeof value === 'object' && value !== null && !Array.isArray(value)
