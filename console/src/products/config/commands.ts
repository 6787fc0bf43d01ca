// The commands that do what the pages of configuration do. The vendor has no such product, and so no SDK for it.
import type { Schemas } from '@/api/client'
import { address, apiCall, quoted } from '@/ui/shell'
import type { Place } from './queries'

type Value = unknown
const at = ({ schema, key }: Place, ...more: string[]) => address('config', 'entries', schema, key, ...more)
const named = ({ schema, key, scope }: Place) => `--scope ${quoted(scope)} -- ${quoted(schema)} ${quoted(key)}`

export const putSchema = (name: string, body: Schemas['SchemaChange']) =>
  apiCall('PUT', address('config', 'schemas', name), body)

/** A secret is read from standard input, so that no shell remembers it. */
export const setEntry = (place: Place, value: Value, secret: boolean) =>
  `liuyun config set ${named(place)} ${secret ? '-' : quoted(JSON.stringify(value ?? null))}`
export const hideEntry = (place: Place) =>
  apiCall('PUT', at(place), { hidden: true, revision: 0 }, { scope: place.scope })
export const removeEntry = (place: Place) => `liuyun config remove ${named(place)}`
export const readHistory = (place: Place) => `liuyun config history ${named(place)}`
export const rollBack = (place: Place, to: number) =>
  `liuyun config rollback --to ${to} ${named(place)}`

export const beginRollout = (place: Place, body: Schemas['NewRollout']) =>
  apiCall('POST', at(place, 'rollout'), body, { scope: place.scope })
export const moveRollout = (place: Place, body: Schemas['RolloutChange']) =>
  apiCall('PUT', at(place, 'rollout'), body, { scope: place.scope })
export const finishRollout = (place: Place) =>
  apiCall('POST', at(place, 'rollout', 'finish'), undefined, { scope: place.scope })
export const cancelRollout = (place: Place) => `liuyun config rollback ${named(place)}`

export const proposeDraft = (body: Schemas['NewDraft']) => apiCall('POST', address('config', 'drafts'), body)
export const reviewDraft = (draftId: string, verdict: Schemas['Review']['verdict']) =>
  apiCall('POST', address('config', 'drafts', draftId, 'review'), { verdict })
export const publishDraft = (draftId: string) => apiCall('POST', address('config', 'drafts', draftId, 'publish'))
