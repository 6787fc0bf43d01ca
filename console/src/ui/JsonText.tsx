/** A value as people read it: texts as they are, everything else as indented JSON. */
export function JsonText({ value }: { value: unknown }) {
  return <pre className="mono">{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
}

export const asJson = (value: unknown) => JSON.stringify(value, null, 2)
