// The bars of a chart: one for each value, each of parts that stand on each other.
export type Part = { y: number; height: number; kind: number }
export type Bar = { x: number; parts: Part[] }

/** `values`: for each bar its parts from the bottom up. A bar of `most` fills the height; nothing is invisible. */
export function barsOf(values: readonly (readonly number[])[], step: number, height: number, most = highest(values)): Bar[] {
  return values.map((parts, index) => {
    let y = height
    const drawn = parts.flatMap((value, kind): Part[] => {
      if (value <= 0) return []
      const tall = Math.max((value / most) * height, 1)
      y -= tall
      return [{ y, height: tall, kind }]
    })
    return { x: index * step, parts: drawn }
  })
}

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

export const highest = (values: readonly (readonly number[])[]) => Math.max(0, ...values.map(sum))
