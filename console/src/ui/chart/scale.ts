// The scale of a chart: round numbers, the highest no less than the highest value.
const STEPS = [1, 2, 5, 10] as const
const MOST_PARTS = 4

export type Scale = { top: number; ticks: number[] }

/** From 0 up to `top`, in at most four parts; `whole`: there are no halves of what is counted. */
export function scaleOf(most: number, whole: boolean): Scale {
  const wanted = most > 0 ? most : 1
  const power = 10 ** Math.floor(Math.log10(wanted / MOST_PARTS))
  const found = STEPS.map((step) => step * power).find((step) => step * MOST_PARTS >= wanted * (1 - 1e-9)) ?? wanted
  const step = whole ? Math.max(1, found) : found
  const parts = Math.max(1, Math.ceil(wanted / step - 1e-9))
  return { top: parts * step, ticks: Array.from({ length: parts + 1 }, (_, part) => part * step) }
}
