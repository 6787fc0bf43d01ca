'use strict';
// What a function logs: `{time} {request id} [{level}] {text}`, and the runtime's own lines between (fc contract 3.4).

const { AsyncLocalStorage } = require('node:async_hooks');
const fs = require('node:fs');
const util = require('node:util');

const TEXT_CHARACTERS = 128 * 1024;
const LEVELS = { verbose: 0, debug: 1, info: 2, warn: 3, error: 4 };
const LEVEL_OF_METHOD = { log: 'verbose', debug: 'debug', info: 'info', warn: 'warn', error: 'error' };
const NAMES = Object.keys(LEVEL_OF_METHOD);
const calls = new AsyncLocalStorage(); // each call's own identity, through all that it awaits
const sleeper = new Int32Array(new SharedArrayBuffer(4));
let latest = '';
let least = LEVELS.verbose;

function within(call, act) {
  latest = call.request_id;
  return calls.run(call, act);
}

function requestId() {
  return calls.getStore()?.request_id ?? latest;
}

// Synchronous, so that what was logged is out before a process ends, however it does.
function write(text) {
  const data = Buffer.from(text);
  let written = 0;
  while (written < data.length) {
    try {
      written += fs.writeSync(1, data, written);
    } catch (error) {
      if (error.code !== 'EAGAIN') return; // nobody reads any more
      Atomics.wait(sleeper, 0, 0, 1); // the pipe is full, and something has made it non-blocking
    }
  }
}

function logger(idOf) {
  const methods = {};
  for (const name of NAMES) {
    const level = LEVEL_OF_METHOD[name];
    methods[name] = (...values) => line(level, idOf(), values);
  }
  methods.setLogLevel = setLogLevel;
  return methods;
}

// A line break within a text would make two lines of it, the second without time and owner.
function line(level, id, values) {
  if (LEVELS[level] < least) return;
  const text = util.format(...values).slice(0, TEXT_CHARACTERS).replace(/\r?\n/g, '\r');
  write(`${new Date().toISOString()} ${id} [${level}] ${text}\n`);
}

function setLogLevel(level) {
  const name = String(level).toLowerCase();
  if (name in LEVELS) least = LEVELS[name];
}

function replaceConsole() {
  Object.assign(console, logger(requestId));
}

function mark(text, failed = false) {
  write(`${text} RequestId: ${requestId()}${failed ? ', Error: Unhandled function error' : ''}\n`);
}

function logFailure(document) {
  line('error', requestId(), [document]);
}

module.exports = { calls, within, write, logger, replaceConsole, mark, logFailure };
