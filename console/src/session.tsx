// Who is signed in. Nothing else of the console is shown until somebody is.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useCallback, useContext, useMemo } from 'react'
import { api, holdSession, type Schemas, taken } from './api/client'

export type SignedIn = Schemas['SignedIn']
const KEY = ['session'] as const

/** `ended`: the platform has ended the session; what was read in it is forgotten. */
type Session = { me: SignedIn; signOut: () => Promise<void>; ended: () => void }

const Context = createContext<Session | null>(null)

export function SessionProvider({ signIn, children }: { signIn: ReactNode; children: ReactNode }) {
  const queries = useQueryClient()
  const forget = useCallback(() => queries.setQueryData(KEY, null), [queries])
  const { data: me, isPending } = useQuery({ queryKey: KEY, queryFn: current, staleTime: Infinity, retry: false })
  const value = useMemo(() => {
    if (!me) return null
    holdSession(me.csrfToken, forget)
    const ended = () => {
      forget()
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] }) // the session's is being watched
    }
    const signOut = async () => {
      await taken(api.DELETE('/api/session'))
      ended()
    }
    return { me, signOut, ended }
  }, [me, forget, queries])
  if (isPending) return null
  return value ? <Context.Provider value={value}>{children}</Context.Provider> : signIn
}

export function useSession() {
  const found = useContext(Context)
  if (!found) throw new Error('SessionProvider is missing')
  return found
}

const ORDER = ['viewer', 'operator', 'administrator'] as const

/** Whether who is signed in has this role or a higher one. What it hides, the API refuses too. */
export function useMay(role: Schemas['Role']): boolean {
  const { me } = useSession()
  return ORDER.indexOf(me.role) >= ORDER.indexOf(role)
}

export function useSignIn() {
  const queries = useQueryClient()
  return async (name: string, password: string) => {
    queries.setQueryData(KEY, await taken(api.POST('/api/session', { body: { name, password } })))
  }
}

const current = (): Promise<SignedIn | null> => taken(api.GET('/api/session'))
