'use strict';
// The wire of runtimes/frames.py: two lengths of four bytes, a header in JSON, a payload.

const PREFIX_BYTES = 8;

function encode(header, payload = Buffer.alloc(0)) {
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
  prefix.writeUInt32BE(text.length, 0);
  prefix.writeUInt32BE(payload.length, 4);
  return Buffer.concat([prefix, text, payload]);
}

// Bytes in, whole frames out. Chunks of an unfinished frame wait in a list, so that a large one is joined only once.
class Decoder {
  constructor() {
    this.chunks = [];
    this.length = 0;
    this.wanted = PREFIX_BYTES;
  }

  *feed(chunk) {
    this.chunks.push(chunk);
    this.length += chunk.length;
    while (this.length >= this.wanted) {
      const data = this.chunks.length === 1 ? this.chunks[0] : Buffer.concat(this.chunks);
      const body = PREFIX_BYTES + data.readUInt32BE(0);
      const end = body + data.readUInt32BE(4);
      this.chunks = [data];
      this.wanted = end;
      if (data.length < end) return;
      this.chunks = [data.subarray(end)];
      this.length = data.length - end;
      this.wanted = PREFIX_BYTES;
      yield { header: JSON.parse(data.toString('utf8', PREFIX_BYTES, body)), payload: data.subarray(body, end) };
    }
  }
}

module.exports = { encode, Decoder };
