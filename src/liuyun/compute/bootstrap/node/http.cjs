'use strict';
// HTTP functions: `handler(request, response, context)` (fc contract 3.4).

const { Readable } = require('node:stream');
const { bytesOf } = require('./results.cjs');

function requestOf(http, payload) {
  const request = Readable.from(payload.length ? [payload] : [], { objectMode: false });
  return Object.assign(request, {
    headers: headersOf(http.headers),
    path: http.path || '/',
    queries: queriesOf(http.query),
    method: http.method,
    clientIP: http.client_ip ?? '',
    url: http.request_uri,
    body: payload,
  });
}

function headersOf(pairs) {
  const headers = Object.create(null);
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    headers[key] = key in headers ? `${headers[key]},${value}` : value;
  }
  return { ...headers };
}

// A name that comes once has a text, one that comes several times an array.
function queriesOf(query) {
  const queries = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const before = Object.hasOwn(queries, name) ? queries[name] : undefined;
    const now = before === undefined ? value : [before, value].flat();
    Object.defineProperty(queries, name, { value: now, enumerable: true, writable: true, configurable: true });
  }
  return queries;
}

// What the handler answers with. `done` gets the reply's header and its body, or an error.
class Response {
  #status = 200;
  #headers = new Map(); // lower-case name -> [name as given, values]
  #done;
  #bound;

  constructor(done, responseBytes) {
    this.#done = done;
    this.#bound = responseBytes;
  }

  setStatusCode(status) {
    this.#status = Number(status);
  }

  setHeader(name, value) {
    this.#headers.set(String(name).toLowerCase(), [String(name), [value].flat().map(String)]);
  }

  deleteHeader(name) {
    this.#headers.delete(String(name).toLowerCase());
  }

  send(body = '') {
    if (typeof body?.pipe === 'function') {
      gather(body, this.#bound).then((data) => this.#finish(data), (error) => this.#done(error));
    } else {
      this.#finish(bytesOf(body));
    }
  }

  #finish(body) {
    if (!Number.isInteger(this.#status)) throw new TypeError('the status code must be a whole number');
    const headers = [...this.#headers.values()].flatMap(([name, values]) => values.map((value) => [name, value]));
    this.#done(null, { status: this.#status, headers }, body);
  }
}

// No further than one byte past the bound: the caller then says that there is too much.
async function gather(stream, bound) {
  const chunks = [];
  let length = 0;
  for await (const chunk of stream) {
    const data = bytesOf(chunk);
    chunks.push(data);
    length += data.length;
    if (length > bound) break;
  }
  return Buffer.concat(chunks);
}

module.exports = { requestOf, Response };
