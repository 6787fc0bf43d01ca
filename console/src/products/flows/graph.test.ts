import { expect, test } from 'vitest'
import { graphOf } from './graph'

const drawn = (...steps: unknown[]) => {
  const { edges } = graphOf({ version: 'v1', type: 'flow', steps })
  return edges.map(({ from, to, kind, label }) => `${from} ${label || kind} ${to}`)
}
const pass = (name: string, more = {}) => ({ type: 'pass', name, ...more })

test('steps follow each other', () =>
  expect(drawn(pass('a'), pass('b'))).toEqual(['(start) next a', 'a next b', 'b next (end)']))

test('a step that ends its list leads to the end', () =>
  expect(drawn(pass('a', { end: true }), pass('b'))).toContain('a next (end)'))

test('a choice leads into its branches, to their goals, and on', () => {
  const choice = {
    type: 'choice',
    name: 'pick',
    choices: [
      { condition: '$.a > 1', steps: [pass('big')], goto: 'last' },
      { condition: '$.a > 0', goto: 'last' },
    ],
  }
  expect(drawn(choice, pass('next'), pass('last')).slice(1, 5)).toEqual([
    'pick $.a > 1 big',
    'big next last',
    'pick $.a > 0 last',
    'pick otherwise next',
  ])
})

test('branches of a parallel step part and meet', () => {
  const both = { type: 'parallel', name: 'both', branches: [{ steps: [pass('x')] }, { steps: [pass('y')] }] }
  expect(drawn(both, pass('z')).slice(1, 5)).toEqual(['both branch x', 'x next z', 'both branch y', 'y next z'])
})

test('a loop leads into its steps, and from their end on', () => {
  const each = { type: 'foreach', name: 'each', iterationMapping: { collection: '$.l', item: 'i' }, steps: [pass('x')] }
  expect(drawn(each).slice(1)).toEqual(['each each x', 'x next (end)'])
})

test('what is caught goes on at its goal; a fail step goes nowhere', () => {
  const task = { type: 'task', name: 't', catch: [{ errors: ['E', 'F'], goto: 'sorry' }] }
  expect(drawn(task, pass('ok', { end: true }), { type: 'fail', name: 'sorry' }).slice(1)).toEqual([
    't next ok',
    't E, F sorry',
    'ok next (end)',
  ])
})

test('a task is known by what it calls', () => {
  const details = (arn: string) => graphOf({ steps: [{ type: 'task', name: 't', resourceArn: arn }] }).nodes[1]!.detail
  expect(details('acs:fc:::services/orders.LATEST/functions/pay')).toBe('orders.LATEST/pay')
  expect(details('acs:fc:::functions/pay')).toBe('pay')
  expect(details('acs:mns:::/queues/parcels/messages')).toBe('parcels')
})

test.each([null, 'text', [], {}, { steps: 'none' }, { steps: [null, 1, { type: 'pass' }] }])(
  'half a definition is drawn as far as it goes: %j',
  (document) => expect(graphOf(document).edges).toEqual([{ from: '(start)', to: '(end)', kind: 'next', label: '' }]),
)

test('a goal that is not there, and a name that is there twice, break nothing', () =>
  expect(drawn({ type: 'choice', name: 'c', default: { goto: 'nowhere' } }, pass('a'), pass('a'))).toEqual([
    '(start) next c',
    'a next a',
  ]))

test('what else leads to the same step is told on the one way there', () => {
  const pick = { type: 'choice', name: 'c', choices: [{ condition: '$.a > 1', goto: 'x' }], default: { goto: 'x' } }
  const { edges } = graphOf({ steps: [pick, pass('x')] })
  expect(edges[1]).toEqual({ from: 'c', to: 'x', kind: 'condition', label: '$.a > 1', otherwise: true })
})
