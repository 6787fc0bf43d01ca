"""The wire between the platform and a worker: frames, without any I/O.

A frame is a header and a payload, each of which may be empty:

    +----------------+-----------------+--------+---------+
    | header length  | payload length  | header | payload |
    | 4 bytes, big-endian each         | JSON   | bytes   |
    +----------------+-----------------+--------+---------+

Rules
- The stream is reliable and ordered (a Unix socket), so there are no checksums, no resynchronisation and no escapes.
- Payloads are the function's own bytes and are never looked into; all that the two sides tell each other is in headers.
- A peer that announces more than the limits is not a peer any more: `FrameTooLarge` says so before a byte of the frame
  is stored, and the connection must be closed. The worker is a customer's process; nothing it sends is believed.
- `feed` copies payload bytes once. A frame that arrives whole in one chunk, the common case, is never buffered.

This module runs on both sides, so it keeps to the standard library and to Python 3.10.
"""

from struct import Struct

PREFIX = Struct(">II")
HEADER_BYTES = 1024 * 1024  # environment, HTTP headers and the like
PAYLOAD_BYTES = 64 * 1024 * 1024

Frame = tuple[bytes, bytes]  # header, payload


class FrameTooLarge(Exception):
    pass


def encode(header: bytes, payload: bytes = b"") -> bytes:
    return b"".join((PREFIX.pack(len(header), len(payload)), header, payload))


class Decoder:
    """Bytes in, whole frames out."""

    def __init__(self, *, header_bytes: int = HEADER_BYTES, payload_bytes: int = PAYLOAD_BYTES) -> None:
        self._limits = (header_bytes, payload_bytes)
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that `data` completes. Raises FrameTooLarge."""
        if self._buffer:
            self._buffer += data
            return self._take(self._buffer)
        if len(data) >= PREFIX.size:
            header_length, payload_length = self._lengths(data)
            body = PREFIX.size + header_length
            if len(data) == body + payload_length:
                return [(data[PREFIX.size : body], data[body:])]
        self._buffer += data
        return self._take(self._buffer)

    def _take(self, buffer: bytearray) -> list[Frame]:
        frames: list[Frame] = []
        start = 0
        with memoryview(buffer) as view:
            while len(view) - start >= PREFIX.size:
                header_length, payload_length = self._lengths(view, start)
                body = start + PREFIX.size + header_length
                end = body + payload_length
                if len(view) < end:
                    break
                frames.append((bytes(view[start + PREFIX.size : body]), bytes(view[body:end])))
                start = end
        del buffer[:start]
        return frames

    def _lengths(self, data: bytes | memoryview, start: int = 0) -> tuple[int, int]:
        header_length, payload_length = PREFIX.unpack_from(data, start)
        if header_length > self._limits[0] or payload_length > self._limits[1]:
            raise FrameTooLarge(f"a frame of {header_length} + {payload_length} bytes; {self._limits} are allowed")
        return header_length, payload_length
