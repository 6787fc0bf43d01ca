import { Select } from 'antd'
import { useText } from '@/i18n'
import { type Named, useAliases, useVersions } from './queries'

/** The newest state, an alias or a version. */
export function QualifierSelect(props: { named: Named; value: string; choose: (value: string) => void }) {
  const { named, value, choose } = props
  const t = useText()
  const aliases = useAliases(named).data ?? []
  const versions = useVersions(named).data ?? []
  return (
    <Select
      aria-label={t('functions.version')}
      style={{ minWidth: 140 }}
      value={value}
      onChange={choose}
      options={[
        { value: '', label: t('functions.newest') },
        ...aliases.map(({ name }) => ({ value: name, label: name })),
        ...versions.map(({ versionId }) => ({ value: versionId, label: t('functions.versionNumber', { number: versionId }) })),
      ]}
    />
  )
}
