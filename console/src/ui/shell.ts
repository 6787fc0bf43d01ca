// Texts as a shell and Python take them, and what does the same as an act of a page.

/** What does the same elsewhere: by the `liuyun` command, and by the vendor's SDK for Python. */
export type Same = { command: string | null; sdk?: string | null }

/** One word for a shell, whatever is in it. */
export const quoted = (text: string): string =>
  /^[A-Za-z0-9_./:=@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

/** JSON on one line; other texts as they are. */
export function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text
  }
}

/** A value of JSON as Python writes it. */
export function python(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, one]) => `${python(name)}: ${python(one)}`)
    return `{${members.join(', ')}}`
  }
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return value === null ? 'None' : JSON.stringify(value)
}

type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Query = Readonly<Record<string, string | number>>

/** An address of the API: its segments, of which names are escaped. */
export const address = (...segments: string[]) => ['', 'api', ...segments.map(encodeURIComponent)].join('/')

/** A call of the API, for which there is no word of its own. */
export function apiCall(method: Method, path: string, body?: object, query: Query = {}): string {
  const asked = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString()
  const target = quoted(asked ? `${path}?${asked}` : path)
  return `liuyun api ${method} ${target}${body === undefined ? '' : ` --body ${quoted(JSON.stringify(body))}`}`
}
