// The one door to the platform's API: typed by its OpenAPI document, with what the session needs on every change.
import createClient, { type Middleware } from 'openapi-fetch'
import type { components, paths } from './generated'

export type Schemas = components['schemas']
export type Problem = Schemas['Problem']

/** What the API answered when it wasn't a success. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId: string,
    readonly phrase: Schemas['PhraseView'] | null,
    readonly problems: readonly Schemas['PhraseView'][],
    readonly retryAfterS = 0,
  ) {
    super(message)
  }
}

let csrfToken = ''
let onSignedOut = () => {}

export function holdSession(token: string, signedOut: () => void) {
  csrfToken = token
  onSignedOut = signedOut
}

const session: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('X-CSRF-Token', csrfToken)
    return request
  },
  onResponse({ response, request }) {
    if (response.status === 401 && !request.url.endsWith('/api/session')) onSignedOut()
  },
}

export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' })
api.use(session)

type Answer<T> = { data?: T; error?: unknown; response: Response }

/** The data of an answer; throws ApiError for anything but a success. */
export async function taken<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked
  if (response.ok) return data as T
  const told = (error ?? {}) as Partial<Problem>
  throw new ApiError(
    response.status,
    told.code ?? 'Unknown',
    told.message ?? `${response.status} ${response.statusText}`,
    told.requestId ?? '',
    told.phrase ?? null,
    told.problems ?? [],
    Number(response.headers.get('Retry-After') ?? 0),
  )
}
