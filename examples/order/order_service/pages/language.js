// The reader's language: the server has put it into <html lang>, the switch keeps another choice in a cookie.

const YEAR = 365 * 24 * 3600
const OTHER = { en: ['zh', '中文'], zh: ['en', 'English'] }

export const language = document.documentElement.lang
const texts = await (await fetch(`/pages/texts/${language}.json`)).json()
const money = new Intl.NumberFormat(language, { style: 'currency', currency: 'CNY', currencyDisplay: 'narrowSymbol' })
const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false })

export const has = (key) => key in texts
export const t = (key, values = {}) => (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name])
export const yuan = (cents) => money.format(cents / 100)
export const time = (moment) => clock.format(new Date(moment))

export function translate(title) {
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = t(element.dataset.text)
  for (const element of document.querySelectorAll('[data-label]')) element.setAttribute('aria-label', t(element.dataset.label))
  document.title = `${t(title)} · ${t('brand')}`
  const [other, name] = OTHER[language]
  const button = document.getElementById('language')
  button.textContent = name
  button.lang = other
  button.addEventListener('click', () => {
    document.cookie = `language=${other}; path=/; max-age=${YEAR}; samesite=lax`
    location.reload()
  })
}
