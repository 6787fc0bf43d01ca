import { Result } from 'antd'
import { isRouteErrorResponse, Link, useRouteError } from 'react-router'
import { useText } from '@/i18n'
import { paths } from '@/paths'

export function Lost() {
  const t = useText()
  const error = useRouteError()
  const broken = error !== undefined && error !== null && !isRouteErrorResponse(error)
  return (
    <Result
      status={broken ? 'error' : '404'}
      title={broken ? t('error.title') : t('error.notFound')}
      subTitle={broken && error instanceof Error ? error.message : undefined}
      extra={<Link to={paths.overview()}>{t('error.back')}</Link>}
    />
  )
}
