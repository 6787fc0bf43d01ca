// An order: choosing how to pay, and each step of its flow as it happens.

import { complain, find, h, say } from '/pages/dom.js'
import { t, time, translate, yuan } from '/pages/language.js'
import { showPayment } from '/pages/payment.js'
import { ask, part } from '/pages/service.js'
import { showSteps } from '/pages/steps.js'

const SOON_MS = 700, LATER_MS = 3000
const number = decodeURIComponent(location.pathname.split('/').at(-1))
const path = `/orders/${part(number)}`
let shown = ''

async function look() {
  let next = SOON_MS
  try {
    const found = await ask('GET', `${path}/progress`)
    complain('')
    show(found)
    if (found.execution !== 'running') return
    if (found.order.status === 'awaiting_payment' && document.hidden) next = LATER_MS
  } catch (refused) {
    complain(refused.message)
    find('payment').setAttribute('aria-busy', 'false')
    if (refused.status === 404) return
    next = LATER_MS
  }
  setTimeout(look, next)
}

function show(found) {
  const text = JSON.stringify(found)
  if (text === shown) return // leaves focus and screen readers alone
  shown = text
  showOrder(found.order)
  showPayment(found, choose)
  showSteps(found)
}

function showOrder(order) {
  const lines = order.products.map(({ name, price, quantity }) =>
    h('li', {}, h('span', { translate: 'no' }, `${name} × ${quantity}`), h('span', {}, yuan(price * quantity))))
  find('lines').replaceChildren(...lines)
  const facts = [
    ['order.before', h('span', {}, yuan(order.originalPrice))],
    ['order.address', h('span', { translate: 'no' }, order.address)],
    ['order.placed', h('time', {}, time(order.createdAt))],
  ]
  find('facts').replaceChildren(...facts.map(([name, value]) => h('div', {}, h('dt', {}, t(name)), h('dd', {}, value))))
}

async function choose(method) {
  complain('')
  await ask('POST', `${path}/payment`, { body: { method: method.method } })
  say(t('payment.sent', { label: method.label }))
}

translate('order.title')
find('number').textContent = number
await look()
