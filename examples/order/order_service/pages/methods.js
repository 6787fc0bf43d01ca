// The payment methods of one merchant as rows of a form: made from the schema of their entries, given back as changes.

import { h } from '/pages/dom.js'
import { control, objection, titleOf, valueOf } from '/pages/fields.js'
import { t } from '/pages/language.js'

const ORDER = 'place' // the order of the rows says it
const LAST = 1000
const KEY = { title: t('field.key'), type: 'string', maxLength: 64, pattern: '^[A-Za-z_][A-Za-z0-9_-]*$' }

export class Methods {
  #list
  #schema
  #change
  #loaded = ''

  constructor(list, change) {
    this.#list = list
    this.#change = () => { this.#label(); change() }
  }

  show({ schema, methods }) {
    this.#schema = schema
    this.#list.replaceChildren(...methods.map((method) => this.#row(method)))
    this.#label()
    this.#loaded = this.#state()
  }

  // What a property is called, to the reader.
  called = (name) => titleOf(name, this.#schema.properties[name] ?? {})

  get count() { return this.#rows().length }
  get changed() { return this.#rows().length > 0 && this.#state() !== this.#loaded }

  add(key = '') {
    const row = this.#row({ key: '', value: { enabled: true }, own: null, revision: 0 })
    row.querySelector('[name=key]').value = key
    this.#list.append(row)
    this.#change()
    row.querySelector('input').focus()
  }

  // The row of a method, added if there is none, offered and with this route, to be read and changed like whatever is typed.
  lead(key, route) {
    if (!this.#rows().some((row) => this.#keyOf(row) === key)) this.add(key)
    const row = this.#rows().find((each) => this.#keyOf(each) === key)
    row.querySelector('[name=enabled]').checked = true
    row.querySelector('[name=function]').value ||= route
    this.#change()
    row.querySelector('[name=label]').focus()
  }

  // The first thing that is wrong, in words; its field gets the focus.
  wrong() {
    const keys = this.#rows().map((row) => this.#keyOf(row))
    for (const row of this.#rows()) {
      for (const input of row.querySelectorAll('[name]')) {
        const isKey = input.name === 'key'
        const twice = isKey && keys.filter((key) => key === input.value.trim()).length > 1
        const problem = twice ? t('office.twice')
          : objection(input, isKey ? KEY : this.#schema.properties[input.name], isKey || this.#required(input.name))
        input.setAttribute('aria-invalid', String(Boolean(problem)))
        if (!problem) continue
        input.focus()
        return problem
      }
    }
    return ''
  }

  // What has to be written: the merchant's own entries alone, each with the revision that was seen. What is as it is inherited is
  // left out, so that it follows whoever it is inherited from.
  changes() {
    const rows = this.#rows()
    const offered = rows.filter((row) => this.#typed(row).enabled !== false)
    const moved = ORDER in this.#schema.properties && offered.some((row, at) => at && !this.#follows(row, offered[at - 1]))
    return rows.flatMap((row, place) => {
      const { value, own, revision } = row.method
      const next = { ...own }
      for (const [name, typed] of Object.entries(this.#typed(row))) {
        if (typed === undefined) delete next[name]
        else if (typed !== value[name] || !row.method.key) next[name] = typed
      }
      if (moved && offered.includes(row)) next[ORDER] = place + 1
      return JSON.stringify(next) === JSON.stringify(own ?? {}) ? [] : [{ key: this.#keyOf(row), value: next, revision }]
    })
  }

  #rows() { return [...this.#list.children] }
  #keyOf(row) { return row.method.key || row.querySelector('[name=key]').value.trim() }
  #names() { return Object.keys(this.#schema.properties).filter((name) => name !== ORDER) }
  #follows(row, other) { // as the order service sorts
    const [place, before] = [row, other].map(({ method }) => method.value[ORDER] ?? LAST)
    return place > before || (place === before && this.#keyOf(row) > this.#keyOf(other))
  }
  #required(name) { return (this.#schema.required ?? []).includes(name) }
  #typed(row) { return Object.fromEntries(this.#names().map((name) => [name, valueOf(row.querySelector(`[name="${CSS.escape(name)}"]`))])) }
  #state() { return JSON.stringify(this.#rows().map((row) => [this.#keyOf(row), this.#typed(row)])) }

  #row(method) {
    const fields = this.#names().map((name) =>
      control(name, this.#schema.properties[name], method.value[name], this.#required(name), this.#change))
    const act = (sign, name, work) => h('button', {
      type: 'button', class: 'round', 'data-act': name, onclick: (event) => { work(event.currentTarget); this.#change() },
    }, h('span', { 'aria-hidden': 'true' }, sign))
    const acts = h('div', { class: 'acts' },
      act('↑', 'up', (button) => { row.previousElementSibling?.before(row); button.focus() }),
      act('↓', 'down', (button) => { row.nextElementSibling?.after(row); button.focus() }),
      method.key ? null : act('✕', 'drop', () => row.remove()))
    const title = method.key ? h('h3', { translate: 'no' }, h('code', {}, method.key)) : control('key', KEY, '', true, this.#change)
    const row = h('li', {}, h('div', { class: 'title' }, title, acts), h('div', { class: 'fields' }, fields))
    row.method = method
    return row
  }

  #label() {
    this.#rows().forEach((row, place, all) => {
      const name = this.#keyOf(row) || String(place + 1)
      for (const button of row.querySelectorAll('[data-act]')) {
        button.title = t(`office.${button.dataset.act}`, { name })
        button.setAttribute('aria-label', button.title)
      }
      row.querySelector('[data-act=up]').disabled = place === 0
      row.querySelector('[data-act=down]').disabled = place === all.length - 1
      row.classList.toggle('off', row.querySelector('[name=enabled]')?.checked === false)
    })
  }
}
