// What does the same elsewhere: by the `liuyun` command, and by the vendor's SDK for Python.
import { address, apiCall, compact, python, quoted, type Same } from '@/ui/shell'

export type Act =
  | { kind: 'create'; flow: string; definition: string; description: string; mode: string }
  | { kind: 'update'; flow: string; definition: string; revision: number }
  | { kind: 'delete'; flow: string }
  | { kind: 'start'; flow: string; name: string; input: string }
  | { kind: 'stop'; flow: string; name: string }
  | { kind: 'report'; flow: string; name: string; body: { eventId: number; output?: string; error?: string; cause?: string } }

export const sameFor = (act: Act): Same => ({ command: commandFor(act), sdk: sdkFor(act) })

export function commandFor(act: Act): string {
  switch (act.kind) {
    case 'create': {
      const { flow: name, definition, description, mode } = act
      return apiCall('POST', address('flows'), { name, definition, description, mode })
    }
    case 'update':
      return apiCall('PUT', address('flows', act.flow), { definition: act.definition, revision: act.revision })
    case 'delete':
      return apiCall('DELETE', address('flows', act.flow))
    case 'start': {
      const named = act.name ? ` --name ${quoted(act.name)}` : ''
      return `liuyun flow start ${quoted(act.flow)}${named} --input ${quoted(compact(act.input))} --watch`
    }
    case 'stop':
      return `liuyun flow stop ${quoted(act.flow)} ${quoted(act.name)}`
    case 'report':
      return apiCall('POST', address('flows', act.flow, 'executions', act.name, 'report'), act.body)
  }
}

/** With `client` of alibabacloud_fnf20190315. Null for a report: the SDK's takes the token that the task was given. */
export function sdkFor(act: Act): string | null {
  switch (act.kind) {
    case 'create': {
      const { flow, definition, description, mode } = act
      const given = `name=${python(flow)}, definition=${python(definition)}, description=${python(description)}`
      return `client.create_flow(CreateFlowRequest(${given}, type="FDL", execution_mode=${python(mode)}))`
    }
    case 'update':
      return `client.update_flow(UpdateFlowRequest(name=${python(act.flow)}, definition=${python(act.definition)}, type="FDL"))`
    case 'delete':
      return `client.delete_flow(DeleteFlowRequest(name=${python(act.flow)}))`
    case 'start': {
      const named = act.name ? `, execution_name=${python(act.name)}` : ''
      return `client.start_execution(StartExecutionRequest(flow_name=${python(act.flow)}${named}, input=${python(act.input)}))`
    }
    case 'stop':
      return `client.stop_execution(StopExecutionRequest(flow_name=${python(act.flow)}, execution_name=${python(act.name)}))`
    case 'report':
      return null
  }
}
