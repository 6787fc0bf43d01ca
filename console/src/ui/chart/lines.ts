// The lines of a chart: one for each kind of value, broken where there is none.

/** A path of SVG through those that are above 0; one that stands alone is a point. */
export function pathOf(values: readonly number[], step: number, height: number, most: number): string {
  return values
    .map((value, index) => {
      if (value <= 0) return ''
      const at = `${(index + 0.5) * step} ${height - (value / most) * height}`
      return (values[index - 1] ?? 0) > 0 ? `L ${at}` : `M ${at} L ${at}`
    })
    .filter((part) => part)
    .join(' ')
}
