// The commands that do what the page of logs does.
import { quoted } from '@/ui/shell'

type Search = { target: string; text: string; requestId?: string }

/** `target` is `service/function`, or a function alone; empty for all. */
export function searchLogs({ target, text, requestId = '' }: Search): string {
  if (target === '') {
    const asked = new URLSearchParams({ ...(text ? { contains: text } : {}), ...(requestId ? { requestId } : {}) })
    return `liuyun api GET ${quoted(`/api/logs${asked.size ? `?${asked.toString()}` : ''}`)}`
  }
  const id = requestId ? ` --request-id ${quoted(requestId)}` : ''
  return `liuyun logs${id}${text ? ` --contains ${quoted(text)}` : ''} ${quoted(target)}`
}
