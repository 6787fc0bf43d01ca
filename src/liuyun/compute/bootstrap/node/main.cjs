'use strict';
// The worker of Node.js functions: takes calls from its channel, runs the handler, answers. It speaks what
// bootstrap/worker.py speaks. Until the first frame, which says what to load, nothing of a customer's is here.

const { Module } = require('node:module');
const net = require('node:net');
const { Decoder, encode } = require('./frames.cjs');
const failures = require('./failures.cjs');
const { FunctionWorker } = require('./function.cjs');
const { load } = require('./loading.cjs');
const output = require('./output.cjs');

const CHANNEL = 3;
const channel = new net.Socket({ fd: CHANNEL, readable: true, writable: true });
const decoder = new Decoder();
let worker = null;
let begun = null;

channel.on('data', (chunk) => {
  for (const frame of decoder.feed(chunk)) take(frame);
});
channel.on('end', () => process.exit(0)); // the platform is gone, or wants us gone
channel.on('error', () => process.exit(0));

function take({ header, payload }) {
  if (begun === null) begun = begin(header);
  else begun.then(() => worker?.call(header, payload));
}

function send(header, payload) {
  channel.write(encode(header, payload));
}

function sendLast(header, payload) {
  channel.end(encode(header, payload), () => process.exit(1));
}

// Loads the handler and runs the initializer, or says why that can't be.
async function begin(start) {
  useEnvironment(start);
  output.replaceConsole();
  let made = null;
  const call = { id: 0, request_id: start.request_id, qualifier: '', retry_count: 0 };
  const fail = (error) => {
    const document = failures.documentOf(error);
    output.logFailure(document);
    if (made?.phase) output.mark(`FC ${made.phase} End`, true);
    sendLast({ id: 0, error: true }, Buffer.from(document));
  };
  process.once('uncaughtException', fail); // while loading: afterwards there are calls to answer
  await output.within(call, async () => {
    try {
      output.write(`FunctionCompute ${start.runtime} runtime inited.\n`);
      output.write(`load code for handler:${start.handler}\n`);
      made = new FunctionWorker(start, await load(start.handler, start.code_dir), { send, sendLast });
      if (start.initializer) await made.enter('Initialize', start.initializer, call);
      process.removeListener('uncaughtException', fail);
      made.watchOver();
      worker = made;
      send({ id: 0, rss_kb: process.resourceUsage().maxRSS });
    } catch (error) {
      process.removeListener('uncaughtException', fail);
      fail(error);
    }
  });
}

function useEnvironment(start) {
  for (const name of Object.keys(process.env)) if (!(name in start.environment)) delete process.env[name];
  Object.assign(process.env, start.environment);
  process.chdir(start.code_dir);
  Module._initPaths(); // NODE_PATH is read when a process starts, which was before it was set
}
