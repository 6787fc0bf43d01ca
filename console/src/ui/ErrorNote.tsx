import { Alert, Button } from 'antd'
import { ApiError } from '@/api/client'
import { useText } from '@/i18n'

/** What went wrong, in the platform's words, each problem by itself. */
export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useText()
  const told = error instanceof ApiError ? error : null
  const message = error instanceof Error ? error.message : String(error)
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={t('error.title')}
      description={
        <>
          {told && told.problems.length > 1 ? (
            <ul style={{ margin: 0, paddingInlineStart: 18 }}>
              {told.problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          ) : (
            <div style={{ whiteSpace: 'pre-wrap' }}>{message}</div>
          )}
          {told?.requestId ? <small>{t('error.request', { id: told.requestId })}</small> : null}
        </>
      }
      action={retry ? <Button onClick={retry}>{t('error.retry')}</Button> : undefined}
    />
  )
}
