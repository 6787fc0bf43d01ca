// The commands that do what the page does with users and access keys.
import type { Schemas } from '@/api/client'
import { address, apiCall, quoted } from '@/ui/shell'

export const listKeys = () => 'liuyun keys list'
export const endKey = (id: string) => `liuyun keys delete ${quoted(id)}`
export const switchKey = (id: string, on: boolean) => `liuyun keys ${on ? 'enable' : 'disable'} ${quoted(id)}`

export function createKey(user: string, description = '') {
  const about = description ? ` --description ${quoted(description)}` : ''
  return `liuyun keys create --user ${quoted(user || 'NAME')}${about}`
}

/** Passwords are read from standard input, so that no shell remembers them. */
export const createUser = () => 'liuyun api POST /api/users --body -'
export const setPassword = (name: string) => `liuyun api PUT ${address('users', name, 'password')} --body -`
export const changeUser = (name: string, body: Schemas['UserChanges']) => apiCall('PATCH', address('users', name), body)
export const deleteUser = (name: string) => apiCall('DELETE', address('users', name))

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
