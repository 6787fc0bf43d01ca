import { Input, Segmented, Space } from 'antd'
import { useState } from 'react'
import { useText } from '@/i18n'

/** Chooses `platform`, `account` or `tenant/NAME`. */
export function ScopePicker({ scope, choose }: { scope: string; choose: (scope: string) => void }) {
  const t = useText()
  const [level, tenant = ''] = scope.split('/')
  const [name, setName] = useState(tenant)
  const [asking, setAsking] = useState(false)
  const shown = asking ? 'tenant' : level!
  return (
    <Space wrap>
      <Segmented
        aria-label={t('config.scope')}
        value={shown}
        options={(['platform', 'account', 'tenant'] as const).map((value) => ({
          value,
          label: t(`config.scope.${value}`),
        }))}
        onChange={(chosen) => {
          setAsking(chosen === 'tenant' && !name)
          if (chosen !== 'tenant') choose(chosen)
          else if (name) choose(`tenant/${name}`)
        }}
      />
      {shown === 'tenant' ? (
        <Input
          aria-label={t('config.tenantName')}
          placeholder={t('config.tenantName')}
          value={name}
          maxLength={128}
          onChange={(event) => setName(event.target.value.trim())}
          onBlur={() => take()}
          onPressEnter={() => take()}
        />
      ) : null}
    </Space>
  )

  function take() {
    if (!name) return
    setAsking(false)
    choose(`tenant/${name}`)
  }
}
