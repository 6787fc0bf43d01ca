// What a new function begins with. HTTP functions of services are web applications of their language; those of FC 3.0
// get each request as an event.
import type { Schemas } from '@/api/client'

export type TemplateKey = 'pythonEvent' | 'pythonHttp' | 'nodeEvent' | 'nodeHttp'
export type Template = {
  runtime: string
  handler: string
  files: Record<string, string>
  http: boolean
  environment: Record<string, string>
  timeoutS: number
}
/** One that the account added: an entry of the schema `function-template`. */
export type OwnTemplate = Schemas['FunctionTemplate']

const PYTHON_EVENT = `import json


def handler(event, context):
    """event is bytes; what is returned is the answer."""
    print("event:", event.decode())
    return json.dumps({"hello": "world", "requestId": context.request_id})
`

const PYTHON_WEB = `def handler(environ, start_response):
    """A web application by WSGI."""
    path = environ["PATH_INFO"]
    print(environ["REQUEST_METHOD"], path)
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [f"<h1>Hello from {path}</h1>".encode()]
`

const PYTHON_REQUEST = `import json


def handler(event, context):
    """event is the HTTP request as JSON; statusCode, headers and body of what is returned are the answer."""
    http = json.loads(event)["requestContext"]["http"]
    print(http["method"], http["path"])
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "text/html; charset=utf-8"},
        "isBase64Encoded": False,
        "body": f"<h1>Hello from {http['path']}</h1>",
    }
`

const NODE_EVENT = `// event is a Buffer; what the callback gets is the answer.
exports.handler = (event, context, callback) => {
  console.log('event:', event.toString())
  callback(null, JSON.stringify({ hello: 'world', requestId: context.requestId }))
}
`

const NODE_WEB = `// The request, and what answers it.
exports.handler = (request, response, context) => {
  console.log(request.method, request.path)
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.send('<h1>Hello from ' + request.path + '</h1>')
}
`

const NODE_REQUEST = `// event is the HTTP request as JSON; statusCode, headers and body of the result are the answer.
exports.handler = (event, context, callback) => {
  const { method, path } = JSON.parse(event.toString()).requestContext.http
  console.log(method, path)
  callback(null, {
    statusCode: 200,
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
    isBase64Encoded: false,
    body: '<h1>Hello from ' + path + '</h1>',
  })
}
`

const PYTHON = 'python3.10'
const NODE = 'nodejs20'
export const RUNTIMES = ['python3.9', 'python3.10', 'python3.12', 'nodejs16', 'nodejs18', 'nodejs20', 'custom.debian10']
export const TEMPLATES: readonly TemplateKey[] = ['pythonEvent', 'pythonHttp', 'nodeEvent', 'nodeHttp']

export function template(key: TemplateKey, hasService: boolean): Template {
  const python = (code: string, http = false) => made(PYTHON, 'index.py', code, http)
  const node = (code: string, http = false) => made(NODE, 'index.js', code, http)
  switch (key) {
    case 'pythonEvent':
      return python(PYTHON_EVENT)
    case 'pythonHttp':
      return python(hasService ? PYTHON_WEB : PYTHON_REQUEST, true)
    case 'nodeEvent':
      return node(NODE_EVENT)
    case 'nodeHttp':
      return node(hasService ? NODE_WEB : NODE_REQUEST, true)
  }
}

const made = (runtime: string, path: string, code: string, http: boolean): Template => ({
  runtime,
  handler: 'index.handler',
  files: { [path]: code },
  http,
  environment: {},
  timeoutS: 60,
})

export const fromOwn = ({ runtime, handler, files, environment = {}, timeoutS = 60 }: OwnTemplate): Template => ({
  runtime,
  handler,
  files,
  environment,
  timeoutS,
  http: false,
})
