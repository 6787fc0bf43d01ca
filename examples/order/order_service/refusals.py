"""What a caller can do wrong. The web layer turns `status` into the answer's."""

from collections.abc import Sequence


class Refusal(Exception):
    status = 400


class Forbidden(Refusal):
    status = 403


class Misnamed(Refusal):
    """The platform takes no execution of that name."""


class Missing(Refusal):
    status = 404


class Conflict(Refusal):
    status = 409


class Unfit(Conflict):
    """What the schema of the configuration doesn't allow, and the names of the properties that are at fault."""

    status = 422

    def __init__(self, message: str, fields: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.fields = list(fields)


class TooLarge(Refusal):
    status = 413


class PlatformFailed(Refusal):
    """The platform can't be reached or gave an unexpected answer; asking again may help."""

    status = 502
