import { Alert, Button } from 'antd'
import { ApiError } from '@/api/client'
import { useSay, useText } from '@/i18n'

/** That something went wrong, and what. */
export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useText()
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={t('error.title')}
      description={<Reasons error={error} />}
      action={retry ? <Button onClick={retry}>{t('error.retry')}</Button> : undefined}
    />
  )
}

/** What went wrong, each problem by itself. */
export function Reasons({ error }: { error: unknown }) {
  const t = useText()
  const say = useSay()
  const told = error instanceof ApiError ? error : null
  const problems = told?.problems ?? []
  return (
    <>
      {problems.length > 1 ? (
        <ul style={{ margin: 0, paddingInlineStart: 18 }}>
          {problems.map((problem) => (
            <li key={problem.text}>{say(problem)}</li>
          ))}
        </ul>
      ) : (
        <div style={{ whiteSpace: 'pre-wrap' }}>
          <Reason error={error} />
        </div>
      )}
      {told?.requestId ? <small>{t('error.request', { id: told.requestId })}</small> : null}
    </>
  )
}

/** In the reader's language, unless these are somebody else's words. */
function Reason({ error }: { error: unknown }) {
  const t = useText()
  const say = useSay()
  if (error instanceof ApiError) {
    const phrase = error.phrase ?? error.problems[0]
    if (phrase) return say(phrase)
    if (error.code === 'Unknown') return t('error.status', { status: error.status })
  } else if (error instanceof TypeError) return t('error.unreachable') // the browser's, of a request without an answer
  return <span translate="no">{error instanceof Error ? error.message : String(error)}</span>
}
