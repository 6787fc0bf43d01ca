import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Empty, Flex, Space, type TableColumnsType, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useText } from '@/i18n'
import { useMay } from '@/session'
import { ofCode } from '@/ui/cells'
import { DataTable } from '@/ui/DataTable'
import { useAct } from '@/ui/useAct'
import { sameFor } from './commands'
import { Deliveries } from './Deliveries'
import { Equivalent } from './Equivalent'
import { acts, type Named, type TriggerView, useTriggers } from './queries'
import { TriggerDialog } from './TriggerDialog'
import { summaryOf } from './triggers'

/** What calls the function, and how that goes. */
export function TriggersTab({ named }: { named: Named }) {
  const t = useText()
  const triggers = useTriggers(named)
  const mayChange = useMay('administrator')
  const { confirmed } = useAct()
  const [adding, setAdding] = useState(false)
  const [shown, setShown] = useState<string | null>(null)
  const opened = triggers.data?.find(({ name }) => name === shown)
  const add = (
    <Button type="primary" icon={<PlusOutlined />} disabled={!mayChange} onClick={() => setAdding(true)}>
      {t('functions.newTrigger')}
    </Button>
  )
  const columns: TableColumnsType<TriggerView> = [
    { title: t('common.name'), dataIndex: 'name', onCell: ofCode },
    { title: t('functions.kind'), render: (_, { kind }) => <Tag translate="no">{kind}</Tag> },
    { title: t('functions.version'), dataIndex: 'qualifier', onCell: ofCode },
    { title: t('functions.when'), render: (_, trigger) => <When trigger={trigger} /> },
    { title: t('functions.delivered'), align: 'right', dataIndex: 'delivered' },
    {
      title: t('functions.failures'),
      align: 'right',
      render: (_, { failed }) => (
        <Typography.Text type={failed > 0 ? 'danger' : undefined}>{failed}</Typography.Text>
      ),
    },
    {
      title: t('functions.lag'),
      align: 'right',
      render: (_, { delivered, meanLagMs }) => (delivered ? `${meanLagMs.toFixed(1)} ms` : '–'),
    },
    {
      title: t('common.actions'),
      render: (_, { name }) => (
        <Space size={4}>
          <Button size="small" onClick={() => setShown(name)}>
            {t('functions.deliveries')}
          </Button>
          <Button
            size="small"
            danger
            icon={<DeleteOutlined />}
            disabled={!mayChange}
            aria-label={t('functions.deleteTrigger')}
            onClick={() =>
              confirmed(
                t('functions.deleteTrigger'),
                t('functions.deleteTriggerHint', { name }),
                () => acts.removeTrigger(named, name),
                { same: sameFor({ kind: 'deleteTrigger', named, trigger: name }) },
              )
            }
          />
        </Space>
      ),
    },
  ]
  return (
    <Flex vertical gap={12}>
      <Flex justify="space-between" align="center" wrap gap={8}>
        <Typography.Text type="secondary">{t('functions.triggersIntro')}</Typography.Text>
        {add}
      </Flex>
      <DataTable
        label={t('functions.tab.triggers')}
        query={triggers}
        columns={columns}
        rowKey={({ name }) => name}
        searched={({ name, kind, config }) => `${name} ${kind} ${JSON.stringify(config)}`}
        empty={<Empty description={t('functions.noTriggers')}>{add}</Empty>}
      />
      <Equivalent act={{ kind: 'deliveries', named }} />
      {adding ? <TriggerDialog named={named} close={() => setAdding(false)} /> : null}
      {opened ? <Deliveries named={named} trigger={opened} close={() => setShown(null)} /> : null}
    </Flex>
  )
}

function When({ trigger }: { trigger: TriggerView }) {
  if (trigger.kind !== 'http') return <code>{summaryOf(trigger)}</code>
  const url = location.origin + trigger.url
  return (
    <Flex vertical>
      <code>{summaryOf(trigger)}</code>
      <Typography.Link href={url} target="_blank" rel="noreferrer" className="mono" copyable={{ text: url, tooltips: false }}>
        {trigger.url}
      </Typography.Link>
    </Flex>
  )
}
