// The back office: the payment methods of each merchant, edited in a form. The token stays in this tab.

import { choices, complain, find, h, say } from '/pages/dom.js'
import { t, translate } from '/pages/language.js'
import { ask, part } from '/pages/service.js'

const FIELDS = [ // what an entry has; `method` is what the flow routes by
  { name: 'method', maxlength: 64, pattern: '[A-Za-z0-9_\\-]+' },
  { name: 'label', maxlength: 64 },
]
const MOST = 50
let token = sessionStorage.getItem('token') ?? ''
let merchant = '', saved = '[]'

const rows = () => [...find('rows').children]
const read = () => rows().map((row) => Object.fromEntries(FIELDS.map(({ name }) => [name, row.querySelector(`[name=${name}]`).value.trim()])))
const changed = () => JSON.stringify(read()) !== saved

async function enter(event) {
  event?.preventDefault()
  complain('')
  token = find('token').value.trim() || token
  try {
    if (!token) throw Object.assign(new Error(t('refused.403')), { status: 403 })
    await ask('GET', '/office/session', { token })
    sessionStorage.setItem('token', token)
    find('enter').hidden = true
    find('desk').hidden = false
    await showMerchants()
  } catch (refused) {
    if (refused.status === 403) forget()
    complain(refused.message)
  }
}

function forget() {
  token = ''
  sessionStorage.removeItem('token')
  find('token').value = ''
  find('desk').hidden = true
  find('enter').hidden = false
  find('token').focus()
}

async function showMerchants() {
  const { merchants } = await ask('GET', '/merchants')
  const options = merchants.map((found) => ({ value: found.merchant, label: found.label, note: found.merchant }))
  find('merchants').replaceChildren(...choices('merchant', options, options[0]?.value, change))
  for (const note of document.querySelectorAll('#merchants small')) note.translate = false
  if (options.length) await open(options[0].value)
}

async function change(value) {
  if (changed() && !confirm(t('office.unsaved'))) {
    document.querySelector(`#merchants [value="${CSS.escape(merchant)}"]`).checked = true
    return
  }
  await open(value).catch((refused) => complain(refused.message))
}

async function open(value) {
  merchant = value
  const { paymentMethods } = await ask('GET', `/merchants/${part(merchant)}/payment-methods`)
  if (value === merchant) show(paymentMethods)
}

function show(methods) {
  complain('')
  find('rows').replaceChildren(...methods.map(row))
  saved = JSON.stringify(read())
  find('saved').textContent = ''
  refresh()
}

function row(method) {
  const fields = FIELDS.map(({ name, pattern, maxlength }) => {
    const input = h('input', { name, maxlength, required: true, value: method[name] ?? '', autocomplete: 'off', oninput: refresh })
    if (pattern) input.pattern = pattern
    return h('label', {}, h('span', {}, t(`office.field.${name}`)), input)
  })
  const act = (sign, key, work) => h('button', {
    type: 'button', class: 'round', 'data-act': key, onclick: (event) => { work(event.currentTarget); refresh() },
  }, h('span', { 'aria-hidden': 'true' }, sign))
  const made = h('li', {}, ...fields, h('div', { class: 'acts' },
    act('↑', 'up', (button) => { made.previousElementSibling?.before(made); button.focus() }),
    act('↓', 'down', (button) => { made.nextElementSibling?.after(made); button.focus() }),
    act('✕', 'remove', () => { (made.nextElementSibling ?? made.previousElementSibling)?.querySelector('input').focus(); made.remove() })))
  return made
}

function refresh() {
  rows().forEach((made, place, all) => {
    const name = made.querySelector('[name=label]').value || made.querySelector('[name=method]').value || String(place + 1)
    for (const button of made.querySelectorAll('[data-act]')) {
      button.setAttribute('aria-label', t(`office.${button.dataset.act}`, { name }))
      button.title = button.getAttribute('aria-label')
    }
    made.querySelector('[data-act=up]').toggleAttribute('disabled', place === 0)
    made.querySelector('[data-act=down]').toggleAttribute('disabled', place === all.length - 1)
  })
  find('add').disabled = rows().length >= MOST
  find('save').disabled = !changed()
  if (changed()) find('saved').textContent = ''
}

function add() {
  const made = row({})
  find('rows').append(made)
  refresh()
  made.querySelector('input').focus()
}

function wrong() {
  const methods = read().map(({ method }) => method)
  for (const input of find('rows').querySelectorAll('input')) {
    const twice = input.name === 'method' && methods.filter((method) => method === input.value.trim()).length > 1
    const bad = !input.value.trim() || twice || !input.checkValidity()
    input.setAttribute('aria-invalid', String(bad))
    if (!bad) continue
    input.focus()
    return t(!input.value.trim() ? 'office.needed' : twice ? 'office.twice' : 'office.pattern')
  }
  return ''
}

async function save(event) {
  event.preventDefault()
  const problem = wrong()
  complain(problem)
  if (problem) return
  try {
    const body = { paymentMethods: read() }
    const answer = await ask('PUT', `/merchants/${part(merchant)}/payment-methods`, { token, body })
    show(answer.paymentMethods)
    say(t('office.saved'))
    find('saved').textContent = t('office.saved')
  } catch (refused) {
    if (refused.status === 403) forget()
    complain(refused.status === 400 ? `${refused.message} ${refused.detail}` : refused.message)
  }
}

translate('nav.office')
find('enter').addEventListener('submit', enter)
find('methods').addEventListener('submit', save)
find('add').addEventListener('click', add)
find('leave').addEventListener('click', forget)
addEventListener('beforeunload', (event) => { if (!find('desk').hidden && changed()) event.preventDefault() })
if (token) await enter()
else find('enter').hidden = false
