import { Alert, Empty, Flex, Spin, Tag, Typography } from 'antd'
import { ApiError, type Schemas } from '@/api/client'
import { useText } from '@/i18n'
import { ErrorNote } from '@/ui/ErrorNote'
import { Elapsed } from './Elapsed'
import { endOf } from './ends'
import type { Piece } from './lines'
import type { Run } from './useRun'

/** What a program prints, as it prints it, and how it ended. */
export function Result({ run, limits }: { run: Run | null; limits: Schemas['Limits'] }) {
  const t = useText()
  if (!run) return <Empty description={t('playground.nothingYet')} />
  if (run.error instanceof ApiError && run.error.status === 429) {
    const seconds = run.error.retryAfterS || 1
    return <Alert type="warning" showIcon role="alert" title={t('playground.throttled', { seconds })} />
  }
  if (run.error) return <ErrorNote error={run.error} />
  const told = endOf(run, limits)
  return (
    <Flex vertical gap={12}>
      <Flex gap={4} wrap align="center" aria-live="polite">
        <Facts run={run} />
      </Flex>
      {told ? <Alert type={told.type} showIcon role="status" title={t(told.key, told.values)} /> : null}
      {run.end?.cut?.length ? <Alert type="info" showIcon title={t('playground.cut', { output: limits.outputKB })} /> : null}
      {run.compiler ? <Text title={t('playground.compiler')} pieces={[{ stream: 'stdout', text: run.compiler }]} /> : null}
      {run.phase === 'compiling' || run.end?.stage === 'compile' ? null : <Output run={run} />}
    </Flex>
  )
}

function Facts({ run }: { run: Run }) {
  const t = useText()
  if (run.phase !== 'ended') {
    return (
      <>
        <Spin size="small" />
        <span>{t(`playground.${run.phase}`)}</span>
        <Elapsed since={run.startedAt} />
      </>
    )
  }
  const { end } = run
  if (!end) return null
  return (
    <>
      <Tag color={end.exit === 0 ? 'success' : 'error'}>{t('playground.exit', { code: end.exit })}</Tag>
      <Tag>{t('playground.took', { seconds: ((end.time ?? 0) / 1000).toFixed(2) })}</Tag>
      <Tag>{t('playground.memory', { mb: ((end.memory ?? 0) / 1024).toFixed(1) })}</Tag>
      {end.stage === 'compile' ? <Tag color="warning">{t('playground.notCompiled')}</Tag> : null}
    </>
  )
}

function Output({ run }: { run: Run }) {
  const t = useText()
  const mixed = run.pieces.some(({ stream }) => stream === 'stderr')
  const title = t(mixed ? 'playground.outputAndErrors' : 'playground.output')
  if (run.pieces.length) return <Text title={title} pieces={run.pieces} />
  return run.phase === 'ended' ? <span>{t('playground.noOutput')}</span> : null
}

function Text({ title, pieces }: { title: string; pieces: readonly Piece[] }) {
  return (
    <section>
      <Typography.Text type="secondary">{title}</Typography.Text>
      <pre className="mono" style={{ maxHeight: 420 }} tabIndex={0} aria-label={title}>
        {pieces.map(({ stream, text }, place) =>
          stream === 'stderr' ? (
            <Typography.Text key={place} type="danger" italic className="mono">
              {text}
            </Typography.Text>
          ) : (
            text
          ),
        )}
      </pre>
    </section>
  )
}
