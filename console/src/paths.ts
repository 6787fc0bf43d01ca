// Every address inside the console is built here, so that none goes stale.
const part = encodeURIComponent

export const paths = {
  overview: () => '/',
  configuration: () => '/configuration',
  drafts: () => '/configuration/drafts',
  schema: (name: string) => `/configuration/${part(name)}`,
  playground: () => '/playground',
  people: () => '/people',
  audit: () => '/audit',
}
