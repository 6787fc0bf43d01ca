import { Alert, Empty, Flex, Spin, Tag, Typography } from 'antd'
import type { Schemas } from '@/api/client'
import { useText } from '@/i18n'
import { ErrorNote } from '@/ui/ErrorNote'

type Props = { ran: Schemas['Ran'] | undefined; error: unknown; running: boolean }

/** What a program printed and how it ended. */
export function Result({ ran, error, running }: Props) {
  const t = useText()
  if (running) return <Spin description={t('playground.running')} style={{ margin: '48px auto' }} />
  if (error) return <ErrorNote error={error} />
  if (!ran) return <Empty description={t('playground.nothingYet')} />
  return (
    <Flex vertical gap={12} aria-live="polite">
      <Flex gap={4} wrap>
        <Tag color={ran.exit === 0 ? 'success' : 'error'}>{t('playground.exit', { code: ran.exit })}</Tag>
        <Tag>{t('playground.time', { ms: ran.time })}</Tag>
        <Tag>{t('playground.memory', { mb: (ran.memory / 1024).toFixed(1) })}</Tag>
        {ran.stage === 'compile' ? <Tag color="warning">{t('playground.notCompiled')}</Tag> : null}
      </Flex>
      {ran.note ? <Alert type="warning" title={<span translate="no">{ran.note}</span>} /> : null}
      <Stream title={t('playground.output')} text={ran.stdout} empty={t('playground.noOutput')} />
      {ran.stderr ? <Stream title={t('playground.errors')} text={ran.stderr} danger /> : null}
      {ran.compiler ? <Stream title={t('playground.compiler')} text={ran.compiler} /> : null}
    </Flex>
  )
}

function Stream({ title, text, empty, danger }: { title: string; text: string; empty?: string; danger?: boolean }) {
  return (
    <section>
      <Typography.Text type={danger ? 'danger' : 'secondary'}>{title}</Typography.Text>
      {text ? (
        <pre className="mono" style={{ maxHeight: 320 }} tabIndex={0}>
          {text}
        </pre>
      ) : (
        <div>{empty}</div>
      )}
    </section>
  )
}
