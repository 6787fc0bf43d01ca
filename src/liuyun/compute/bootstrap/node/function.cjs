'use strict';
// A handler that has been loaded, and how it is called.

const { contextOf } = require('./context.cjs');
const failures = require('./failures.cjs');
const { requestOf, Response } = require('./http.cjs');
const { load } = require('./loading.cjs');
const output = require('./output.cjs');
const { bytesOf } = require('./results.cjs');

const PHASES = { preStop: 'PreStop', preFreeze: 'PreFreeze' };
const FIRST_WITH_PROMISES = 16; // what older runtimes did with a promise: nothing

class ResponseTooLarge extends Error {
  name = 'ResponseTooLarge';
}

class FunctionWorker {
  constructor(start, handler, { send, sendLast }) {
    this.start = start;
    this.handler = handler;
    this.send = send;
    this.sendLast = sendLast;
    this.running = new Map();
    this.promises = Number(/\d+/.exec(start.runtime)?.[0] ?? FIRST_WITH_PROMISES) >= FIRST_WITH_PROMISES;
  }

  // Runs a function of the instance's lifecycle; resolves when it has called back or its promise is kept.
  async enter(phase, name, call) {
    this.phase = phase;
    output.mark(`FC ${phase} Start`);
    const hook = await load(name, this.start.code_dir);
    await new Promise((resolve, reject) => {
      const callback = (error) => (error ? reject(error) : resolve());
      const returned = hook(contextOf(this.start.context, call), callback);
      if (typeof returned?.then === 'function') returned.then(resolve, reject);
      else if (hook.length < 2) resolve();
    });
    output.mark(`FC ${phase} End`);
    this.phase = null;
  }

  call(call, payload) {
    const began = process.hrtime.bigint();
    this.running.set(call.id, { call, began });
    output.within(call, () => {
      try {
        if (call.hook) this.#hook(call);
        else if (call.http) this.#http(call, payload);
        else this.#event(call, payload);
      } catch (error) {
        this.#fail(call, error);
      }
    });
  }

  // An error that nobody caught: whose it is may not be known. The process isn't trusted with another call.
  watchOver() {
    const uncaught = (error) => {
      const own = output.calls.getStore();
      const calls = this.running.has(own?.id) ? [own] : [...this.running.values()].map(({ call }) => call);
      if (!calls.length) {
        output.logFailure(failures.documentOf(error));
        process.exit(1);
      }
      calls.forEach((call) => this.#fail(call, error, { ends: true }));
    };
    process.on('uncaughtException', uncaught);
    process.on('unhandledRejection', uncaught);
  }

  #event(call, payload) {
    const context = contextOf(this.start.context, call);
    const callback = (error, result) => {
      if (error) this.#fail(call, error, { handled: true });
      else this.#answer(call, {}, result);
    };
    const returned = this.handler(payload, context, callback);
    if (typeof returned?.then !== 'function') return;
    returned.then(
      (result) => {
        if (this.promises || this.handler.length < 3) this.#answer(call, {}, result);
      },
      (error) => this.#fail(call, error),
    );
  }

  #http(call, payload) {
    const done = (error, reply, body) => (error ? this.#fail(call, error) : this.#answer(call, reply, body));
    const response = new Response(done, this.start.response_bytes);
    const returned = this.handler(requestOf(call.http, payload), response, contextOf(this.start.context, call));
    if (typeof returned?.then === 'function') returned.then(undefined, (error) => this.#fail(call, error));
  }

  #hook(call) {
    const phase = PHASES[call.hook];
    this.enter(phase, this.start.hooks[call.hook], call).then(
      () => this.#answer(call, {}),
      (error) => this.#fail(call, error, { phase }),
    );
  }

  #answer(call, reply, result) {
    try {
      const body = bytesOf(result);
      const bound = this.start.response_bytes;
      if (body.length > bound) {
        throw new ResponseTooLarge(`the response has ${body.length} bytes; ${bound} are allowed`);
      }
      this.#send(call, reply, body);
    } catch (error) {
      this.#fail(call, error);
    }
  }

  #fail(call, error, { handled = false, ends = false, phase = null } = {}) {
    if (!this.running.has(call.id)) return; // answered already
    const document = failures.documentOf(error);
    output.within(call, () => {
      output.logFailure(document);
      if (phase) output.mark(`FC ${phase} End`, true);
    });
    this.#send(call, { error: true, handled, ends }, Buffer.from(document));
  }

  #send(call, reply, body) {
    const entry = this.running.get(call.id);
    if (entry === undefined) return; // only the first answer counts
    this.running.delete(call.id);
    const ms = Number(process.hrtime.bigint() - entry.began) / 1e6;
    const header = { ...reply, id: call.id, ms, rss_kb: process.resourceUsage().maxRSS };
    if (reply.ends && !this.running.size) this.sendLast(header, body);
    else this.send(header, body);
  }
}

module.exports = { FunctionWorker };
