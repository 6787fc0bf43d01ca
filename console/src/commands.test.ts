// One of each act of each page, with awkward texts, and what does the same elsewhere. The table is written beside this
// file, where tests/unit/cli/test_console_commands.py parses each command with the command's own parser.
import { expect, test } from 'vitest'
import * as config from './products/config/commands'
import { type Act as FlowAct, sameFor as ofFlows } from './products/flows/commands'
import { type Act as FunctionAct, sameFor as ofFunctions } from './products/functions/commands'
import { searchLogs } from './products/logs/commands'
import { type Act as MessageAct, sameFor as ofMessages } from './products/messages/commands'
import * as people from './products/people/commands'
import * as playground from './products/playground/commands'
import type { Same } from './ui/shell'

const EVIL = `-x "it's" $(reboot) 流云\n; rm`
const PAYLOAD = `{"text": "it's"}`
const place = { schema: 'method', key: 'card-1', scope: 'tenant/flower shop' }
const change = { value: { fee: 1, name: EVIL }, hidden: false, revision: 3, reason: EVIL }

/** By the operation of the API that the page calls; what reads has a name of its own. */
type Row = readonly [operation: string, same: Same]

function functions(named: { service: string; name: string }): Row[] {
  const acts: [string, FunctionAct][] = [
    ['createFunction', { kind: 'create', named, runtime: 'python3', handler: 'index.handler' }],
    ['putFunctionCode', { kind: 'code', named }],
    ['changeFunction', { kind: 'settings', named, memoryMb: 512, timeoutS: 60 }],
    ['invokeFunction', { kind: 'invoke', named, qualifier: '', payload: EVIL }],
    ['invokeFunction', { kind: 'invoke', named, qualifier: 'prod', payload: PAYLOAD }],
    ['createTrigger', { kind: 'trigger', named, trigger: 't', type: 'timer', config: { payload: EVIL }, sourceArn: '' }],
    ['deleteTrigger', { kind: 'deleteTrigger', named, trigger: 't' }],
    ['publishVersion', { kind: 'publish', named, description: EVIL }],
    ['deleteVersion', { kind: 'deleteVersion', named, version: '3' }],
    ['putAlias', { kind: 'alias', named, alias: 'prod', version: '2', weights: { '3': 0.1 } }],
    ['putAlias', { kind: 'rollback', named, alias: 'prod', version: '1' }],
    ['deleteAlias', { kind: 'deleteAlias', named, alias: 'prod' }],
    ['deleteFunction', { kind: 'delete', named }],
    ['listTriggers', { kind: 'deliveries', named }],
    ['listInvocations', { kind: 'invocations', named, wanted: { outcome: 'error', requestId: 'r-1' } }],
    ['readLog', { kind: 'log', named, requestId: 'r-1' }],
  ]
  return acts.map(([operation, act]) => [operation, ofFunctions(act)])
}

const messages: [string, MessageAct][] = [
  ['createQueue', { kind: 'createQueue', queue: 'q', attributes: { delayS: 1, retentionS: 60 } }],
  ['updateQueue', { kind: 'changeQueue', queue: 'q', attributes: { visibilityTimeoutS: 30 } }],
  ['purgeQueue', { kind: 'purge', queue: 'q' }],
  ['deleteQueue', { kind: 'deleteQueue', queue: 'q' }],
  ['sendMessage', { kind: 'send', queue: 'q', body: EVIL, priority: 1, delayS: 5 }],
  ['receiveMessages', { kind: 'receive', queue: 'q' }],
  ['deleteMessage', { kind: 'delete', queue: 'q', receiptHandle: '1-abc==' }],
  ['changeMessageVisibility', { kind: 'hide', queue: 'q', receiptHandle: '1-abc==', timeoutS: 0 }],
  ['createTopic', { kind: 'createTopic', topic: 't', maxMessageBytes: 2048 }],
  ['updateTopic', { kind: 'changeTopic', topic: 't', maxMessageBytes: 2048 }],
  ['deleteTopic', { kind: 'deleteTopic', topic: 't' }],
  ['publishMessage', { kind: 'publish', topic: 't', body: EVIL, tag: '-tag' }],
  ['subscribe', { kind: 'subscribe', topic: 't', name: 's', endpoint: 'http://127.0.0.1/x' }],
  ['updateSubscription', { kind: 'strategy', topic: 't', name: 's', strategy: 'BACKOFF_RETRY' }],
  ['unsubscribe', { kind: 'unsubscribe', topic: 't', name: 's' }],
  ['listWaitingDeliveries', { kind: 'deliveries', topic: 't', name: 's' }],
  ['retryDeliveries', { kind: 'retry', topic: 't', name: 's' }],
  ['giveUpDeliveries', { kind: 'giveUp', topic: 't', name: 's', messageId: 'M-1' }],
]

