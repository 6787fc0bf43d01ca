"""The wire between platform and worker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuyun.compute.runtimes.frames import PREFIX, Decoder, FrameTooLarge, encode

frames = st.lists(st.tuples(st.binary(max_size=50), st.binary(max_size=200)), max_size=8)


@given(frames, st.data())
def test_frames_survive_any_fragmentation(sent, data):
    """However the stream is cut, the same frames come out in the same order."""
    stream = b"".join(encode(header, payload) for header, payload in sent)
    decoder, received = Decoder(), []
    while stream:
        length = data.draw(st.integers(1, len(stream)))
        received += decoder.feed(stream[:length])
        stream = stream[length:]
    assert received == sent


def test_a_frame_over_the_limit_is_refused_before_it_arrives():
    """The lengths alone are enough, so nothing of it is stored."""
    with pytest.raises(FrameTooLarge):
        Decoder(payload_bytes=100).feed(PREFIX.pack(2, 101))
    with pytest.raises(FrameTooLarge):
        Decoder(header_bytes=100).feed(PREFIX.pack(101, 0))
