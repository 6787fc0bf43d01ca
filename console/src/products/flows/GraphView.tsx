import {
  Background,
  Controls,
  type Edge,
  MarkerType,
  type Node,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react'
import { theme } from 'antd'
import { useEffect, useMemo } from 'react'
import '@xyflow/react/dist/style.css'
import { useAppearance } from '@/appearance'
import { type Translate, useText } from '@/i18n'
import { type Graph, type GraphEdge } from './graph'
import { placed } from './layout'
import type { StepProgress } from './progress'
import { GraphStep, type GraphStepData } from './GraphStep'

type Props = {
  graph: Graph
  progress?: ReadonlyMap<string, StepProgress>
  wrong?: ReadonlySet<string>
  selected?: string | null
  select?: (step: string) => void
  label: string
}

const KINDS = { step: GraphStep }

/** The graph of a definition; with `progress`, of an execution. */
export function GraphView(props: Props) {
  return (
    <ReactFlowProvider>
      <Drawn {...props} />
    </ReactFlowProvider>
  )
}

function Drawn({ graph, progress, wrong, selected, select, label }: Props) {
  const t = useText()
  const { dark } = useAppearance()
  const { token } = theme.useToken()
  const { fitView } = useReactFlow()
  const places = useMemo(() => placed(graph), [graph])
  const nodes = useMemo(() => {
    const at = new Map(places.map((place) => [place.id, place]))
    return graph.nodes.map((node): Node<GraphStepData> => {
      const { x, y, width, height } = at.get(node.id)!
      const data = {
        node,
        progress: progress?.get(node.id),
        wrong: wrong?.has(node.id) ?? false,
        chosen: node.id === selected,
      }
      return {
        id: node.id,
        type: 'step',
        position: { x, y },
        width,
        height,
        data,
        draggable: false,
        connectable: false,
      }
    })
  }, [graph, places, progress, wrong, selected])
  const edges = useMemo(
    () => graph.edges.map((edge) => drawnEdge(edge, went(edge, progress), t, token)),
    [graph, progress, t, token],
  )
  const shape = places.map(({ id, x, y }) => `${id} ${x} ${y}`).join()
  useEffect(() => {
    const frame = requestAnimationFrame(() => void fitView({ padding: 0.08, maxZoom: 1 }))
    return () => cancelAnimationFrame(frame)
  }, [shape, fitView])
  return (
    <ReactFlow
      aria-label={label}
      nodes={nodes}
      edges={edges}
      nodeTypes={KINDS}
      colorMode={dark ? 'dark' : 'light'}
      nodesDraggable={false}
      nodesConnectable={false}
      edgesFocusable={false}
      minZoom={0.1}
      fitView
      fitViewOptions={{ padding: 0.08, maxZoom: 1 }}
      onNodeClick={(_, { id }) => select?.(id)}
      onSelectionChange={({ nodes: [chosen] }) => {
        if (chosen && chosen.id !== selected) select?.(chosen.id)
      }}
      ariaLabelConfig={labels(t)}
      proOptions={{ hideAttribution: true }}
      style={{ background: 'transparent' }}
    >
      <Background gap={18} size={1} color={token.colorBorderSecondary} />
      <Controls showInteractive={false} position="top-right" />
    </ReactFlow>
  )
}

/** Whether an execution may have taken this way: both of its ends were visited. */
const went = ({ from, to }: GraphEdge, progress: Props['progress']) =>
  !!progress && (from === '(start)' || progress.has(from)) && (progress.has(to) || to === '(end)')

function drawnEdge(
  edge: GraphEdge,
  taken: boolean,
  t: Translate,
  token: ReturnType<typeof theme.useToken>['token'],
): Edge {
  const { from, to, kind, label, otherwise } = edge
  const word = kind === 'otherwise' || kind === 'each' || kind === 'catch' ? t(`flows.edge.${kind}`) : ''
  const told = [word, label, otherwise ? `| ${t('flows.edge.otherwise')}` : ''].filter(Boolean).join(' ')
  const colour = kind === 'catch' ? token.colorError : taken ? token.colorTextSecondary : token.colorTextQuaternary
  return {
    id: `${from} ${to}`,
    source: from,
    target: to,
    type: 'smoothstep',
    className: 'mono',
    label: told ? shortened(told) : undefined,
    labelStyle: { fill: token.colorTextSecondary, fontSize: 11 },
    labelBgStyle: { fill: token.colorBgContainer, fillOpacity: 0.9 },
    labelBgPadding: [4, 2],
    markerEnd: { type: MarkerType.ArrowClosed, color: colour, width: 16, height: 16 },
    style: { stroke: colour, strokeWidth: taken ? 2 : 1.4, strokeDasharray: kind === 'catch' ? '5 4' : undefined },
  }
}

const shortened = (label: string) => (label.length > 32 ? `${label.slice(0, 31)}…` : label)

const labels = (t: Translate) => ({
  'node.a11yDescription.default': t('flows.graph.node'),
  'node.a11yDescription.keyboardDisabled': t('flows.graph.node'),
  'node.a11yDescription.ariaLiveMessage': () => '',
  'edge.a11yDescription.default': t('flows.graph.edge'),
  'controls.ariaLabel': t('flows.graph.controls'),
  'controls.zoomIn.ariaLabel': t('flows.graph.zoomIn'),
  'controls.zoomOut.ariaLabel': t('flows.graph.zoomOut'),
  'controls.fitView.ariaLabel': t('flows.graph.fit'),
})
