import type { FormRule } from 'antd'
import { useText } from '@/i18n'

export const parsedJson = (text: string): unknown => JSON.parse(text)

/** A form's rule: the text must be JSON; what the parser says is shown. */
export function useJsonRule(): FormRule {
  const t = useText()
  return {
    validator: (_, text: string | undefined) => {
      if (!text) return Promise.resolve()
      try {
        parsedJson(text)
        return Promise.resolve()
      } catch (error) {
        return Promise.reject(new Error(`${t('common.json')}: ${(error as Error).message}`))
      }
    },
  }
}
