"""The certificate of the platform's operator, for every name that no domain has one of its own for."""

import ssl
from pathlib import Path

import structlog

from liuyun.errors import Invalid
from liuyun.tls.contexts import Terms, server_context

log = structlog.get_logger()
Stamps = tuple[tuple[int, int, int], ...]


class OperatorsCertificate:
    """Two PEM files that are renewed from outside: the next handshake uses new ones, and none uses broken ones."""

    def __init__(self, certificate: Path, private_key: Path) -> None:
        """Raises Invalid."""
        self._files = certificate, private_key
        self._stamps = self._look()
        self._pems = self._read()
        self._contexts: dict[Terms, ssl.SSLContext] = {}

    def context(self, terms: Terms) -> ssl.SSLContext:
        try:
            stamps = self._look()
            if stamps != self._stamps:
                self._stamps = stamps  # first: what is broken is told of once
                self._pems = self._read()
                self._contexts.clear()
        except Invalid as error:
            log.warning("the operator's certificate can't be renewed; the old one stays", reason=error.message)
        if terms not in self._contexts:
            self._contexts[terms] = server_context(*self._pems, terms)
        return self._contexts[terms]

    def _look(self) -> Stamps:
        try:
            found = [file.stat() for file in self._files]
        except OSError as error:
            raise unreadable(error) from None
        return tuple((stat.st_ino, stat.st_mtime_ns, stat.st_size) for stat in found)

    def _read(self) -> tuple[str, str]:
        try:
            certificate, private_key = (file.read_text("latin-1") for file in self._files)
        except OSError as error:
            raise unreadable(error) from None
        try:
            server_context(certificate, private_key, Terms())
        except Invalid as error:
            names = " and ".join(str(file) for file in self._files)
            raise Invalid(f"tls_certificate and tls_private_key, {names}: {error.message}") from None
        return certificate, private_key


def unreadable(error: OSError) -> Invalid:
    return Invalid(f"tls_certificate or tls_private_key can't be read: {error.filename}: {error.strerror}.")
