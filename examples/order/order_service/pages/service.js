// Asking the order service.

import { has, t } from '/pages/language.js'

export class Refused extends Error {
  constructor(status, { fields = [] } = {}) {
    super(has(`refused.${status}`) ? t(`refused.${status}`) : t('refused', { status }))
    this.status = status
    this.fields = fields
  }
}

export async function ask(method, path, { body, token } = {}) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {}
  let answer, document
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
    document = await answer.json()
  } catch {
    throw new Refused(answer?.ok === false ? answer.status : 0)
  }
  if (!answer.ok) throw new Refused(answer.status, document)
  return document
}

export const part = encodeURIComponent
