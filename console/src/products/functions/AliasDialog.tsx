import { Flex, Form, Input, Select, Slider, Typography } from 'antd'
import { useText } from '@/i18n'
import { Dialog } from '@/ui/Dialog'
import { useAct } from '@/ui/useAct'
import { Equivalent } from './Equivalent'
import { NAME } from './names'
import { acts, type AliasView, type Named, type VersionView } from './queries'
import { candidate, shareOf, weightsOf } from './releases'

type Given = { name: string; versionId: string; other: string; percent: number }

/** Where an alias leads: to one version, or to two by shares. */
export function AliasDialog(props: {
  named: Named
  alias: AliasView | null
  versions: readonly VersionView[]
  close: () => void
}) {
  const { named, alias, versions, close } = props
  const t = useText()
  const { act, isPending } = useAct()
  const [form] = Form.useForm<Given>()
  const begin = initial(alias, versions)
  const given: Given = { ...begin, ...Form.useWatch([], form) }
  const share = { version: given.other, percent: given.percent }
  const weights = given.other && given.other !== given.versionId ? weightsOf(share) : {}
  const save = async () => {
    const change = { versionId: given.versionId, weights, etag: alias?.etag ?? '' }
    if (await act(() => acts.putAlias(named, given.name, change))) close()
  }
  const options = versions.map(({ versionId, description }) => ({
    value: versionId,
    label: `${t('functions.versionNumber', { number: versionId })}${description ? ` · ${description}` : ''}`,
  }))
  return (
    <Dialog
      width={600}
      title={alias ? <code>{alias.name}</code> : t('functions.newAlias')}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      confirmLoading={isPending}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form form={form} layout="vertical" initialValues={begin} onFinish={() => void save()} requiredMark={false}>
        {alias ? null : (
          <Form.Item
            name="name"
            label={t('common.name')}
            rules={[{ required: true, pattern: NAME, max: 128, message: t('functions.nameRule') }]}
          >
            <Input autoFocus placeholder="prod" />
          </Form.Item>
        )}
        <Form.Item name="versionId" label={t('functions.mainVersion')} rules={[{ required: true }]}>
          <Select options={options} />
        </Form.Item>
        {versions.length > 1 ? (
          <>
            <Form.Item name="other" label={t('functions.otherVersion')}>
              <Select options={options.filter(({ value }) => value !== given.versionId)} />
            </Form.Item>
            <Form.Item name="percent" label={t('functions.share')}>
              <Slider min={0} max={100} step={0.5} marks={MARKS} aria-label={t('functions.share')} />
            </Form.Item>
            <Flex justify="center">
              <Typography.Text strong>{splitText(t, given, weights)}</Typography.Text>
            </Flex>
          </>
        ) : null}
      </Form>
      <Equivalent act={{ kind: 'alias', named, alias: given.name || 'ALIAS', version: given.versionId, weights }} />
    </Dialog>
  )
}

const MARKS = { 0: '0 %', 10: '10 %', 50: '50 %', 100: '100 %' }

function initial(alias: AliasView | null, versions: readonly VersionView[]): Given {
  const versionId = alias?.versionId ?? versions[0]?.versionId ?? ''
  const share = alias && shareOf(alias)
  return {
    name: alias?.name ?? '',
    versionId,
    other: share?.version ?? candidate(versionId, versions),
    percent: share?.percent ?? 0,
  }
}

function splitText(t: ReturnType<typeof useText>, given: Given, weights: Readonly<Record<string, number>>): string {
  const main = t('functions.versionNumber', { number: given.versionId })
  const [other] = Object.entries(weights)
  if (!other) return `${main} 100 %`
  const percent = Math.round(other[1] * 1000) / 10
  return `${main} ${100 - percent} % · ${t('functions.versionNumber', { number: other[0] })} ${percent} %`
}