const flows: [string, FlowAct][] = [
  ['createFlow', { kind: 'create', flow: 'f', definition: `version: v1\n# ${EVIL}`, description: EVIL, mode: 'Standard' }],
  ['updateFlow', { kind: 'update', flow: 'f', definition: 'version: v1', revision: 2 }],
  ['deleteFlow', { kind: 'delete', flow: 'f' }],
  ['startExecution', { kind: 'start', flow: 'f', name: 'e-1', input: PAYLOAD }],
  ['startExecution', { kind: 'start', flow: 'f', name: '', input: '{}' }],
  ['stopExecution', { kind: 'stop', flow: 'f', name: 'e-1' }],
  ['reportTask', { kind: 'report', flow: 'f', name: 'e-1', body: { eventId: 4, output: PAYLOAD, error: '', cause: '' } }],
]

const search = { service: '', function: '', flow: '', source: 'all', contains: '', requestId: '', level: 'info' }

const commands: [string, string][] = [
  ['putSchema', config.putSchema('method', { document: { type: 'object', title: EVIL }, revision: 0, kind: 'config' })],
  ['putEntry', config.setEntry(place, { name: EVIL }, false)],
  ['putEntry', config.setEntry(place, 'a secret', true)],
  ['putEntry', config.hideEntry(place)],
  ['deleteEntry', config.removeEntry(place)],
  ['listRevisions', config.readHistory(place)],
  ['rollbackEntry', config.rollBack(place, 2)],
  ['rollbackEntry', config.cancelRollout(place)],
  ['beginRollout', config.beginRollout(place, { ...change, percent: 10, tenants: ['a'] })],
  ['moveRollout', config.moveRollout(place, { percent: 50, tenants: [], revision: 4 })],
  ['finishRollout', config.finishRollout(place)],
  ['proposeDraft', config.proposeDraft({ ...change, schemaName: 'method', key: 'card', scope: 'account' })],
  ['reviewDraft', config.reviewDraft('d-1', 'approve')],
  ['publishDraft', config.publishDraft('d-1')],
  ['createUser', people.createUser()],
  ['changeUser', people.changeUser('ann', { role: 'operator' })],
  ['setPassword', people.setPassword('ann')],
  ['deleteUser', people.deleteUser('ann')],
  ['createKey', people.createKey('ann', EVIL)],
  ['changeKey', people.switchKey('LY1', false)],
  ['changeKey', people.switchKey('LY1', true)],
  ['deleteKey', people.endKey('LY1')],
  ['listKeys', people.listKeys()],
  ['runProgram', playground.runProgram({ language: 'python', code: EVIL, input: '' })],
  ['makeFunction', playground.makeFunction({ name: 'f', language: 'python', code: EVIL })],
  ['searchLogs', searchLogs({ ...search, service: 'shop', function: 'pay', contains: EVIL }, '-')],
  ['searchLogs', searchLogs({ ...search, service: '-', function: 'pay', requestId: 'r-1' }, '-')],
  ['searchLogs', searchLogs({ ...search, flow: 'f', level: 'error', contains: EVIL }, '-')],
  ['searchLogs', searchLogs(search, '-')],
]

const table: Row[] = [
  ...functions({ service: 'shop', name: 'pay' }),
  ...functions({ service: '', name: 'pay' }),
  ...messages.map(([operation, act]): Row => [operation, ofMessages(act)]),
  ...flows.map(([operation, act]): Row => [operation, ofFlows(act)]),
  ...commands.map(([operation, command]): Row => [operation, { command }]),
]

test('the table of commands is the one that the command’s parser was asked about', async () => {
  const rows = table.map(([operation, { command, sdk }]) => ({ operation, command, sdk: sdk ?? null }))
  await expect(`${JSON.stringify(rows, null, 1)}\n`).toMatchFileSnapshot('./commands.table.json')
})
