// What does the same elsewhere: by the `liuyun` command, and by the vendor's SDK for Python.
import { address, apiCall, python, quoted, type Same } from '@/ui/shell'
import { type CallSearch, type Named, NO_SERVICE } from './queries'

export type Act =
  | { kind: 'create'; named: Named; runtime: string; handler: string }
  | { kind: 'code'; named: Named }
  | { kind: 'invoke'; named: Named; qualifier: string; payload: string }
  | { kind: 'http'; url: string; method: string; payload: string }
  | { kind: 'settings'; named: Named; memoryMb: number; timeoutS: number }
  | { kind: 'trigger'; named: Named; trigger: string; type: string; config: object; sourceArn: string }
  | { kind: 'deliveries'; named: Named }
  | { kind: 'publish'; named: Named; description: string }
  | { kind: 'alias'; named: Named; alias: string; version: string; weights: Readonly<Record<string, number>> }
  | { kind: 'rollback'; named: Named; alias: string; version: string }
  | { kind: 'invocations'; named: Named; wanted: Pick<CallSearch, 'outcome' | 'requestId'> }
  | { kind: 'log'; named: Named; requestId: string }
  | { kind: 'delete'; named: Named }
  | { kind: 'deleteTrigger'; named: Named; trigger: string }
  | { kind: 'deleteAlias'; named: Named; alias: string }
  | { kind: 'deleteVersion'; named: Named; version: string }

export const sameFor = (act: Act): Same => ({ command: commandFor(act), sdk: sdkFor(act) })

const path = ({ service, name }: Named) => (service ? `${service}/${name}` : name)
const at = ({ service, name }: Named, ...more: string[]) => address('functions', service || NO_SERVICE, name, ...more)
const owner = ({ service, name }: Named) => service || `/${name}`

const searched = ({ outcome, requestId }: Pick<CallSearch, 'outcome' | 'requestId'>) =>
  `${outcome ? ` --outcome ${outcome}` : ''}${requestId ? ` --request-id ${quoted(requestId)}` : ''}`

export function commandFor(act: Act): string {
  switch (act.kind) {
    case 'create':
    case 'code':
      return 'liuyun deploy s.yaml'
    case 'settings': {
      const { named, memoryMb, timeoutS } = act
      return apiCall('PATCH', at(named), { memoryMb, timeoutS })
    }
    case 'invoke': {
      const { named, qualifier, payload } = act
      const which = qualifier ? `.${qualifier}` : ''
      const target = named.service ? `${named.service}${which}/${named.name}` : `${named.name}${which}`
      return `liuyun invoke ${target} --event ${quoted(payload)} --log`
    }
    case 'http':
      return `curl -X ${act.method} ${quoted(act.url)}${act.payload ? ` -d ${quoted(act.payload)}` : ''}`
    case 'trigger': {
      const { named, trigger: name, type: kind, config, sourceArn } = act
      return apiCall('POST', at(named, 'triggers'), { name, kind, config, ...(sourceArn ? { sourceArn } : {}) })
    }
    case 'deliveries':
      return `liuyun trigger list ${path(act.named)}`
    case 'publish':
      return `liuyun version publish ${owner(act.named)}${act.description ? ` --description ${quoted(act.description)}` : ''}`
    case 'alias': {
      const [other] = Object.entries(act.weights)
      const also = other ? ` --also ${other[0]}=${other[1]}` : ''
      return `liuyun alias set ${owner(act.named)} ${act.alias} ${act.version}${also}`
    }
    case 'rollback':
      return `liuyun alias set ${owner(act.named)} ${act.alias} ${act.version}`
    case 'invocations':
      return `liuyun invocations ${path(act.named)}${searched(act.wanted)}`
    case 'log':
      return `liuyun logs ${path(act.named)} --request-id ${quoted(act.requestId)}`
    case 'delete':
      return apiCall('DELETE', at(act.named))
    case 'deleteTrigger':
      return apiCall('DELETE', at(act.named, 'triggers', act.trigger))
    case 'deleteAlias':
      return apiCall('DELETE', at(act.named, 'aliases', act.alias))
    case 'deleteVersion':
      return apiCall('DELETE', at(act.named, 'versions', act.version))
  }
}

/** Null where the SDK has nothing for it. `client` is an fc2.Client, or for FC 3.0 one of alibabacloud_fc20230330. */
export function sdkFor(act: Act): string | null {
  return 'named' in act && !act.named.service ? newest(act) : classic(act)
}

