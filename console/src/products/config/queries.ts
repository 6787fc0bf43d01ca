import { useQuery } from '@tanstack/react-query'
import { api, type Schemas, taken } from '@/api/client'

export type SchemaView = Schemas['SchemaView']
export type EntryView = Schemas['EntryView']
export type EffectiveView = Schemas['EffectiveView']
export type RevisionView = Schemas['RevisionView']
export type DraftView = Schemas['DraftView']
export type Place = { schema: string; key: string; scope: string }

export const useSchemas = () =>
  useQuery({
    queryKey: ['config', 'schemas'],
    queryFn: async () => (await taken(api.GET('/api/config/schemas'))).schemas,
  })

export const useSchema = (name: string) =>
  useQuery({
    queryKey: ['config', 'schema', name],
    queryFn: () => taken(api.GET('/api/config/schemas/{name}', { params: { path: { name } } })),
  })

export const useEntries = (schema: string, scope: string) =>
  useQuery({
    queryKey: ['config', 'entries', schema, scope],
    queryFn: async () => {
      const { next, ...first } = await entriesAfter(schema, scope, '')
      for (let after = next; after; ) {
        const page = await entriesAfter(schema, scope, after)
        first.entries.push(...page.entries)
        first.hidden.push(...page.hidden)
        after = page.next
      }
      return first
    },
  })

const entriesAfter = (schema: string, scope: string, after: string) =>
  taken(api.GET('/api/config/entries/{schema}', { params: { path: { schema }, query: { scope, after } } }))

export const useHistory = ({ schema, key, scope }: Place) =>
  useQuery({
    queryKey: ['config', 'history', schema, key, scope],
    queryFn: async () =>
      (
        await taken(
          api.GET('/api/config/entries/{schema}/{key}/history', {
            params: { path: { schema, key }, query: { scope } },
          }),
        )
      ).revisions,
  })

export const useDrafts = () =>
  useQuery({
    queryKey: ['config', 'drafts'],
    queryFn: async () => (await taken(api.GET('/api/config/drafts'))).drafts,
  })

const at = ({ schema, key, scope }: Place) => ({ path: { schema, key }, query: { scope } })

export const acts = {
  putSchema: (name: string, body: Schemas['SchemaChange']) =>
    taken(api.PUT('/api/config/schemas/{name}', { params: { path: { name } }, body })),
  put: (place: Place, body: Schemas['EntryChange']) =>
    taken(api.PUT('/api/config/entries/{schema}/{key}', { params: at(place), body })),
  remove: (place: Place, revision: number) =>
    taken(
      api.DELETE('/api/config/entries/{schema}/{key}', {
        params: { ...at(place), query: { scope: place.scope, revision } },
      }),
    ),
  /** `revision` is the newest that was seen: what came since is not undone unseen. */
  rollback: (place: Place, revision: number | undefined, to?: number) =>
    taken(api.POST('/api/config/entries/{schema}/{key}/rollback', { params: at(place), body: { to, revision } })),
  beginRollout: (place: Place, body: Schemas['NewRollout']) =>
    taken(api.POST('/api/config/entries/{schema}/{key}/rollout', { params: at(place), body })),
  moveRollout: (place: Place, body: Schemas['RolloutChange']) =>
    taken(api.PUT('/api/config/entries/{schema}/{key}/rollout', { params: at(place), body })),
  finishRollout: (place: Place, revision: number | undefined) =>
    taken(
      api.POST('/api/config/entries/{schema}/{key}/rollout/finish', {
        params: { ...at(place), query: { scope: place.scope, revision } },
      }),
    ),
  propose: (body: Schemas['NewDraft']) => taken(api.POST('/api/config/drafts', { body })),
  review: (draft_id: string, verdict: 'approve' | 'reject') =>
    taken(api.POST('/api/config/drafts/{draft_id}/review', { params: { path: { draft_id } }, body: { verdict } })),
  publish: (draft_id: string) =>
    taken(api.POST('/api/config/drafts/{draft_id}/publish', { params: { path: { draft_id } } })),
}
