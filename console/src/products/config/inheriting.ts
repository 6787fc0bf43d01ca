import type { SchemaView } from './queries'
import type { Row } from './rows'

type Document = SchemaView['document']

/** Whether the entry gets something from a scope above. */
export const inherits = (row: Row | null, scope: string): boolean =>
  row !== null && Object.values(row.origins).some((origin) => origin !== scope && origin !== '')

/** The schema for an entry that needs to say only what differs: nothing is required, and no default hides what is inherited. */
export function inheriting(document: Document): Document {
  const properties = (document['properties'] ?? {}) as Record<string, unknown>
  return { ...document, required: [], properties: mapped(properties, withoutDefault) }
}

/** What is inherited, shown in the fields that are left empty. */
export const placeholders = (value: unknown): Record<string, object> =>
  typeof value === 'object' && value !== null
    ? mapped(value as Record<string, unknown>, (one) => ({ 'ui:placeholder': typeof one === 'string' ? one : JSON.stringify(one) }))
    : {}

function withoutDefault(property: unknown): unknown {
  if (typeof property !== 'object' || property === null) return property
  return Object.fromEntries(Object.entries(property).filter(([name]) => name !== 'default'))
}

const mapped = <From, To>(given: Record<string, From>, change: (one: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(given).map(([name, one]) => [name, change(one)]))
