/** One word for a shell, whatever is in it; JSON on one line. */
export function quoted(text: string): string {
  let line = text
  try {
    line = JSON.stringify(JSON.parse(text))
  } catch {
    // as it is
  }
  return `'${line.replaceAll("'", `'\\''`)}'`
}
