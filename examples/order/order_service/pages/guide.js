// A new payment method in three acts: its function in the platform's console, its entry in the form above, whose route leads to
// the function. No file changes, nothing starts anew.

import { find, h } from '/pages/dom.js'
import { t } from '/pages/language.js'
import { part } from '/pages/service.js'

const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/
const SERVICE = 'order', TEMPLATE = 'payment-method' // of the application, and the template that it brings along

export class Guide {
  #console = ''
  #merchant = ''
  #add

  constructor(add) {
    this.#add = add
    find('new-method').addEventListener('input', () => this.#show())
  }

  open(console, merchant) {
    this.#console = console
    this.#merchant = merchant
    this.#show()
  }

  #show() {
    const name = find('new-method').value.trim()
    const isName = NAME.test(name)
    find('new-method').setAttribute('aria-invalid', String(Boolean(name) && !isName))
    find('acts').replaceChildren(...[this.#create(name, isName), this.#enter(name, isName), this.#order()])
  }

  #create(name, isName) {
    const address = `${this.#console}/functions?template=${TEMPLATE}&service=${SERVICE}&name=${part(name)}`
    return act('create', isName ? outward(address, t('guide.create.act')) : null)
  }

  #enter(name, isName) {
    const route = `acs:fc:::services/${SERVICE}/functions/${name}`
    const button = h('button', { type: 'button', class: 'quiet', disabled: !isName, onclick: () => this.#add(name, route) }, t('guide.enter.act'))
    const elsewhere = `${this.#console}/configuration/${TEMPLATE}?scope=tenant/${part(this.#merchant)}`
    return act('enter', button, ' ', outward(elsewhere, t('guide.enter.console')))
  }

  #order() {
    return act('order', h('a', { href: '/' }, t('guide.order.act')))
  }
}

const outward = (href, text) => h('a', { href, target: '_blank', rel: 'noopener' }, text)
const act = (name, ...ways) => h('li', {}, h('strong', {}, t(`guide.${name}`)), h('p', { class: 'help' }, t(`guide.${name}.help`)), h('p', {}, ways))
