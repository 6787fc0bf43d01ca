import {
  ApartmentOutlined,
  ApiOutlined,
  CheckOutlined,
  CloseOutlined,
  FieldTimeOutlined,
  ForkOutlined,
  QuestionOutlined,
  RetweetOutlined,
  RightOutlined,
} from '@ant-design/icons'
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import { theme } from 'antd'
import type { CSSProperties, ReactNode } from 'react'
import { useText } from '@/i18n'
import type { GraphNode, StepKind } from './graph'
import type { StepProgress } from './progress'
import { colourOf, SIGN, stateText } from './StateMark'

export type GraphStepData = { node: GraphNode; progress?: StepProgress; wrong: boolean; chosen: boolean }

const ICON: Record<StepKind, ReactNode> = {
  task: <ApiOutlined />,
  pass: <RightOutlined />,
  choice: <ForkOutlined />,
  parallel: <ApartmentOutlined />,
  foreach: <RetweetOutlined />,
  wait: <FieldTimeOutlined />,
  succeed: <CheckOutlined />,
  fail: <CloseOutlined />,
  unknown: <QuestionOutlined />,
}
const HIDDEN: CSSProperties = { opacity: 0, pointerEvents: 'none' }

/** One step: what it is, what it is called, and how it stands. */
export function GraphStep({ data }: NodeProps<Node<GraphStepData>>) {
  const { node, progress, wrong, chosen } = data
  const t = useText()
  const { token } = theme.useToken()
  const colour = wrong ? token.colorError : progress ? colourOf(progress.state, token) : token.colorBorder
  const isMark = node.kind === 'start' || node.kind === 'end'
  return (
    <div
      className={`flow-step${progress?.state === 'running' || progress?.state === 'waiting' ? ' flow-step-live' : ''}`}
      data-state={progress?.state ?? (wrong ? 'wrong' : 'none')}
      style={{
        width: '100%',
        height: '100%',
        boxSizing: 'border-box',
        display: 'flex',
        alignItems: 'center',
        gap: 8,
        padding: isMark ? '0 10px' : '4px 10px',
        justifyContent: isMark ? 'center' : undefined,
        borderRadius: isMark ? 15 : 8,
        border: `${progress || wrong ? 2 : 1}px solid ${colour}`,
        background: isMark ? token.colorFillTertiary : token.colorBgContainer,
        color: token.colorText,
        boxShadow: chosen ? `0 0 0 3px ${token.colorPrimaryBorder}` : token.boxShadowTertiary,
        fontSize: 13,
      }}
    >
      <Handle type="target" position={Position.Top} isConnectable={false} style={HIDDEN} />
      {isMark ? <span>{t(node.kind === 'start' ? 'flows.graph.start' : 'flows.graph.end')}</span> : <Inside />}
      <Handle type="source" position={Position.Bottom} isConnectable={false} style={HIDDEN} />
    </div>
  )

  function Inside() {
    return (
      <>
        <span style={{ color: token.colorTextSecondary, fontSize: 16 }}>{ICON[node.kind as StepKind]}</span>
        <span style={{ flex: 1, minWidth: 0 }}>
          <span className="mono flow-cut" style={{ fontWeight: 600 }}>
            {node.id}
          </span>
          <span className="mono flow-cut" style={{ color: token.colorTextSecondary, fontSize: 11 }}>
            {[node.kind === 'unknown' ? '' : node.kind, node.detail].filter(Boolean).join(' · ')}
          </span>
        </span>
        {wrong ? <State colour={token.colorError} sign={SIGN.failed} word={t('flows.graph.wrong')} /> : null}
        {progress ? (
          <State
            colour={colourOf(progress.state, token)}
            sign={SIGN[progress.state]}
            word={t(stateText(progress.state)) + (progress.visits > 1 ? ` ×${progress.visits}` : '')}
          />
        ) : null}
      </>
    )
  }
}

function State({ colour, sign, word }: { colour: string; sign: ReactNode; word: string }) {
  return (
    <span style={{ color: colour, textAlign: 'center', lineHeight: 1.2 }}>
      <span style={{ display: 'block', fontSize: 15 }}>{sign}</span>
      <span style={{ fontSize: 10, whiteSpace: 'nowrap' }}>{word}</span>
    </span>
  )
}
