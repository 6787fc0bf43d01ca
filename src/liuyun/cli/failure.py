"""What a command tells its user when it can't go on: a sentence or two and an exit code, never a traceback."""

WRONG_USAGE = 2


def reason(error: OSError | UnicodeDecodeError) -> str:
    """Why a file can't be read, for people."""
    return error.strerror or str(error) if isinstance(error, OSError) else f"it isn't UTF-8 at byte {error.start}"


class Failure(Exception):
    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code
