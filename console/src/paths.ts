// Every address inside the console is built here, so that none goes stale.
const part = encodeURIComponent

export const paths = {
  overview: () => '/',
  configuration: () => '/configuration',
  drafts: () => '/configuration/drafts',
  schema: (name: string) => `/configuration/${part(name)}`,
  playground: () => '/playground',
  flows: () => '/flows',
  flow: (name: string) => `/flows/${part(name)}`,
  executions: (flow: string) => `/flows/${part(flow)}?tab=executions`,
  execution: (flow: string, name: string) => `/flows/${part(flow)}/executions/${part(name)}`,
  functions: () => '/functions',
  function: (service: string, name: string) => `/functions/${part(service || '-')}/${part(name)}`,
  logs: () => '/logs',
  messages: () => '/messages',
  queue: (name: string) => `/messages/queues/${part(name)}`,
  topic: (name: string) => `/messages/topics/${part(name)}`,
  people: () => '/people',
  audit: () => '/audit',
  settings: () => '/settings',
}
