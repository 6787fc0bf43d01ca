// The steps of the order's flow. A step that pays is called like the merchant calls its method.

import { find, h, say } from '/pages/dom.js'
import { has, t, time } from '/pages/language.js'

let announced = 0

export function showSteps({ order, steps, execution }) {
  const labels = new Map(order.paymentMethods.map(({ method, label }) => [method, label]))
  // Where the branches of a choice meet again is the flow's own business.
  const told = steps.filter(({ name }) => !(name.endsWith('End') && labels.has(name.slice(0, -3))))
  find('steps').replaceChildren(...told.map((step) => item(step, labels)))
  if (execution === 'running' && !told.length) find('steps').replaceChildren(h('li', { class: 'running' }, t('steps.none')))
  const done = told.filter(({ left }) => left)
  if (done.length > announced && execution === 'running')
    say(t('steps.said', { step: nameOf(done.at(-1), labels), state: t(`state.${done.at(-1).state}`) }))
  announced = done.length
}

function nameOf({ name }, labels) {
  if (has(`step.${name}`)) return t(`step.${name}`)
  return labels.has(name) ? t('step.pays', { label: labels.get(name) }) : name
}

function item(step, labels) {
  const { name, state, entered, left, attempts } = step
  const seconds = left ? (new Date(left) - new Date(entered)) / 1000 : null
  return h('li', { class: state },
    h('strong', {}, nameOf(step, labels)),
    h('span', { class: 'state' }, t(`state.${state}`), attempts > 1 ? ` · ${t('steps.attempts', { attempts })}` : ''),
    h('small', {}, h('code', {}, name), ' ', h('time', { datetime: entered }, time(entered)),
      seconds === null ? '' : ` · ${t('steps.seconds', { seconds: seconds.toFixed(2) })}`))
}
