import { lazy, Suspense } from 'react'
import { Loading } from '@/ui/Loading'
import type { EditorProps } from './Editor'

const Editor = lazy(async () => ({ default: (await import('./Editor')).Editor }))

/** The editor is large: it comes when it is first needed. */
export const LazyEditor = (props: EditorProps) => (
  <Suspense fallback={<Loading />}>
    <Editor {...props} />
  </Suspense>
)
