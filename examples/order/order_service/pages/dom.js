// Elements out of data. Texts go in as text: nothing that somebody wrote is ever read as HTML.

export const find = (id) => document.getElementById(id)

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (typeof value === 'boolean') element.toggleAttribute(name, value)
    else element.setAttribute(name, value)
  }
  element.append(...children.flat().filter((child) => child !== null))
  return element
}

export function say(text) {
  find('status').textContent = text
}

export function complain(text) {
  const problem = find('problem')
  problem.textContent = text
  problem.hidden = !text
  if (text) problem.scrollIntoView({ block: 'nearest' })
}

// One of several, as large buttons that are radio buttons to a keyboard and to a screen reader.
export function choices(name, options, chosen, change) {
  return options.map(({ value, label, note }) =>
    h('label', { class: 'choice' },
      h('input', { type: 'radio', name, value, checked: value === chosen, onchange: () => change(value) }),
      h('span', { translate: 'no' }, label),
      note ? h('small', {}, note) : null))
}
