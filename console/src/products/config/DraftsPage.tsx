import { Button, Empty, Space, Tag, type TableColumnsType } from 'antd'
import { useText } from '@/i18n'
import { paths } from '@/paths'
import { useMay, useSession } from '@/session'
import { DataTable } from '@/ui/DataTable'
import { JsonText } from '@/ui/JsonText'
import { PageFrame } from '@/ui/PageFrame'
import { TimeText } from '@/ui/TimeText'
import { Acts } from '@/ui/SameElsewhere'
import { useAct } from '@/ui/useAct'
import { publishDraft, reviewDraft } from './commands'
import { acts, type DraftView, useDrafts } from './queries'

const COLOURS = { open: 'processing', approved: 'warning', rejected: 'default', published: 'success' } as const

/** Changes that wait for somebody else's eyes. */
export function Page() {
  const t = useText()
  const query = useDrafts()
  const { me } = useSession()
  const mayChange = useMay('operator')
  const { act } = useAct()
  const example = query.data?.find(({ state }) => state === 'open' || state === 'approved')?.draftId ?? 'DRAFT'
  const columns: TableColumnsType<DraftView> = [
    { title: t('config.key'), render: (_, draft) => `${draft.schemaName} / ${draft.key}` },
    { title: t('config.scope'), dataIndex: 'scope' },
    { title: t('common.value'), render: (_, { value }) => <JsonText value={value} /> },
    { title: t('common.author'), dataIndex: 'author' },
    { title: t('common.time'), render: (_, { at }) => <TimeText at={at} /> },
    {
      title: t('common.actions'),
      render: (_, { draftId, state, author }) => (
        <Space>
          <Tag color={COLOURS[state]}>{t(`config.draft.${state}`)}</Tag>
          {state === 'open' ? (
            <>
              <Button
                size="small"
                disabled={!mayChange || author === me.name}
                onClick={() => void act(() => acts.review(draftId, 'approve'))}
              >
                {t('config.approve')}
              </Button>
              <Button
                size="small"
                disabled={!mayChange || author === me.name}
                onClick={() => void act(() => acts.review(draftId, 'reject'))}
              >
                {t('config.reject')}
              </Button>
            </>
          ) : null}
          {state === 'approved' ? (
            <Button
              size="small"
              type="primary"
              disabled={!mayChange}
              onClick={() => void act(() => acts.publish(draftId))}
            >
              {t('config.publish')}
            </Button>
          ) : null}
        </Space>
      ),
    },
  ]
  return (
    <PageFrame
      title={t('config.drafts')}
      crumbs={[{ text: t('config.title'), to: paths.configuration() }, { text: t('config.drafts') }]}
    >
      <DataTable
        label={t('config.drafts')}
        query={query}
        columns={columns}
        rowKey={({ draftId }) => draftId}
        searched={({ schemaName, key, author }) => `${schemaName} ${key} ${author}`}
        empty={<Empty description={t('config.noDrafts')} />}
      />
      <Acts
        acts={[
          [t('config.approve'), { command: reviewDraft(example, 'approve') }],
          [t('config.reject'), { command: reviewDraft(example, 'reject') }],
          [t('config.publish'), { command: publishDraft(example) }],
        ]}
      />
    </PageFrame>
  )
}
