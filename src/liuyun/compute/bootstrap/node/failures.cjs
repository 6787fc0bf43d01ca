'use strict';
// Error documents: what a caller gets when a handler fails (fc contract 3.4).

const MESSAGE_CHARACTERS = 64 * 1024;
const STACK_LINES = 100;
const OWN_FRAME = `${__dirname}/`;

// The handler can't be had. `kind` is the errorType.
class LoadFailure extends Error {
  constructor(kind, message, cause) {
    super(message);
    this.kind = kind;
    this.cause = cause;
  }
}

function documentOf(error) {
  const [type, cause] = error instanceof LoadFailure ? [error.kind, error.cause] : [nameOf(error), error];
  return JSON.stringify({
    errorMessage: messageOf(error).slice(0, MESSAGE_CHARACTERS),
    errorType: type,
    stackTrace: stackOf(cause),
  });
}

// Anything may be thrown, and its properties may be getters that throw.
function messageOf(error) {
  try {
    if (error !== null && typeof error === 'object' && error.message !== undefined) return String(error.message);
    return typeof error === 'object' ? JSON.stringify(error) : String(error);
  } catch {
    return '<an error whose text cannot be had>';
  }
}

function nameOf(error) {
  try {
    return typeof error?.name === 'string' && error.name ? error.name : 'Error';
  } catch {
    return 'Error';
  }
}

function stackOf(error) {
  try {
    const lines = typeof error?.stack === 'string' ? error.stack.split('\n') : [];
    return lines.map((line) => line.trim()).filter((line) => line && !isOwn(line)).slice(0, STACK_LINES);
  } catch {
    return [];
  }
}

function isOwn(line) {
  return line.startsWith('at ') && (line.includes(OWN_FRAME) || line.includes('(node:') || line.includes('at node:'));
}

module.exports = { LoadFailure, documentOf };
