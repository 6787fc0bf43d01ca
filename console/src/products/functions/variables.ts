// Environment variables as rows of a form.
export type Variable = { name: string; value: string }

export const variablesOf = (environment: Readonly<Record<string, string>>): Variable[] =>
  Object.entries(environment)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => ({ name, value }))

export const fromVariables = (variables: readonly Variable[]): Record<string, string> =>
  Object.fromEntries(variables.filter(({ name }) => name).map(({ name, value }) => [name, value ?? '']))
