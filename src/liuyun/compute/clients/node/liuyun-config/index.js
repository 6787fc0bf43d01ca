'use strict';
// The platform's configuration, as functions read it.
//
//   const config = require('liuyun-config');
//   const method = await config.value('payment-method', 'weixin', { tenant: 'market', fallback: {} });
//
// An answer is kept for FRESH_MS milliseconds, so a handler may ask in every call. Nothing else than Node.js is needed.

const http = require('node:http');

const ADDRESS = 'http://liuyun-config.aliyuncs.com/api/config/values';
const FRESH_MS = 1000;
const TIMEOUT_MS = 10000;
const MOST_KEPT = 256; // answers
const kept = new Map(); // by address: until when it is good, and the promise of the answer

/** What a tenant (none: the account) has under a key; `fallback` if nothing. `unit` is what a roll-out counts. */
async function value(schema, key, { tenant = '', unit = '', fallback } = {}) {
  const answer = await ask(`/${encodeURIComponent(schema)}/${encodeURIComponent(key)}`, tenant, unit);
  return answer === null ? fallback : JSON.parse(answer);
}

/** Everything that a tenant (none: the account) has of a schema, by key. */
async function values(schema, { tenant = '', unit = '' } = {}) {
  return JSON.parse((await ask(`/${encodeURIComponent(schema)}`, tenant, unit)) ?? '{}');
}

function ask(path, tenant, unit) {
  const address = `${ADDRESS}${path}?${new URLSearchParams({ tenant, unit })}`;
  const found = kept.get(address);
  if (found && Date.now() < found.until) return found.answer;
  if (kept.size >= MOST_KEPT) kept.clear();
  const answer = fetchText(address);
  kept.set(address, { until: Date.now() + FRESH_MS, answer });
  answer.catch(() => kept.delete(address));
  return answer;
}

function fetchText(address) {
  return new Promise((resolve, reject) => {
    const request = http.get(address, { timeout: TIMEOUT_MS }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if (response.statusCode === 200) resolve(text);
        else if (response.statusCode === 404) resolve(null);
        else reject(new Error(`the configuration answered ${response.statusCode}: ${text.slice(0, 500)}`));
      });
    });
    request.on('timeout', () => request.destroy(new Error('the configuration did not answer in time')));
    request.on('error', reject);
  });
}

module.exports = { value, values };
