"""Text as XML 1.0 can carry it."""

import re

UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def escaped(text: str) -> str:
    """For element content.

    A carriage return is written as a reference, or a parser would make it a line feed. What XML has no way to write at
    all (control characters that an in-process sender let in) becomes U+FFFD.
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    return UNSPEAKABLE.sub("\ufffd", text)
