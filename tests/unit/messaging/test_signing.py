"""The key that pushes are signed with."""

from base64 import b64decode

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1

from liuyun.storage.stores.identity import fact
from tests.conftest import run
from tests.unit.messaging.stage import Stage


def test_the_certificate_verifies_what_the_key_signed() -> None:
    """A subscriber needs nothing but the certificate; the key is sealed at rest, and the same after a restart."""

    async def main() -> None:
        stage = Stage()
        signer = await stage.messaging.signing_key.signer()
        certificate = x509.load_pem_x509_certificate(signer.certificate.encode())
        key = certificate.public_key()
        assert isinstance(key, RSAPublicKey)
        key.verify(b64decode(signer.sign("POST\n云")), "POST\n云".encode(), PKCS1v15(), SHA1())
        again = await Stage(stage.db).messaging.signing_key.signer()
        assert again.certificate == signer.certificate
        sealed = await stage.db.read(lambda tx: fact(tx, "mns_signing_key"))
        assert sealed is not None
        assert sealed.startswith("sealed:")

    run(main())
