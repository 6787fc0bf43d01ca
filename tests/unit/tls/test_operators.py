"""The operator's own certificate."""

from pathlib import Path

import pytest

from liuyun.errors import Invalid
from liuyun.tls.contexts import Terms
from liuyun.tls.operators import OperatorsCertificate
from tests.certificates import Made, made


def put(folder: Path, of: Made) -> tuple[Path, Path]:
    files = folder / "cert.pem", folder / "key.pem"
    for file, text in zip(files, (of.certificate, of.private_key), strict=True):
        file.write_text(text)
    return files


def test_new_files_are_used_from_the_next_handshake_on(tmp_path: Path):
    """And unchanged ones are read once."""
    operators = OperatorsCertificate(*put(tmp_path, made("a.example.com")))
    first = operators.context(Terms())
    assert operators.context(Terms()) is first
    put(tmp_path, made("longer.example.com"))
    assert operators.context(Terms()) is not first


def test_broken_files_change_nothing(tmp_path: Path):
    """A renewal that failed must not end service."""
    files = put(tmp_path, made("a.example.com"))
    operators = OperatorsCertificate(*files)
    first = operators.context(Terms())
    files[0].write_text("half a certi")
    assert operators.context(Terms()) is first
    files[0].unlink()
    assert operators.context(Terms()) is first


def test_files_that_never_worked_stop_the_start(tmp_path: Path):
    """And are named."""
    certificate, private_key = put(tmp_path, made("a.example.com"))
    with pytest.raises(Invalid, match=r"absent\.pem"):
        OperatorsCertificate(tmp_path / "absent.pem", private_key)
    certificate.write_text("no certificate")
    with pytest.raises(Invalid, match=r"cert\.pem"):
        OperatorsCertificate(certificate, private_key)
