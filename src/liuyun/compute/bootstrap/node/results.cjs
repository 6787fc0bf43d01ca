'use strict';
// A handler's result as bytes: texts and bytes as they are, all else as JSON (fc contract 3.4).

function bytesOf(result) {
  if (Buffer.isBuffer(result)) return result;
  if (ArrayBuffer.isView(result)) return Buffer.from(result.buffer, result.byteOffset, result.byteLength);
  if (result instanceof ArrayBuffer) return Buffer.from(result);
  if (typeof result === 'string') return Buffer.from(result);
  return Buffer.from(JSON.stringify(result) ?? '');
}

module.exports = { bytesOf };
