// The steps of the order's flow. The step that pays is called like the merchant calls the method.

import { find, h, say } from '/pages/dom.js'
import { has, t, time } from '/pages/language.js'

let announced = 0

export function showSteps({ order, steps, execution }) {
  const paying = order.paymentMethods.find(({ method }) => method === order.paymentMethod)?.label
  find('steps').replaceChildren(...steps.map((step) => item(step, paying)))
  if (execution === 'running' && !steps.length) find('steps').replaceChildren(h('li', { class: 'running' }, t('steps.none')))
  const done = steps.filter(({ left }) => left)
  if (done.length > announced && execution === 'running')
    say(t('steps.said', { step: nameOf(done.at(-1), paying), state: t(`state.${done.at(-1).state}`) }))
  announced = done.length
}

function nameOf({ name }, paying) {
  if (name === 'pay' && paying) return t('step.pays', { label: paying })
  return has(`step.${name}`) ? t(`step.${name}`) : name
}

function item(step, paying) {
  const { name, state, entered, left, attempts } = step
  const seconds = left ? (new Date(left) - new Date(entered)) / 1000 : null
  return h('li', { class: state },
    h('strong', {}, nameOf(step, paying)),
    h('span', { class: 'state' }, t(`state.${state}`), attempts > 1 ? ` · ${t('steps.attempts', { attempts })}` : ''),
    h('small', {}, h('code', {}, name), ' ', h('time', { datetime: entered }, time(entered)),
      seconds === null ? '' : ` · ${t('steps.seconds', { seconds: seconds.toFixed(2) })}`))
}
