import { CloudUploadOutlined, DeleteOutlined, FileAddOutlined, FileOutlined, UndoOutlined } from '@ant-design/icons'
import { Alert, Button, Card, Flex, Menu, Space, Tag, Tooltip, Typography } from 'antd'
import { useEffect, useState } from 'react'
import { useText } from '@/i18n'
import { useMay } from '@/session'
import { ErrorNote } from '@/ui/ErrorNote'
import { Loading } from '@/ui/Loading'
import { useAct } from '@/ui/useAct'
import { Equivalent } from './Equivalent'
import { type Edits, firstFile, isEdited, NO_EDITS, rowsOf, syntaxOf, textOf, withoutFile, written } from './files'
import { bytesText } from './format'
import { LazyEditor } from './LazyEditor'
import { NewFileDialog } from './NewFileDialog'
import { acts, type CodeView, type FunctionView, type Named, useCode } from './queries'

export function CodeTab({ named, found }: { named: Named; found: FunctionView }) {
  const code = useCode(named)
  if (code.error) return <ErrorNote error={code.error} retry={() => void code.refetch()} />
  return code.data ? <Workbench named={named} found={found} code={code.data} /> : <Loading />
}

/** The files beside the one that is open. Nothing changes on the platform until it is deployed. */
function Workbench({ named, found, code }: { named: Named; found: FunctionView; code: CodeView }) {
  const t = useText()
  const mayDeploy = useMay('administrator')
  const { act, isPending } = useAct()
  const [edits, setEdits] = useState<Edits>(NO_EDITS)
  const [open, setOpen] = useState(() => firstFile(code, found.handler))
  const [adding, setAdding] = useState(false)
  const [round, setRound] = useState(0) // another one shows the texts anew
  const edited = isEdited(edits)
  useWarning(edited)
  const rows = rowsOf(code, edits)
  const text = textOf(code, edits, open)
  const deploy = async () => {
    if (!edited || !mayDeploy || isPending) return
    const change = { files: { ...edits.texts }, removed: [...edits.removed], etag: code.etag }
    if (await act(() => acts.putCode(named, change), t('functions.deployed'))) setEdits(NO_EDITS)
  }
  return (
    <Flex vertical gap={12}>
      <Flex justify="space-between" align="center" wrap gap={8}>
        <Typography.Text type="secondary">
          {t('functions.package', { size: bytesText(code.size), files: code.files.length })}
        </Typography.Text>
        <Space>
          {edited ? <Tag color="warning">{t('functions.notDeployed')}</Tag> : null}
          <Button
            icon={<UndoOutlined />}
            disabled={!edited}
            onClick={() => {
              setEdits(NO_EDITS)
              setOpen(firstFile(code, found.handler))
              setRound(round + 1)
            }}
          >
            {t('functions.discard')}
          </Button>
          <Tooltip title={t('functions.deployHint')}>
            <Button
              type="primary"
              icon={<CloudUploadOutlined />}
              disabled={!edited || !mayDeploy}
              loading={isPending}
              onClick={() => void deploy()}
            >
              {t('functions.deploy')}
            </Button>
          </Tooltip>
        </Space>
      </Flex>
      <Card size="small" styles={{ body: { padding: 0 } }}>
        <Flex style={{ height: 520 }}>
          <Flex vertical style={{ width: 220, borderInlineEnd: '1px solid var(--line, #8884)' }}>
            <div translate="no" style={{ flex: 1, overflow: 'auto' }}>
              <Menu
                aria-label={t('functions.files')}
                style={{ border: 0 }}
                selectedKeys={[open]}
                onClick={({ key }) => setOpen(key)}
                items={rows.map(({ path, state, editable }) => ({
                  key: path,
                  icon: <FileOutlined />,
                  disabled: !editable,
                  title: path,
                  label: (
                    <span className="mono">
                      {path}
                      {state === 'same' ? '' : ' •'}
                    </span>
                  ),
                }))}
              />
            </div>
            <Flex gap={4} style={{ padding: 8 }}>
              <Button
                size="small"
                icon={<FileAddOutlined />}
                disabled={!mayDeploy}
                onClick={() => setAdding(true)}
              >
                {t('functions.newFile')}
              </Button>
              <Tooltip title={t('functions.removeFile')}>
                <Button
                  size="small"
                  icon={<DeleteOutlined />}
                  aria-label={t('functions.removeFile')}
                  disabled={!mayDeploy || rows.length < 2 || !open}
                  onClick={() => {
                    const left = withoutFile(code, edits, open)
                    setEdits(left)
                    setOpen(rowsOf(code, left).find(({ editable }) => editable)?.path ?? '')
                  }}
                />
              </Tooltip>
            </Flex>
          </Flex>
          <div style={{ flex: 1, minWidth: 0 }}>
            {text === null ? (
              <Alert type="info" showIcon title={t('functions.noText')} style={{ margin: 16 }} />
            ) : (
              <LazyEditor
                key={`${open} ${round}`}
                text={text}
                syntax={syntaxOf(open)}
                label={t('functions.codeOf', { path: open })}
                readOnly={!mayDeploy}
                height="520px"
                change={(now) => setEdits((old) => written(code, old, open, now))}
                save={() => void deploy()}
              />
            )}
          </div>
        </Flex>
      </Card>
      <Equivalent act={{ kind: 'code', named }} />
      {adding ? (
        <NewFileDialog
          code={code}
          edits={edits}
          close={() => setAdding(false)}
          add={(path) => {
            setEdits(written(code, edits, path, ''))
            setOpen(path)
            setAdding(false)
          }}
        />
      ) : null}
    </Flex>
  )
}

/** The browser asks before it leaves what isn't deployed yet. */
function useWarning(edited: boolean) {
  useEffect(() => {
    if (!edited) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [edited])
}
