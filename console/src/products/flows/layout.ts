// Where the nodes of a graph stand: in layers from top to bottom.
import { graphlib, layout } from '@dagrejs/dagre'
import type { Graph } from './graph'

export type Placed = { id: string; x: number; y: number; width: number; height: number }

const STEP = { width: 212, height: 54 }
const MARK = { width: 92, height: 30 }
const LABEL = 7 // a character's width

export function placed({ nodes, edges }: Graph): Placed[] {
  const drawing = new graphlib.Graph()
  drawing.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 34, edgesep: 18, marginx: 8, marginy: 8 })
  drawing.setDefaultEdgeLabel(() => ({}))
  for (const { id, kind } of nodes) drawing.setNode(id, { ...(kind === 'start' || kind === 'end' ? MARK : STEP) })
  for (const { from, to, label } of edges)
    drawing.setEdge(from, to, { width: Math.min(label.length * LABEL, 200), height: label ? 14 : 0, labelpos: 'c' })
  layout(drawing)
  return nodes.map(({ id }) => {
    const { x, y, width, height } = drawing.node(id) as { x: number; y: number; width: number; height: number }
    return { id, x: x - width / 2, y: y - height / 2, width, height }
  })
}
