// Triggers as forms give them, and as the API takes them.
import type { Schemas } from '@/api/client'
import { type Method, METHODS } from './events'
import type { TriggerView } from './queries'

export type TriggerKind = 'http' | 'timer' | 'mns_topic'
export const TRIGGER_KINDS: readonly TriggerKind[] = ['http', 'timer', 'mns_topic']

/** All fields of all kinds: a form remembers them while somebody tries another kind. */
export type TriggerForm = {
  kind: TriggerKind
  name: string
  qualifier: string
  authType: 'anonymous' | 'function'
  methods: Method[]
  cronExpression: string
  payload: string
  enable: boolean
  topic: string
  filterTag: string
  notifyContentFormat: 'STREAM' | 'JSON'
  notifyStrategy: 'BACKOFF_RETRY' | 'EXPONENTIAL_DECAY_RETRY'
}

export const BLANK: TriggerForm = {
  kind: 'http',
  name: '',
  qualifier: '',
  authType: 'anonymous',
  methods: ['GET', 'POST'],
  cronExpression: '@every 5m',
  payload: '',
  enable: true,
  topic: '',
  filterTag: '',
  notifyContentFormat: 'STREAM',
  notifyStrategy: 'BACKOFF_RETRY',
}

export function triggerOf(form: TriggerForm, account: { accountId: string; region: string }): Schemas['NewTrigger'] {
  const { kind, name } = form
  const qualifier = form.qualifier || 'LATEST'
  switch (kind) {
    case 'http':
      return { kind, name, qualifier, config: { authType: form.authType, methods: inOrder(form.methods) } }
    case 'timer': {
      const { cronExpression, payload, enable } = form
      return { kind, name, qualifier, config: { cronExpression, payload, enable } }
    }
    case 'mns_topic': {
      const { filterTag, notifyContentFormat, notifyStrategy } = form
      const config = { notifyContentFormat, notifyStrategy, ...(filterTag ? { filterTag } : {}) }
      const sourceArn = `acs:mns:${account.region}:${account.accountId}:/topics/${form.topic}`
      return { kind, name, qualifier, config, sourceArn }
    }
  }
}

/** In a few words what makes it call. */
export function summaryOf({ kind, config, sourceArn }: Pick<TriggerView, 'kind' | 'config' | 'sourceArn'>): string {
  switch (kind) {
    case 'http':
      return `${(config['methods'] as string[]).join(', ')} · ${String(config['authType'])}`
    case 'timer':
      return String(config['cronExpression']) + (config['enable'] === false ? ' ⏸' : '')
    case 'mns_topic':
      return sourceArn.slice(sourceArn.lastIndexOf('/') + 1) + (config['filterTag'] ? ` #${String(config['filterTag'])}` : '')
    default:
      return JSON.stringify(config)
  }
}

const inOrder = (methods: readonly Method[]) => METHODS.filter((method) => methods.includes(method))
