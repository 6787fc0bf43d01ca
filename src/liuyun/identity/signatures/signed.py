"""What all four schemes have in common: a request that names a key and proves that it holds the secret."""

import hmac
from collections.abc import Callable, Mapping, Sequence

import msgspec

Sign = Callable[[str, str], str]  # (secret, string to sign) -> signature


class Signed(msgspec.Struct, frozen=True):
    """The claim of one request. More than one `strings_to_sign` stand where clients of one scheme differ.

    `timestamp` is in ms since the epoch, None where the scheme carries none; `nonce` is None likewise.
    """

    access_key_id: str
    signature: str
    strings_to_sign: Sequence[str]
    sign: Sign
    timestamp: int | None
    nonce: str | None = None
    security_token: str = ""
    expires: int | None = None  # of a signed link, in ms since the epoch

    def proves(self, secret: str) -> bool:
        return any(
            hmac.compare_digest(self.sign(secret, text).encode(), self.signature.encode("utf-8", "replace"))
            for text in self.strings_to_sign
        )


def single(headers: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """Headers by lower-case name; repeats are joined by commas, as HTTP allows."""
    joined: dict[str, str] = {name.lower(): value for name, value in headers}
    if len(joined) == len(headers):  # nearly always: nothing repeats
        return joined
    joined.clear()
    for name, value in headers:
        key = name.lower()
        joined[key] = f"{joined[key]},{value}" if key in joined else value
    return joined
