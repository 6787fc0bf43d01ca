import { Select } from 'antd'
import { useText } from '@/i18n'
import { useFlows } from '@/products/flows/queries'
import { NO_SERVICE, useFunctions } from '@/products/functions/queries'
import type { Wanted } from './queries'

const ALL = { source: 'all', service: '', function: '', flow: '' } as const

/** Functions and flows, all of them or one. */
export function SourceSelect({ choose }: { choose: (change: Partial<Wanted>) => void }) {
  const t = useText()
  const functions = useFunctions().data?.pages.flatMap((page) => page.functions) ?? []
  const flows = useFlows().data ?? []
  const options = [
    { value: 'all', label: t('logs.all') },
    { value: 'functions', label: t('logs.functions') },
    { value: 'flows', label: t('logs.flows') },
    ...functions.map(({ service, name }) => ({
      value: `function/${service || NO_SERVICE}/${name}`,
      label: <span translate="no">{service ? `${service}/${name}` : name}</span>,
    })),
    ...flows.map(({ name }) => ({ value: `flow/${name}`, label: <span translate="no">{`${name} →`}</span> })),
  ]
  return (
    <Select
      showSearch
      aria-label={t('logs.source')}
      defaultValue="all"
      style={{ width: 220 }}
      options={options}
      onChange={(value) => choose({ ...ALL, ...sought(value) })}
    />
  )
}

function sought(value: string): Partial<Wanted> {
  const [kind = '', first = '', second = ''] = value.split('/')
  if (kind === 'function') return { service: first, function: second }
  return kind === 'flow' ? { flow: first } : { source: kind as Wanted['source'] }
}
