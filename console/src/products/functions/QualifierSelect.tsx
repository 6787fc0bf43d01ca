import { Select } from 'antd'
import { useText } from '@/i18n'
import { type Named, useAliases, useVersions } from './queries'

/** The newest state, an alias or a version; with `all`, the empty choice is any of them. */
export function QualifierSelect(props: { named: Named; value: string; choose: (value: string) => void; all?: boolean }) {
  const { named, value, choose, all = false } = props
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
        ...(all ? [{ value: '', label: t('functions.any') }] : []),
        { value: all ? 'LATEST' : '', label: t('functions.newest') },
        ...aliases.map(({ name }) => ({ value: name, label: name })),
        ...versions.map(({ versionId }) => ({ value: versionId, label: t('functions.versionNumber', { number: versionId }) })),
      ]}
    />
  )
}