function classic(act: Act): string | null {
  switch (act.kind) {
    case 'create': {
      const { named, runtime, handler } = act
      return `client.create_function(${list(named.service, named.name)}, ${python(runtime)}, ${python(handler)}, codeDir='code')`
    }
    case 'code':
      return `client.update_function(${list(act.named.service, act.named.name)}, codeDir='code')`
    case 'settings': {
      const { named, memoryMb, timeoutS } = act
      return `client.update_function(${list(named.service, named.name)}, memorySize=${memoryMb}, timeout=${timeoutS})`
    }
    case 'invoke': {
      const { named, qualifier, payload } = act
      const which = qualifier ? `, qualifier=${python(qualifier)}` : ''
      return `client.invoke_function(${list(named.service, named.name)}, payload=${python(payload)}.encode()${which})`
    }
    case 'trigger': {
      const { named, trigger, type, config, sourceArn } = act
      const names = list(named.service, named.name, trigger, type)
      return `client.create_trigger(${names}, ${python(config)}, ${python(sourceArn)}, '')`
    }
    case 'publish':
      return `client.publish_version(${list(act.named.service)}, ${python(act.description)})`
    case 'alias': {
      const { named, alias, version, weights } = act
      return `client.update_alias(${list(named.service, alias, version)}, additionalVersionWeight=${python(weights)})`
    }
    case 'rollback':
      return `client.update_alias(${list(act.named.service, act.alias, act.version)}, additionalVersionWeight={})`
    case 'delete':
      return `client.delete_function(${list(act.named.service, act.named.name)})`
    case 'deleteTrigger':
      return `client.delete_trigger(${list(act.named.service, act.named.name, act.trigger)})`
    case 'deleteAlias':
      return `client.delete_alias(${list(act.named.service, act.alias)})`
    case 'deleteVersion':
      return `client.delete_version(${list(act.named.service, act.version)})`
    default:
      return null
  }
}

function newest(act: Act & { named: Named }): string | null {
  const name = python(act.named.name)
  switch (act.kind) {
    case 'create': {
      const members = `function_name=${name}, runtime=${python(act.runtime)}, handler=${python(act.handler)}, code=code`
      return `client.create_function(CreateFunctionRequest(body=CreateFunctionInput(${members})))`
    }
    case 'code':
      return `client.update_function(${name}, UpdateFunctionRequest(body=UpdateFunctionInput(code=code)))`
    case 'settings': {
      const members = `memory_size=${act.memoryMb}, timeout=${act.timeoutS}`
      return `client.update_function(${name}, UpdateFunctionRequest(body=UpdateFunctionInput(${members})))`
    }
    case 'invoke': {
      const which = act.qualifier ? `, qualifier=${python(act.qualifier)}` : ''
      return `client.invoke_function(${name}, InvokeFunctionRequest(body=${python(act.payload)}${which}))`
    }
    case 'trigger': {
      const members = [`trigger_name=${python(act.trigger)}`, `trigger_type=${python(act.type)}`]
      if (act.sourceArn) members.push(`source_arn=${python(act.sourceArn)}`)
      members.push(`trigger_config=${python(JSON.stringify(act.config))}`)
      return `client.create_trigger(${name}, CreateTriggerRequest(body=CreateTriggerInput(${members.join(', ')})))`
    }
    case 'publish': {
      const body = `PublishVersionInput(description=${python(act.description)})`
      return `client.publish_function_version(${name}, PublishFunctionVersionRequest(body=${body}))`
    }
    case 'alias':
    case 'rollback': {
      const members =
        act.kind === 'alias'
          ? `version_id=${python(act.version)}, additional_version_weight=${python(act.weights)}`
          : `version_id=${python(act.version)}, additional_version_weight={}`
      return `client.update_alias(${name}, ${python(act.alias)}, UpdateAliasRequest(body=UpdateAliasInput(${members})))`
    }
    case 'delete':
      return `client.delete_function(${name})`
    case 'deleteTrigger':
      return `client.delete_trigger(${name}, ${python(act.trigger)})`
    case 'deleteAlias':
      return `client.delete_alias(${name}, ${python(act.alias)})`
    case 'deleteVersion':
      return `client.delete_function_version(${name}, ${python(act.version)})`
    default:
      return null
  }
}

const list = (...values: string[]) => values.map((value) => python(value)).join(', ')
