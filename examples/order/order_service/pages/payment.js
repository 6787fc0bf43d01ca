// What stands where the customer pays: a wait, the choice, or how it ended.

import { choices, complain, find, h, say } from '/pages/dom.js'
import { has, t, yuan } from '/pages/language.js'

let state = '', sent = null

export function showPayment({ order, execution }, choose) {
  const broken = execution !== 'running' && !['completed', 'canceled'].includes(order.status)
  const now = broken ? 'broken' : order.status
  if (now === state) return // what was ticked stays ticked
  const first = state === ''
  state = now
  const section = find('payment')
  section.className = `card ${now}`
  section.setAttribute('aria-busy', 'false')
  section.replaceChildren(...{
    created: () => [title('payment.preparing'), h('p', { class: 'wait' }, t('payment.preparingHelp'))],
    awaiting_payment: () => asking(order, choose),
    paid: () => [title('payment.paying'), h('p', { class: 'wait' }, t('payment.payingHelp'))],
    completed: () => [title('payment.completed'), ...prices(order)],
    canceled: () => [title('payment.canceled'), ...reason(order)],
    broken: () => [title('payment.broken'), h('p', {}, t(`execution.${execution}`))],
  }[now]())
  const heading = find('payment-title')
  say(heading.textContent)
  if (!first && ['completed', 'canceled', 'broken'].includes(now)) heading.focus()
}

// As the functions of the methods reckon: in cents, half a cent rounded up.
const discounted = (price, percentOff = 0) => Math.floor((price * (100 - (percentOff ?? 0)) + 50) / 100)

const title = (key, values) => h('h2', { id: 'payment-title', tabindex: '-1' }, t(key, values))

function asking(order, choose) {
  const methods = order.paymentMethods
  if (!methods.length) return [title('payment.none'), h('p', {}, t('payment.noneHelp'))]
  const button = h('button', { type: 'submit', class: 'main', disabled: true }, t('payment.first'))
  const toPay = h('p', { class: 'amount' }, ...amount('to-pay', 'payment.toPay', order.price, order.price))
  const chosen = (value) => {
    const price = discounted(order.price, methods.find(({ method }) => method === value).discount)
    toPay.replaceChildren(...amount('to-pay', 'payment.toPay', price, order.price))
    button.textContent = t('payment.pay', { price: yuan(price) })
    button.disabled = false
  }
  const options = methods.map(({ method, label, discount }) => ({
    value: method,
    label,
    note: discount ? t('payment.off', { discount, price: yuan(discounted(order.price, discount)) }) : yuan(order.price),
  }))
  const fieldset = h('fieldset', {}, h('legend', {}, t('payment.how')),
    h('div', { class: 'choices tall' }, choices('method', options, null, chosen)))
  const form = h('form', {}, fieldset, button)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    sent = methods.find(({ method }) => method === new FormData(form).get('method'))
    if (!sent) return
    fieldset.disabled = button.disabled = true
    button.textContent = t('payment.sending')
    try {
      await choose(sent)
      button.textContent = t('payment.sent', { label: sent.label })
    } catch (refused) {
      complain(refused.message)
      fieldset.disabled = false
      chosen(sent.method)
    }
  })
  return [title('payment.choose'), toPay, form]
}

function amount(id, label, price, before) {
  const old = () => h('del', {}, h('span', { class: 'visually-hidden' }, t('payment.before')), h('span', {}, yuan(before)))
  return [
    h('span', { class: 'visually-hidden' }, t(label)), h('span', { id }, yuan(price)), ' ',
    price === before ? '' : old(),
  ]
}

function prices(order) {
  const label = order.paymentMethods.find(({ method }) => method === order.paymentMethod)?.label ?? order.paymentMethod
  const saved = order.originalPrice - order.price
  return [
    h('p', { class: 'amount' }, ...amount('paid', 'payment.after', order.price, order.originalPrice)),
    saved ? h('p', { class: 'saved' }, t('payment.saved', { saved: yuan(saved) })) : null,
    h('p', {}, t('payment.by'), ' ', h('span', { translate: 'no' }, label)),
    h('p', {}, h('a', { href: '/' }, t('payment.again'))),
  ].filter((child) => child)
}

function reason(order) {
  const words = has(`reason.${order.reason}`) ? t(`reason.${order.reason}`) : t('reason.other')
  return [
    h('p', {}, words, ' ', h('code', {}, order.reason)),
    h('p', {}, t('payment.notCharged')),
    h('p', {}, h('a', { href: '/' }, t('payment.again'))),
  ]
}
