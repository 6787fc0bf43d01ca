import { Empty, theme, Tooltip } from 'antd'
import { useText } from '@/i18n'
import { lasted, useNow } from './Lasted'
import type { StepState } from './progress'
import type { WaitingView } from './queries'
import { colourOf, SIGN, stateText } from './StateMark'
import type { Visit } from './timeline'

type Props = {
  visits: Visit[]
  waiting: WaitingView[]
  from: number
  to: number | null
  choose: (step: string) => void
}

const MOST = 500 // bars; a flow that loops longer shows its last ones

/** A bar for each visit of a step, from its beginning to its end. */
export function Timeline({ visits, waiting, from, to, choose }: Props) {
  const t = useText()
  const { token } = theme.useToken()
  const now = useNow(to === null)
  const end = Math.max(to ?? now, from + 1, ...visits.slice(-MOST).map((visit) => visit.to ?? 0))
  const percent = (time: number) => `${(100 * Math.max(0, time - from)) / (end - from)}%`
  const waits = new Set(waiting.map(({ path }) => path))
  const stateOf = ({ state, path }: Visit): StepState => (state === 'running' && waits.has(path) ? 'waiting' : state)
  if (visits.length === 0) return <Empty description={t('flows.noSteps')} />
  return (
    <div role="list" aria-label={t('flows.timeline')} className="flow-timeline">
      {visits.slice(-MOST).map((visit, index) => {
        const state = stateOf(visit)
        const colour = colourOf(state, token)
        const took = lasted((visit.to ?? Math.max(now, visit.from)) - visit.from)
        return (
          <div role="listitem" key={index} className="flow-row">
            <button
              type="button"
              className="flow-name mono"
              style={{ paddingInlineStart: visit.depth * 8, color: token.colorText }}
              onClick={() => choose(visit.step)}
            >
              <span style={{ color: colour, marginInlineEnd: 6 }} title={t(stateText(state))}>
                {SIGN[state]}
              </span>
              {visit.step}
            </button>
            <Tooltip title={<span translate="no">{`${visit.path}: ${took}`}</span>}>
              <div className="flow-track" style={{ background: token.colorFillQuaternary }}>
                <div
                  className="flow-bar"
                  style={{
                    insetInlineStart: percent(visit.from),
                    width: `max(3px, calc(${percent(visit.to ?? end)} - ${percent(visit.from)}))`,
                    background: colour,
                    opacity: visit.to === null ? 0.6 : 0.85,
                  }}
                />
                {visit.attempts.slice(1).map(({ number, from: began }) => (
                  <div
                    key={number}
                    className="flow-attempt"
                    style={{ insetInlineStart: percent(began), background: token.colorError }}
                  />
                ))}
              </div>
            </Tooltip>
            <span className="flow-took" translate="no" style={{ color: token.colorTextSecondary }}>
              {took}
            </span>
          </div>
        )
      })}
    </div>
  )
}
