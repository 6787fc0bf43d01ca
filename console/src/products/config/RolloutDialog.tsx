import { Button, Flex, InputNumber, Select, Slider, Typography } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useText } from '@/i18n'
import { Command } from '@/ui/Command'
import { Dialog } from '@/ui/Dialog'
import { Loading } from '@/ui/Loading'
import { Acts } from '@/ui/SameElsewhere'
import { useAct } from '@/ui/useAct'
import { beginRollout, cancelRollout, finishRollout, moveRollout } from './commands'
import { acts, type Place, type SchemaView } from './queries'
import type { Row } from './rows'

const SchemaForm = lazy(async () => ({ default: (await import('./SchemaForm')).SchemaForm }))

/** Begins a roll-out of another value, or moves one that runs. */
export function RolloutDialog(props: { schema: SchemaView; place: Place; row: Row; close: () => void }) {
  const { schema, place, row, close } = props
  const t = useText()
  const { act, isPending } = useAct()
  const running = row.own?.rollout ?? null
  const [percent, setPercent] = useState(running?.percent ?? 10)
  const [tenants, setTenants] = useState<string[]>(running?.tenants ?? [])
  const [value, setValue] = useState<unknown>(running?.revision.value ?? row.own?.current.value)
  const then = async (work: () => Promise<unknown>) => {
    if (await act(work)) close()
  }
  const change = { value: value as never, hidden: false, revision: row.own?.newest ?? 0, reason: '', percent, tenants }
  const footer = running
    ? [
        <Button key="cancel" danger loading={isPending} onClick={() => void then(() => acts.rollback(place, row.own?.newest))}>
          {t('config.rolloutCancel')}
        </Button>,
        <Button key="finish" loading={isPending} onClick={() => void then(() => acts.finishRollout(place, row.own?.newest))}>
          {t('config.rolloutFinish')}
        </Button>,
        <Button
          key="move"
          type="primary"
          loading={isPending}
          onClick={() => void then(() => acts.moveRollout(place, { percent, tenants, revision: row.own?.newest }))}
        >
          {t('common.save')}
        </Button>,
      ]
    : [
        <Button
          key="begin"
          type="primary"
          loading={isPending}
          onClick={() => void then(() => acts.beginRollout(place, change))}
        >
          {t('config.rolloutStart')}
        </Button>,
      ]
  return (
    <Dialog
      width={640}
      title={`${place.schema} / ${place.key} · ${t('config.rollout')}`}
      onCancel={close}
      footer={footer}
    >
      <Flex vertical gap={16}>
        {running ? (
          <Typography.Text>
            {t('config.rolloutState', {
              percent: running.percent,
              tenants: running.tenants.length,
              number: running.revision.number,
            })}
          </Typography.Text>
        ) : (
          <Suspense fallback={<Loading />}>
            <SchemaForm document={schema.document} formData={value} onChange={({ formData }) => setValue(formData)} />
          </Suspense>
        )}
        <label>
          {t('config.rolloutPercent')}
          <Flex gap={12}>
            <Slider style={{ flex: 1 }} value={percent} onChange={setPercent} ariaLabelForHandle={t('config.rolloutPercent')} />
            <InputNumber controls={false} min={0} max={100} value={percent} onChange={(chosen) => setPercent(chosen ?? 0)} />
          </Flex>
        </label>
        <label>
          {t('config.rolloutTenants')}
          <Select mode="tags" style={{ width: '100%' }} value={tenants} onChange={setTenants} open={false} />
        </label>
        {running ? (
          <Acts
            acts={[
              [t('common.save'), { command: moveRollout(place, { percent, tenants, revision: row.own?.newest }) }],
              [t('config.rolloutFinish'), { command: finishRollout(place) }],
              [t('config.rolloutCancel'), { command: cancelRollout(place) }],
            ]}
          />
        ) : schema.kind === 'secret' ? null : (
          <Command text={beginRollout(place, change)} />
        )}
      </Flex>
    </Dialog>
  )
}
