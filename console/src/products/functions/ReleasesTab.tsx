import { DeleteOutlined, PlusOutlined, RollbackOutlined, TagOutlined } from '@ant-design/icons'
import { Button, Card, Col, Empty, Flex, Progress, Row, Space, type TableColumnsType, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useText } from '@/i18n'
import { useMay } from '@/session'
import { ofCode, ownWords } from '@/ui/cells'
import { DataTable } from '@/ui/DataTable'
import { TimeText } from '@/ui/TimeText'
import { useAct } from '@/ui/useAct'
import { AliasDialog } from './AliasDialog'
import { sameFor } from './commands'
import { Equivalent } from './Equivalent'
import { PublishDialog } from './PublishDialog'
import { acts, type AliasView, type Named, useAliases, useVersions, type VersionView } from './queries'
import { shareOf, wayBack } from './releases'

/** Frozen states, and the names that lead callers to them. */
export function ReleasesTab({ named }: { named: Named }) {
  const t = useText()
  return (
    <Flex vertical gap={12}>
      <Typography.Text type="secondary">
        {named.service ? t('functions.releasesOfService') : t('functions.releasesIntro')}
      </Typography.Text>
      <Row gutter={[16, 16]}>
        <Col xs={24} xl={14}>
          <Aliases named={named} />
        </Col>
        <Col xs={24} xl={10}>
          <Versions named={named} />
        </Col>
      </Row>
    </Flex>
  )
}

function Aliases({ named }: { named: Named }) {
  const t = useText()
  const aliases = useAliases(named)
  const versions = useVersions(named).data ?? []
  const mayRelease = useMay('operator')
  const { act, confirmed, isPending } = useAct()
  const [editing, setEditing] = useState<AliasView | 'new' | null>(null)
  const rollBack = (alias: AliasView, versionId: string) =>
    act(
      () => acts.putAlias(named, alias.name, { versionId, weights: {}, etag: alias.etag }),
      t('functions.rolledBack', { alias: alias.name, number: versionId }),
    )
  const columns: TableColumnsType<AliasView> = [
    { title: t('functions.alias'), render: (_, { name }) => <code>{name}</code> },
    { title: t('functions.leadsTo'), render: (_, alias) => <Split alias={alias} /> },
    {
      title: t('common.actions'),
      render: (_, alias) => {
        const back = wayBack(alias, versions)
        return (
          <Space size={4}>
            <Button size="small" disabled={!mayRelease} onClick={() => setEditing(alias)}>
              {t('functions.shift')}
            </Button>
            <Button
              size="small"
              icon={<RollbackOutlined />}
              disabled={!mayRelease || !back || isPending}
              onClick={() => back && void rollBack(alias, back.versionId)}
            >
              {back ? t('functions.rollBackTo', { number: back.versionId }) : t('functions.rollBack')}
            </Button>
            <Button
              size="small"
              danger
              icon={<DeleteOutlined />}
              aria-label={t('functions.deleteAlias')}
              disabled={!mayRelease}
              onClick={() =>
                confirmed(
                  t('functions.deleteAlias'),
                  t('functions.deleteAliasHint', { name: alias.name }),
                  () => acts.removeAlias(named, alias.name),
                  { same: sameFor({ kind: 'deleteAlias', named, alias: alias.name }) },
                )
              }
            />
          </Space>
        )
      },
    },
  ]
  const add = (
    <Button
      icon={<PlusOutlined />}
      disabled={!mayRelease || versions.length === 0}
      onClick={() => setEditing('new')}
    >
      {t('functions.newAlias')}
    </Button>
  )
  const first = aliases.data?.[0]
  return (
    <Card size="small" title={t('functions.aliases')} extra={add}>
      <Flex vertical gap={12}>
        <DataTable
          label={t('functions.aliases')}
          query={aliases}
          columns={columns}
          rowKey={({ name }) => name}
          searched={({ name, description }) => `${name} ${description}`}
          empty={
            <Empty description={versions.length > 0 ? t('functions.noAliases') : t('functions.noAliasesYet')} />
          }
        />
        {first ? (
          <Equivalent
            act={{
              kind: 'rollback',
              named,
              alias: first.name,
              version: wayBack(first, versions)?.versionId ?? first.versionId,
            }}
          />
        ) : null}
      </Flex>
      {editing ? (
        <AliasDialog
          named={named}
          alias={editing === 'new' ? null : editing}
          versions={versions}
          close={() => setEditing(null)}
        />
      ) : null}
    </Card>
  )
}

/** How the calls are split, in words and as a bar. */
function Split({ alias }: { alias: AliasView }) {
  const t = useText()
  const share = shareOf(alias)
  const main = t('functions.versionNumber', { number: alias.versionId })
  if (!share) return <Tag color="success">{main}</Tag>
  const other = t('functions.versionNumber', { number: share.version })
  return (
    <Flex vertical style={{ minWidth: 180 }}>
      <Typography.Text>
        {main} {100 - share.percent} % · {other} {share.percent} %
      </Typography.Text>
      <Progress percent={100 - share.percent} showInfo={false} size="small" aria-label={main} />
    </Flex>
  )
}

function Versions({ named }: { named: Named }) {
  const t = useText()
  const versions = useVersions(named)
  const mayRelease = useMay('operator')
  const { confirmed } = useAct()
  const [publishing, setPublishing] = useState(false)
  const publish = (
    <Button type="primary" icon={<TagOutlined />} disabled={!mayRelease} onClick={() => setPublishing(true)}>
      {t('functions.publish')}
    </Button>
  )
  const columns: TableColumnsType<VersionView> = [
    { title: t('functions.version'), dataIndex: 'versionId', onCell: ofCode },
    { title: t('common.description'), dataIndex: 'description', onCell: ownWords },
    { title: t('functions.published'), render: (_, { createdAt }) => <TimeText at={createdAt} /> },
    {
      render: (_, { versionId }) => (
        <Button
          size="small"
          danger
          icon={<DeleteOutlined />}
          aria-label={t('functions.deleteVersion')}
          disabled={!mayRelease}
          onClick={() =>
            confirmed(
              t('functions.deleteVersion'),
              t('functions.deleteVersionHint', { number: versionId }),
              () => acts.removeVersion(named, versionId),
              { same: sameFor({ kind: 'deleteVersion', named, version: versionId }) },
            )
          }
        />
      ),
    },
  ]
  return (
    <Card size="small" title={t('functions.versions')} extra={publish}>
      <DataTable
        label={t('functions.versions')}
        query={versions}
        columns={columns}
        rowKey={({ versionId }) => versionId}
        searched={({ versionId, description }) => `${versionId} ${description}`}
        empty={<Empty description={t('functions.noVersions')} />}
      />
      {publishing ? <PublishDialog named={named} close={() => setPublishing(false)} /> : null}
    </Card>
  )
}
