import type { FormRule } from 'antd'
import { useText } from '@/i18n'
import { jsonProblem } from './jsonProblem'

export const parsedJson = (text: string): unknown => JSON.parse(text)

/** A form's rule: the text must be JSON; where it isn't is shown. */
export function useJsonRule(): FormRule {
  const t = useText()
  return {
    validator: (_, text: string | undefined) => {
      if (!text) return Promise.resolve()
      try {
        parsedJson(text)
        return Promise.resolve()
      } catch (error) {
        return Promise.reject(new Error(jsonProblem(error, t)))
      }
    },
  }
}
