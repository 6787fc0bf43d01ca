// Controls for the properties of a JSON schema, and what was typed into them.

import { h } from '/pages/dom.js'
import { language, t } from '/pages/language.js'

let made = 0

// What the schema says of a property, in the reader's language where it has it.
const wordsFor = (name, property) => ({ title: name, ...property, ...property['x-languages']?.[language] })
export const titleOf = (name, property) => wordsFor(name, property).title

const kinds = {
  boolean: () => ({ type: 'checkbox' }),
  integer: ({ minimum, maximum }) => ({ type: 'number', step: '1', inputmode: 'numeric', min: minimum ?? '', max: maximum ?? '' }),
  number: ({ minimum, maximum }) => ({ type: 'number', step: 'any', inputmode: 'decimal', min: minimum ?? '', max: maximum ?? '' }),
  string: ({ maxLength }) => ({ type: 'text', ...(maxLength ? { maxlength: maxLength } : {}) }),
}

export function control(name, property, value, required, change) {
  const kind = property.type in kinds ? property.type : 'string'
  const id = `field-${(made += 1)}`
  const attributes = { id, name, 'data-kind': kind, autocomplete: 'off', translate: 'no', oninput: change, ...kinds[kind](property) }
  const input = property.enum
    ? h('select', { id, name, 'data-kind': kind, onchange: change }, property.enum.map((each) => h('option', {}, String(each))))
    : h('input', { ...attributes, 'aria-required': String(required && kind !== 'boolean') })
  if (kind === 'boolean') input.checked = value ?? property.default ?? false
  else input.value = value ?? property.default ?? ''
  const { title, description } = wordsFor(name, property)
  const help = description ? h('small', { class: 'help', id: `${id}-help` }, description) : null
  if (help) input.setAttribute('aria-describedby', help.id)
  return h('div', { class: `field ${kind}` }, h('label', { for: id }, title), input, help)
}

// undefined where nothing was typed.
export function valueOf(input) {
  if (input.dataset.kind === 'boolean') return input.checked
  const text = input.value.trim()
  if (!text) return undefined
  return ['integer', 'number'].includes(input.dataset.kind) ? Number(text) : text
}

// What the schema has against it, in words; empty when it fits.
export function objection(input, property, required) {
  const value = valueOf(input)
  const field = titleOf(input.name, property)
  if (value === undefined) return required || input.validity.badInput ? t('field.needed', { field }) : ''
  const { minimum = -Infinity, maximum = Infinity, minLength = 0, maxLength = Infinity, pattern, type } = property
  if (typeof value === 'number') {
    const whole = type !== 'integer' || Number.isInteger(value)
    return whole && value >= minimum && value <= maximum ? '' : t('field.range', { field, minimum, maximum })
  }
  if (typeof value === 'boolean') return ''
  const fits = value.length >= minLength && value.length <= maxLength && (!pattern || new RegExp(pattern, 'u').test(value))
  return fits ? '' : t('field.form', { field })
}
