import { Alert, Card, Descriptions, Flex, Tag, Typography } from 'antd'
import { useText } from '@/i18n'
import { durationText, prettyText } from './format'
import type { CallResult } from './queries'

/** What a call gave: how it went, its answer, and what it printed. */
export function TestResult({ result }: { result: CallResult }) {
  const t = useText()
  const { errorType, http } = result
  return (
    <Card
      size="small"
      title={t('functions.result')}
      extra={
        <Flex gap={4}>
          {result.coldStart ? <Tag color="processing">{t('functions.coldStart')}</Tag> : null}
          {http ? <Tag color={http.status < 400 ? 'success' : 'error'}>HTTP {http.status}</Tag> : null}
          <Tag color={errorType ? 'error' : 'success'}>{errorType ? t('functions.failed') : t('functions.succeeded')}</Tag>
        </Flex>
      }
    >
      <Flex vertical gap={12}>
        {errorType ? <Alert type="error" showIcon title={<span translate="no">{errorType}</span>} /> : null}
        <Descriptions
          size="small"
          column={2}
          items={[
            { key: 'duration', label: t('functions.duration'), children: durationText(result.durationMs) },
            { key: 'memory', label: t('functions.memoryUsed'), children: `${result.memoryMb.toFixed(1)} MB` },
            { key: 'version', label: t('functions.version'), children: <code>{result.versionId}</code> },
            { key: 'request', label: t('functions.requestId'), children: <code>{result.requestId}</code> },
          ]}
        />
        {http ? <Block label={t('functions.headers')} text={headerText(http.headers)} most={140} /> : null}
        <Block label={t('functions.answer')} text={prettyText(result.payload)} most={260} />
        {result.truncated ? <Typography.Text type="secondary">{t('functions.truncated')}</Typography.Text> : null}
        <Block label={t('functions.log')} text={result.log.replaceAll('\r\n', '\n')} most={260} />
      </Flex>
    </Card>
  )
}

function Block({ label, text, most }: { label: string; text: string; most: number }) {
  return (
    <Flex vertical gap={4} component="section" aria-label={label}>
      <Typography.Text strong>{label}</Typography.Text>
      <pre className="mono block" style={{ maxHeight: most }} tabIndex={0}>
        {text || '–'}
      </pre>
    </Flex>
  )
}

const headerText = (headers: readonly { name: string; value: string }[]) =>
  headers.map(({ name, value }) => `${name}: ${value}`).join('\n')
