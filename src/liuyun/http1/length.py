"""What a Content-Length says."""

MOST_DIGITS = 18
TOO_LONG = 10**MOST_DIGITS  # past every limit


def length_of(text: str) -> int | None:
    """None if it is none. `str.isdigit` is also true of digits that `int` doesn't know, or that are no ASCII."""
    if not (text.isascii() and text.isdigit()):
        return None
    return int(text) if len(text) <= MOST_DIGITS else TOO_LONG
