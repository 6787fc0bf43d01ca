import { Alert, Input, Segmented, Space, Typography } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useText } from '@/i18n'
import { Command } from '@/ui/Command'
import { Dialog } from '@/ui/Dialog'
import { Loading } from '@/ui/Loading'
import { jsonProblem } from '@/ui/jsonProblem'
import { asJson } from '@/ui/JsonText'
import { useAct } from '@/ui/useAct'
import { proposeDraft, setEntry } from './commands'
import { inheriting, inherits, placeholders } from './inheriting'
import { acts, type SchemaView } from './queries'
import type { Row } from './rows'

const SchemaForm = lazy(async () => ({ default: (await import('./SchemaForm')).SchemaForm }))

/** A new entry, or another value for one: in a form made from the schema, or as JSON. */
export function EntryDialog(props: { schema: SchemaView; scope: string; row: Row | null; close: () => void }) {
  const { schema, scope, row, close } = props
  const t = useText()
  const { act, isPending } = useAct()
  const inherited = inherits(row, scope)
  const secret = schema.kind === 'secret'
  const [key, setKey] = useState(row?.key ?? '')
  const [value, setValue] = useState<unknown>(secret ? '' : (ownValue(row) ?? blank(schema)))
  const [text, setText] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState('')

  const submit = async () => {
    let given = value
    if (text !== null) {
      try {
        given = JSON.parse(text)
      } catch (error) {
        setProblem(jsonProblem(error, t))
        return
      }
    }
    const place = { schema: schema.name, key: key.trim(), scope }
    const change = { value: given as never, hidden: false, revision: row?.own?.newest ?? 0, reason }
    const draft = { ...change, schemaName: place.schema, key: place.key, scope, removed: false }
    const done = await (schema.reviewed
      ? act(() => acts.propose(draft), t('config.proposed'))
      : act(() => acts.put(place, change)))
    if (done) close()
  }
  const place = { schema: schema.name, key: key.trim() || 'KEY', scope }
  const shown = secret ? '…' : text === null ? value : jsonOr(text)
  const command = schema.reviewed
    ? proposeDraft({ schemaName: place.schema, key: place.key, scope, value: shown as never, revision: row?.own?.newest ?? 0 })
    : setEntry(place, shown, secret)
  return (
    <Dialog
      width={640}
      title={row ? `${schema.name} / ${row.key}` : t('config.newEntry')}
      okText={t(schema.reviewed ? 'config.propose' : 'common.save')}
      okButtonProps={{ disabled: !key.trim() }}
      confirmLoading={isPending}
      onOk={() => void submit()}
      onCancel={close}
    >
      <Space orientation="vertical" size={12} style={{ width: '100%' }}>
        {row ? null : (
          <label>
            {t('config.key')}
            <Input value={key} maxLength={128} onChange={(event) => setKey(event.target.value)} autoFocus />
          </label>
        )}
        {secret ? (
          <>
            <Typography.Text type="secondary">{t('config.secretHint')}</Typography.Text>
            <Input.Password
              aria-label={t('common.value')}
              autoComplete="new-password"
              onChange={(event) => setValue(event.target.value)}
            />
          </>
        ) : (
          <>
            <Segmented
              aria-label={t('common.value')}
              value={text === null ? 'form' : 'json'}
              options={[
                { value: 'form', label: t('common.form') },
                { value: 'json', label: t('common.json') },
              ]}
              onChange={(way) => setText(way === 'json' ? asJson(value) : null)}
            />
            {text === null ? (
              <Suspense fallback={<Loading />}>
                <SchemaForm
                  document={inherited ? inheriting(schema.document) : schema.document}
                  uiSchema={inherited ? placeholders(row?.value) : {}}
                  formData={value}
                  onChange={({ formData }) => setValue(formData)}
                />
              </Suspense>
            ) : (
              <Input.TextArea
                aria-label={t('common.json')}
                className="mono"
                autoSize={{ minRows: 6, maxRows: 18 }}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </>
        )}
        {problem ? <Alert type="error" title={problem} showIcon /> : null}
        <label>
          {t('common.reason')}
          <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        </label>
        <Command text={command} />
      </Space>
    </Dialog>
  )
}

/** What stands in this scope itself; what is inherited is left to be inherited. */
const ownValue = (row: Row | null) => (row?.own && !row.own.current.hidden ? row.own.current.value : undefined)

/** What was typed, while it is no JSON yet. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const blank = (schema: SchemaView) => (schema.document.type === 'object' ? {} : undefined)
