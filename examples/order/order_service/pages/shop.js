// The shop: goods of a merchant, an address, and the GET that starts the flow.

import { choices, complain, find, h, say } from '/pages/dom.js'
import { language, t, translate, yuan } from '/pages/language.js'
import { recent, remember } from '/pages/recent.js'
import { ask, part } from '/pages/service.js'

const FLOW = 'order', MOST = 99
const basket = new Map() // goods -> quantity
let merchant = ''

const nameOf = (goods) => goods.names[language]

async function open(chosen) {
  merchant = chosen
  basket.clear()
  const { goods } = await ask('GET', `/merchants/${part(merchant)}/goods`)
  if (chosen !== merchant) return // another click was quicker
  find('goods').replaceChildren(...goods.map(card))
  if (!goods.length) find('goods').replaceChildren(h('li', { class: 'empty' }, t('shop.noGoods')))
  showBasket()
}

function card(goods) {
  const quantity = h('output', {}, '0')
  const step = (by, sign, label) => h('button', {
    type: 'button', class: 'round', 'aria-label': t(label, { name: nameOf(goods) }), onclick: () => {
      const wanted = Math.min(MOST, Math.max(0, (basket.get(goods) ?? 0) + by))
      if (wanted) basket.set(goods, wanted)
      else basket.delete(goods)
      quantity.textContent = wanted
      item.classList.toggle('taken', wanted > 0)
      showBasket()
      say(t('shop.said', { name: nameOf(goods), quantity: wanted, total: yuan(total()) }))
    },
  }, sign)
  const item = h('li', { class: 'card' },
    h('img', { src: `/pages/goods/${goods.picture}`, alt: '', width: '160', height: '110', loading: 'lazy' }),
    h('h3', {}, nameOf(goods)),
    h('p', { class: 'price' }, yuan(goods.price)),
    h('div', { class: 'stepper' }, step(-1, '−', 'shop.less'), quantity, step(1, '+', 'shop.more')))
  return item
}

const total = () => [...basket].reduce((sum, [goods, quantity]) => sum + goods.price * quantity, 0)

function showBasket() {
  const lines = [...basket].map(([goods, quantity]) =>
    h('li', {}, h('span', {}, `${nameOf(goods)} × ${quantity}`), h('span', {}, yuan(goods.price * quantity))))
  find('basket').replaceChildren(...(lines.length ? lines : [h('li', { class: 'empty' }, t('shop.empty'))]))
  find('total').textContent = yuan(total())
  complain('')
}

function newNumber() {
  const bytes = crypto.getRandomValues(new Uint8Array(10)) // randomUUID needs https
  return `o-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

async function place(event) {
  event.preventDefault()
  const address = find('address').value.trim()
  find('address').setAttribute('aria-invalid', String(!address))
  if (!basket.size) return complain(t('shop.needGoods'))
  if (!address) {
    find('address').focus()
    return complain(t('shop.needAddress'))
  }
  const products = [...basket].map(([goods, quantity]) => ({ name: nameOf(goods), price: goods.price, quantity }))
  const input = JSON.stringify({ merchant, products, address })
  const order = newNumber()
  const button = event.submitter ?? find('order').querySelector('[type=submit]')
  button.disabled = true
  try {
    await ask('GET', `/startFNF/${FLOW}/${order}/${part(input)}`)
    remember(order)
    location.assign(`/order/${order}`)
  } catch (refused) {
    complain(refused.message)
    button.disabled = false
  }
}

translate('nav.shop')
find('order').addEventListener('submit', place)
if (recent().length) {
  find('recent').hidden = false
  find('recent-orders').replaceChildren(
    ...recent().map((order) => h('li', {}, h('a', { href: `/order/${part(order)}`, translate: 'no' }, order))))
}
try {
  const { merchants } = await ask('GET', '/merchants')
  const options = merchants.map((found) => ({ value: found.merchant, label: found.label }))
  const first = (options.find(({ value }) => value === 'market') ?? options[0]).value
  const go = (value) => open(value).catch((refused) => complain(refused.message))
  find('merchants').replaceChildren(...choices('merchant', options, first, go))
  await go(first)
} catch (refused) {
  complain(refused.message)
}
