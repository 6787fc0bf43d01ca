// A definition as a graph. Tolerant: what is drawn while somebody types may be half a definition.

export type StepKind = 'task' | 'pass' | 'choice' | 'parallel' | 'foreach' | 'wait' | 'succeed' | 'fail' | 'unknown'
export type GraphNode = { id: string; kind: StepKind | 'start' | 'end'; detail: string }
export type EdgeKind = 'next' | 'condition' | 'otherwise' | 'branch' | 'each' | 'catch'
/** One way between two steps, also where several lead there: `label` then holds all conditions. */
export type GraphEdge = { from: string; to: string; kind: EdgeKind; label: string; otherwise?: true }
export type Graph = { nodes: GraphNode[]; edges: GraphEdge[] }

type Table = Record<string, unknown>

export const START = '(start)'
export const END = '(end)'
const KINDS = ['task', 'pass', 'choice', 'parallel', 'foreach', 'wait', 'succeed', 'fail']

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value)
const tables = (value: unknown): Table[] => (Array.isArray(value) ? value.filter(isTable) : [])
const text = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)

/** Steps of a list that have a name; nothing can lead to the others. */
const stepsOf = (owner: unknown): Table[] =>
  isTable(owner) ? tables(owner.steps).filter(({ name }) => text(name)) : []

export function graphOf(document: unknown): Graph {
  const drawing = new Drawing()
  drawing.list(stepsOf(document), [{ from: START, kind: 'next', label: '' }], END)
  return drawing.graph()
}

type Way = Omit<GraphEdge, 'to'>

class Drawing {
  private readonly nodes = new Map<string, GraphNode>([[START, { id: START, kind: 'start', detail: '' }]])
  private readonly edges: GraphEdge[] = []

  graph(): Graph {
    this.nodes.set(END, { id: END, kind: 'end', detail: '' })
    return { nodes: [...this.nodes.values()], edges: this.edges.filter(({ to }) => this.nodes.has(to)) }
  }

  /** A step list: the ways that lead into it, and where its end leads. */
  list(steps: Table[], ways: Way[], after: string) {
    const first = steps[0] ? text(steps[0].name) : after
    for (const way of ways) this.edge(way, first)
    steps.forEach((step, index) => {
      const following = steps[index + 1]
      this.step(step, following ? text(following.name) : after, after)
    })
  }

  private step(step: Table, following: string, after: string) {
    const id = text(step.name)
    const kind = kindOf(step)
    if (this.nodes.has(id)) return // a second step of this name: one of the problems
    this.nodes.set(id, { id, kind, detail: detailOf(kind, step) })
    const next = step.end === true || kind === 'succeed' ? after : following
    if (kind === 'choice') this.choice(id, step, next)
    else if (kind === 'parallel') this.parallel(id, step, next)
    else if (kind === 'foreach') this.list(stepsOf(step), [{ from: id, kind: 'each', label: '' }], next)
    else if (kind !== 'fail') this.edge({ from: id, kind: 'next', label: '' }, next)
    for (const caught of tables(step.catch)) {
      const errors = Array.isArray(caught.errors) ? caught.errors.map(text).join(', ') : ''
      this.edge({ from: id, kind: 'catch', label: errors }, text(caught.goto))
    }
  }

  private choice(id: string, step: Table, next: string) {
    for (const branch of tables(step.choices)) {
      const way: Way = { from: id, kind: 'condition', label: text(branch.condition) }
      this.list(stepsOf(branch), [way], text(branch.goto) || next)
    }
    const otherwise = isTable(step.default) ? step.default : {}
    this.list(stepsOf(otherwise), [{ from: id, kind: 'otherwise', label: '' }], text(otherwise.goto) || next)
  }

  private parallel(id: string, step: Table, next: string) {
    const branches = tables(step.branches).map(stepsOf)
    for (const steps of branches.length ? branches : [[]])
      this.list(steps, [{ from: id, kind: 'branch', label: '' }], next)
  }

  private edge(way: Way, to: string) {
    if (!to) return
    const twin = this.edges.find(({ from, to: other }) => from === way.from && other === to)
    if (!twin) this.edges.push({ ...way, to })
    else if (way.kind === 'otherwise') twin.otherwise = true
    else if (way.label && twin.label !== way.label) twin.label = [twin.label, way.label].filter(Boolean).join(' | ')
  }
}

function kindOf(step: Table): StepKind {
  const kind = text(step.type)
  return KINDS.includes(kind) ? (kind as StepKind) : 'unknown'
}

/** What tells a step from others of its kind. */
function detailOf(kind: StepKind, step: Table): string {
  switch (kind) {
    case 'task':
      return targetOf(text(step.resourceArn))
    case 'wait':
      return step.duration !== undefined ? durationOf(step.duration) : text(step.timestamp)
    case 'foreach':
      return isTable(step.iterationMapping) ? text(step.iterationMapping.collection) : ''
    case 'fail':
      return text(step.error)
    case 'unknown':
      return text(step.type)
    default:
      return ''
  }
}

const durationOf = (value: unknown) => (typeof value === 'number' ? `${value} s` : text(value))

/** `acs:fc:::services/a/functions/b` as `a/b`, `acs:mns:::/queues/q/messages` as `q`. */
function targetOf(arn: string): string {
  const parts = /functions\/(.+)$/.exec(arn)
  if (parts) return [/services\/([^/]+)\//.exec(arn)?.[1], parts[1]].filter(Boolean).join('/')
  return /\/(?:queues|topics)\/([^/]+)\//.exec(arn)?.[1] ?? arn
}
