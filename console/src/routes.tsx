// The map of the console. Pages are loaded when they are first opened.
import { createBrowserRouter } from 'react-router'
import { Shell } from './layout/Shell'
import { Loading } from './ui/Loading'
import { Lost } from './ui/Lost'

const page = (load: () => Promise<{ Page: () => React.ReactNode }>) => ({
  lazy: async () => ({ Component: (await load()).Page }),
})

export const router = createBrowserRouter(
  [
    {
      element: <Shell />,
      errorElement: <Lost />,
      hydrateFallbackElement: <Loading />,
      children: [
        { index: true, ...page(() => import('./products/overview/OverviewPage')) },
        { path: 'configuration', ...page(() => import('./products/config/SchemasPage')) },
        { path: 'configuration/drafts', ...page(() => import('./products/config/DraftsPage')) },
        { path: 'configuration/:schema', ...page(() => import('./products/config/EntriesPage')) },
        { path: 'playground', ...page(() => import('./products/playground/PlaygroundPage')) },
        { path: 'flows', ...page(() => import('./products/flows/FlowsPage')) },
        { path: 'flows/:flow', ...page(() => import('./products/flows/FlowPage')) },
        { path: 'flows/:flow/executions/:name', ...page(() => import('./products/flows/ExecutionPage')) },
        { path: 'functions', ...page(() => import('./products/functions/FunctionsPage')) },
        { path: 'functions/:service/:name', ...page(() => import('./products/functions/FunctionPage')) },
        { path: 'logs', ...page(() => import('./products/logs/LogsPage')) },
        { path: 'messages', ...page(() => import('./products/messages/MessagesPage')) },
        { path: 'messages/queues/:queue', ...page(() => import('./products/messages/QueuePage')) },
        { path: 'messages/topics/:topic', ...page(() => import('./products/messages/TopicPage')) },
        { path: 'people', ...page(() => import('./products/people/PeoplePage')) },
        { path: 'settings', ...page(() => import('./products/settings/SettingsPage')) },
        { path: 'audit', ...page(() => import('./products/audit/AuditPage')) },
        { path: '*', element: <Lost /> },
      ],
    },
  ],
  { basename: '/console' },
)
