import { Button, Flex, Popconfirm, Tag, Timeline, Typography } from 'antd'
import { useText } from '@/i18n'
import { useMay } from '@/session'
import { Command } from '@/ui/Command'
import { SideDialog } from '@/ui/Dialog'
import { Diff } from '@/ui/Diff'
import { ErrorNote } from '@/ui/ErrorNote'
import { Loading } from '@/ui/Loading'
import { Acts } from '@/ui/SameElsewhere'
import { TimeText } from '@/ui/TimeText'
import { readHistory, rollBack } from './commands'
import { type Place, useHistory } from './queries'

/** Every revision of an entry, each beside the one before, and the way back to it. */
export function HistoryDrawer(props: {
  place: Place
  rollback: (seen: number | undefined, to: number) => Promise<boolean>
  close: () => void
}) {
  const { place, rollback, close } = props
  const t = useText()
  const { data, error, isPending } = useHistory(place)
  const before = data?.slice(1).find(({ removed }) => !removed)
  const mayChange = useMay('operator')
  return (
    <SideDialog size={640} title={`${place.schema} / ${place.key} · ${t('config.history')}`} onClose={close}>
      {error ? <ErrorNote error={error} /> : null}
      {isPending ? <Loading /> : null}
      <Command text={readHistory(place)} />
      {before ? <Acts acts={[[t('config.rollback'), { command: rollBack(place, before.number) }]]} /> : null}
      <Timeline
        items={(data ?? []).map((revision, index) => ({
          content: (
            <Flex vertical gap={6}>
              <Flex gap={8} align="center" wrap>
                <Typography.Text strong>
                  {t('config.revision')} {revision.number}
                </Typography.Text>
                <TimeText at={revision.at} />
                <Typography.Text type="secondary">{revision.author}</Typography.Text>
                {revision.hidden ? <Tag>{t('config.hidden')}</Tag> : null}
                {index > 0 && !revision.removed ? (
                  <Popconfirm title={t('common.sure')} onConfirm={() => rollback(data?.[0]?.number, revision.number)}>
                    <Button size="small" disabled={!mayChange}>
                      {t('config.rollback')}
                    </Button>
                  </Popconfirm>
                ) : null}
              </Flex>
              {revision.reason ? <Typography.Text>{revision.reason}</Typography.Text> : null}
              <Diff before={data?.[index + 1]?.value} after={revision.value} label={t('config.diff')} />
            </Flex>
          ),
        }))}
      />
    </SideDialog>
  )
}
