// The back office: each merchant's payment methods, in a form made from their schema. The token stays in this tab.

import { choices, complain, find, h, say } from '/pages/dom.js'
import { Guide } from '/pages/guide.js'
import { t, translate } from '/pages/language.js'
import { Methods } from '/pages/methods.js'
import { ask, part } from '/pages/service.js'

const MOST = 50
let token = sessionStorage.getItem('token') ?? ''
let merchant = ''
let platformConsole = ''
const methods = new Methods(find('rows'), refresh)
const guide = new Guide((key, route) => methods.lead(key, route))

async function enter(event) {
  event?.preventDefault()
  complain('')
  token = find('token').value.trim() || token
  try {
    if (!token) throw Object.assign(new Error(t('refused.403')), { status: 403 })
    platformConsole = (await ask('GET', '/office/session', { token })).console
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
  if (methods.changed && !confirm(t('office.unsaved'))) {
    document.querySelector(`#merchants [value="${CSS.escape(merchant)}"]`).checked = true
    return
  }
  await open(value).catch((refused) => complain(refused.message))
}

const path = () => `/office/merchants/${part(merchant)}/methods`

async function open(value) {
  merchant = value
  const found = await ask('GET', path(), { token })
  if (value !== merchant) return
  show(found)
  guide.open(platformConsole, merchant)
}

function show(found) {
  complain('')
  methods.show(found)
  refresh()
}

function refresh() {
  find('add').disabled = methods.count >= MOST
  find('save').disabled = !methods.changed
  find('saved').textContent = ''
}

async function save(event) {
  event.preventDefault()
  const problem = methods.wrong()
  complain(problem)
  if (problem) return
  try {
    show(await ask('PUT', path(), { token, body: { changes: methods.changes() } }))
    find('saved').textContent = t('office.saved')
    say(t('office.saved'))
  } catch (refused) {
    if (refused.status === 403) forget()
    complain(refused.status === 409 ? t('office.conflict') : [refused.message, ...refused.fields.map(methods.called)].join(' '))
  }
}

translate('nav.office')
find('enter').addEventListener('submit', enter)
find('methods').addEventListener('submit', save)
find('add').addEventListener('click', () => methods.add())
find('leave').addEventListener('click', forget)
addEventListener('beforeunload', (event) => { if (!find('desk').hidden && methods.changed) event.preventDefault() })
if (token) await enter()
else find('enter').hidden = false
