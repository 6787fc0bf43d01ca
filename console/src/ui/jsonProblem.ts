import type { Translate } from '@/i18n'

/** Why a text is no JSON; where, if the browser tells. */
export function jsonProblem(error: unknown, t: Translate): string {
  const [, line, column] = /line (\d+) column (\d+)/.exec(String(error)) ?? []
  return line && column ? t('common.badJsonAt', { line, column }) : t('common.badJson')
}
