// What a value breaks of its schema, said as the platform says it of an entry that it refuses (metadata/core/verdicts.py).
import type { OutputUnit } from '@cfworker/json-schema'
import type { Phrase } from '@/i18n/phrases'

type Table = Record<string, unknown>

// Keywords that have a phrase of their own.
const KNOWN = new Set([
  'type', 'enum', 'const', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength',
  'maxLength', 'pattern', 'required', 'additionalProperties', 'minItems', 'maxItems', 'uniqueItems', 'minProperties',
  'maxProperties',
])

/** The English is the checker's own. */
export function verdict({ instanceLocation, keywordLocation, keyword, error }: OutputUnit, schema: unknown, root: unknown): Phrase {
  const place = steps(keywordLocation)
  const value = at(root, steps(instanceLocation))
  const wanted = at(schema, place)
  const parameters = {
    keyword,
    value: JSON.stringify(value),
    wanted: typeof wanted === 'string' ? wanted : (JSON.stringify(wanted) ?? ''),
    names: namesIn(keyword, value, at(schema, place.slice(0, -1))),
  }
  return { code: KNOWN.has(keyword) ? `value_${keyword}` : 'value_rule', parameters, text: error }
}

function namesIn(keyword: string, value: unknown, schema: unknown): string {
  if (!isTable(value) || !isTable(schema)) return ''
  const { required, properties } = schema
  if (keyword === 'required' && Array.isArray(required)) return quoted(required.map(String).filter((name) => !(name in value)))
  const known = isTable(properties) ? properties : {}
  return keyword === 'additionalProperties' ? quoted(Object.keys(value).filter((name) => !(name in known))) : ''
}

const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ')

/** The names in a JSON pointer within a fragment. */
export const steps = (pointer: string): string[] =>
  pointer.replace(/^#\/?/, '').split('/').filter(Boolean).map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))

/** What stands there; references within the document are followed. */
function at(root: unknown, path: readonly string[]): unknown {
  let node = root
  for (const step of path) {
    if (step === '$ref' && isTable(node)) node = at(root, steps(String(node.$ref)))
    else node = isTable(node) || Array.isArray(node) ? (node as Table)[step] : undefined
  }
  return node
}

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value)
