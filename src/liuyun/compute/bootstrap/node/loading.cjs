'use strict';
// From a handler's name to the function behind it (fc contract 3.4).

const fs = require('node:fs');
const path = require('node:path');
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');
const { LoadFailure } = require('./failures.cjs');

const ENDINGS = ['.js', '.mjs', '.cjs'];
const NEEDS_IMPORT = new Set(['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE']);

// `folder/module.function`: split at the last dot. Throws LoadFailure.
async function load(name, codeDir) {
  const dot = name.lastIndexOf('.');
  if (dot < 1 || dot === name.length - 1) throw new LoadFailure('InvalidHandleName', `Invalid handler '${name}'`);
  const [moduleName, functionName] = [name.slice(0, dot), name.slice(dot + 1)];
  const loaded = await loadModule(path.resolve(codeDir, moduleName), moduleName);
  const handler = loaded[functionName] ?? loaded.default?.[functionName];
  if (typeof handler !== 'function') {
    throw new LoadFailure('HandlerNotFound', `Handler '${functionName}' is missing on module '${moduleName}'`);
  }
  return handler;
}

async function loadModule(base, name) {
  const file = ENDINGS.map((ending) => base + ending).find((candidate) => fs.existsSync(candidate));
  if (file === undefined) throw new LoadFailure('ImportModuleError', `Module '${base}.js' is missing.`);
  try {
    return (await evaluate(file)) ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new LoadFailure('UserCodeSyntaxError', `Syntax error in module '${name}': ${error.message}`, error);
    }
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw new LoadFailure('ImportModuleError', error.message.split('\n')[0], error);
    }
    throw error;
  }
}

async function evaluate(file) {
  if (file.endsWith('.mjs')) return import(pathToFileURL(file).href);
  try {
    return createRequire(file)(file);
  } catch (error) {
    if (!NEEDS_IMPORT.has(error?.code)) throw error;
    return import(pathToFileURL(file).href);
  }
}

module.exports = { load };
