import { useSay } from '@/i18n'
import { isPhrase } from '@/i18n/phrases'
import type { EventView } from './queries'

/** Why something failed: in the reader's language if the platform said it, else in the words of what failed. */
export function Cause({ detail }: { detail: EventView['detail'] }) {
  const say = useSay()
  const { phrase, cause } = detail
  return isPhrase(phrase) ? <span>{say(phrase)}</span> : <span translate="no">{String(cause ?? '')}</span>
}
