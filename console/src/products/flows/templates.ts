import type { TextKey } from '@/i18n'

export type Template = { key: string; title: TextKey; definition: string }

/** What a new flow may begin as; each runs at once, or says what it needs. */
export const TEMPLATES: Template[] = [
  {
    key: 'steps',
    title: 'flows.template.steps',
    definition: `version: v1
type: flow
steps:
  - type: pass
    name: greet
    outputMappings:
      - target: greeting
        source: hello
  - type: wait
    name: rest
    duration: 3
  - type: succeed
    name: done
`,
  },
  {
    key: 'choice',
    title: 'flows.template.choice',
    definition: `version: v1
type: flow
steps:
  - type: choice
    name: howMuch
    choices:
      - condition: $.amount > 1000
        steps:
          - type: pass
            name: askManager
      - condition: $.amount > 0
        goto: book
    default:
      goto: refuse
  - type: pass
    name: book
  - type: succeed
    name: done
  - type: fail
    name: refuse
    error: NoAmount
    cause: The input needs an amount above 0.
`,
  },
  {
    key: 'callback',
    title: 'flows.template.callback',
    definition: `version: v1
type: flow
steps:
  - type: task
    name: ask
    resourceArn: acs:mns:::/queues/questions/messages
    pattern: waitForCallback
    timeoutSeconds: 86400
    inputMappings:
      - target: token
        source: $context.task.token
    serviceParams:
      MessageBody: $
  - type: succeed
    name: answered
`,
  },
  {
    key: 'parallel',
    title: 'flows.template.parallel',
    definition: `version: v1
type: flow
steps:
  - type: parallel
    name: both
    branches:
      - steps:
          - type: wait
            name: first
            duration: 2
      - steps:
          - type: wait
            name: second
            duration: 4
  - type: foreach
    name: each
    iterationMapping:
      collection: $.names
      item: name
    steps:
      - type: pass
        name: visit
`,
  },
  {
    key: 'retry',
    title: 'flows.template.retry',
    definition: `version: v1
type: flow
steps:
  - type: task
    name: call
    resourceArn: acs:fc:::services/demo/functions/hello
    timeoutSeconds: 30
    retry:
      - errors: [FnF.ALL]
        intervalSeconds: 2
        maxAttempts: 3
        multiplier: 2
    catch:
      - errors: [FnF.ALL]
        goto: giveUp
  - type: succeed
    name: done
  - type: fail
    name: giveUp
    error: CallFailed
    cause: The function failed three times.
`,
  },
]
