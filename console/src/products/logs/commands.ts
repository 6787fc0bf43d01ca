// The commands that do what the page of logs does.
import { quoted } from '@/ui/shell'

export type Search = {
  service: string
  function: string
  flow: string
  source: string
  contains: string
  requestId: string
  level: string
  minutes?: number
  until?: number
}
const USUAL: Readonly<Record<string, unknown>> = { source: 'all', level: 'info', minutes: 60 }

/** Lines of one function have a command of their own; whatever else is looked for, the API finds. */
export function searchLogs(wanted: Search, noService: string): string {
  const { service, function: name, contains, requestId, level } = wanted
  if (name && level === 'info') {
    const id = requestId ? ` --request-id ${quoted(requestId)}` : ''
    const target = service === noService ? name : `${service}/${name}`
    return `liuyun logs${id}${contains ? ` --contains ${quoted(contains)}` : ''} ${quoted(target)}`
  }
  const told = Object.entries(wanted).filter(([key, value]) => value && value !== USUAL[key])
  const asked = new URLSearchParams(told.map(([key, value]): [string, string] => [key, String(value)]))
  return `liuyun api GET ${quoted(`/api/logs${asked.size ? `?${asked.toString()}` : ''}`)}`
}
