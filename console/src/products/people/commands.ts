// The commands that do what the page does with access keys.
import type { Schemas } from '@/api/client'
import { quoted } from '@/ui/shell'

export const listKeys = () => 'liuyun keys list'
export const endKey = (id: string) => `liuyun keys delete ${quoted(id)}`
export const switchKey = (id: string, on: boolean) => `liuyun keys ${on ? 'enable' : 'disable'} ${quoted(id)}`

export function createKey(user: string, description = '') {
  const about = description ? ` --description ${quoted(description)}` : ''
  return `liuyun keys create --user ${quoted(user || 'NAME')}${about}`
}

type Created = Schemas['CreatedKey']

/** What a shell needs, so that `liuyun` and SDKs find the key. */
export const exported = (key: Created, endpoint: string) =>
  [
    `export LIUYUN_ENDPOINT=${quoted(endpoint)}`,
    `export LIUYUN_ACCOUNT_ID=${quoted(key.accountId)}`,
    `export LIUYUN_ACCESS_KEY_ID=${quoted(key.accessKeyId)}`,
    `export LIUYUN_ACCESS_KEY_SECRET=${quoted(key.accessKeySecret)}`,
  ].join('\n')

/** A first call with the vendor's own SDK. */
export const inPython = (endpoint: string) => `import os, fc2

client = fc2.Client(
    endpoint=${JSON.stringify(endpoint)},
    accessKeyID=os.environ["LIUYUN_ACCESS_KEY_ID"],
    accessKeySecret=os.environ["LIUYUN_ACCESS_KEY_SECRET"],
)
print(client.list_services().data)`
