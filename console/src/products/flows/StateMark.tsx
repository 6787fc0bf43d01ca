import {
  CheckCircleFilled,
  ClockCircleFilled,
  CloseCircleFilled,
  LoadingOutlined,
  SafetyCertificateFilled,
  StopFilled,
} from '@ant-design/icons'
import { type GlobalToken, Tag, theme } from 'antd'
import type { ReactNode } from 'react'
import { type TextKey, useText } from '@/i18n'
import type { StepState } from './progress'
import type { Status } from './queries'

/** Each state by colour, sign and word: none of them alone must do. */
export const SIGN: Record<StepState, ReactNode> = {
  running: <LoadingOutlined />,
  waiting: <ClockCircleFilled />,
  succeeded: <CheckCircleFilled />,
  failed: <CloseCircleFilled />,
  caught: <SafetyCertificateFilled />,
  stopped: <StopFilled />,
}

export const colourOf = (state: StepState, token: GlobalToken): string =>
  ({
    running: token.colorPrimary,
    waiting: token.colorWarning,
    succeeded: token.colorSuccess,
    failed: token.colorError,
    caught: token.colorWarningText,
    stopped: token.colorTextTertiary,
  })[state]

export const stateText = (state: StepState): TextKey => `flows.state.${state}`

const OF_EXECUTION: Record<Status, { colour: string; state: StepState }> = {
  Starting: { colour: 'processing', state: 'running' },
  Running: { colour: 'processing', state: 'running' },
  Succeeded: { colour: 'success', state: 'succeeded' },
  Failed: { colour: 'error', state: 'failed' },
  TimedOut: { colour: 'error', state: 'waiting' },
  Stopped: { colour: 'default', state: 'stopped' },
}

export function StatusTag({ status }: { status: Status }) {
  const t = useText()
  const { colour, state } = OF_EXECUTION[status]
  return (
    <Tag color={colour} icon={SIGN[state]}>
      {t(`flows.status.${status}`)}
    </Tag>
  )
}

const TAG: Record<StepState, string> = {
  running: 'processing',
  waiting: 'warning',
  succeeded: 'success',
  failed: 'error',
  caught: 'warning',
  stopped: 'default',
}

export function StateTag({ state }: { state: StepState }) {
  const t = useText()
  const { token } = theme.useToken()
  return (
    <Tag color={TAG[state]} icon={SIGN[state]}>
      <span style={{ color: token.colorText }}>{t(stateText(state))}</span>
    </Tag>
  )
}
