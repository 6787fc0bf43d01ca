"""Secrets at rest: sealed with a key that lies beside the data, readable by its owner alone."""

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liuyun.errors import Unavailable


class Vault:
    def __init__(self, key: bytes) -> None:
        self._key = key
        self._fernet = Fernet(key)

    @classmethod
    def open(cls, file: Path) -> "Vault":
        """The vault of the key in `file`, which is made on first use. Raises Unavailable if the file is damaged."""
        if not file.exists():
            make_private(file, Fernet.generate_key())
        try:
            return cls(file.read_bytes().strip())
        except ValueError:
            raise Unavailable(f"{file} is damaged: without it the stored secrets can't be read; restore it.") from None

    def seal(self, secret: str) -> str:
        return self._fernet.encrypt(secret.encode()).decode()

    def open_sealed(self, sealed: str) -> str:
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Unavailable(
                "secret_unreadable", "A stored secret can't be read with this master.key: is it another installation's?"
            ) from None

    def derive(self, purpose: str) -> bytes:
        """32 bytes that belong to this installation and to `purpose` alone."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(self._key)


def make_private(file: Path, content: bytes) -> None:
    """Writes a new file that only its owner can read, whole and on disk before it has its name."""
    draft = file.with_name(f".{file.name}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.rename(file)
