import pytest
from msgspec.structs import replace

from liuyun.errors import ClockSkewed, NonceReplayed, SecurityTokenInvalid, SignatureMismatch, UnknownAccessKey
from liuyun.identity.authenticator import SKEW_MS, Authenticator, Nonces
from liuyun.identity.keyring import Keyring
from liuyun.identity.signatures import rpc
from liuyun.identity.signatures.signed import Signed
from liuyun.identity.temporary import LIFETIME_S, TemporaryCredentials
from liuyun.model.account import AccessKey, Principal, PrincipalKind
from liuyun.testing.clock import FakeClock
from liuyun.testing.ids import CountingIds


@pytest.fixture
def temporary(clock: FakeClock, ids: CountingIds) -> TemporaryCredentials:
    return TemporaryCredentials(b"k" * 32, clock, ids)


@pytest.fixture
def authenticator(clock: FakeClock, temporary: TemporaryCredentials) -> Authenticator:
    return Authenticator(Keyring([AccessKey("1", "ak", "secret")]), temporary, clock, max_nonces=100)


def claim(clock: FakeClock, secret: str = "secret", *, key: str = "ak", nonce: str = "n", token: str = "") -> Signed:
    return Signed(key, rpc.sign(secret, "text"), ("text",), rpc.sign, clock.now(), nonce, token)


def test_the_owner_of_a_key_is_believed(authenticator: Authenticator, clock: FakeClock):
    """A right signature makes the caller the key's account."""
    principal = authenticator.authenticate(claim(clock))
    assert (principal.account_id, principal.kind) == ("1", PrincipalKind.ROOT)


def test_an_unknown_key_is_refused(authenticator: Authenticator, clock: FakeClock):
    """A key that was never given out has its own error."""
    with pytest.raises(UnknownAccessKey, match="other"):
        authenticator.authenticate(claim(clock, key="other"))


def test_a_wrong_secret_is_refused_with_what_was_signed(authenticator: Authenticator, clock: FakeClock):
    """The error shows the string to sign, after a colon, for clients that look for one."""
    with pytest.raises(SignatureMismatch, match="string to sign is:text"):
        authenticator.authenticate(claim(clock, "wrong"))


@pytest.mark.parametrize("offset", [-SKEW_MS - 1, SKEW_MS + 1])
def test_a_skewed_clock_is_refused(authenticator: Authenticator, clock: FakeClock, offset: int):
    """More than fifteen minutes off, early or late, is too much."""
    with pytest.raises(ClockSkewed):
        authenticator.authenticate(replace(claim(clock), timestamp=clock.now() + offset))


def test_a_nonce_is_good_for_one_request(authenticator: Authenticator, clock: FakeClock):
    """A request that is sent again is refused."""
    authenticator.authenticate(claim(clock))
    with pytest.raises(NonceReplayed):
        authenticator.authenticate(claim(clock))


def test_a_refused_request_uses_no_nonce(authenticator: Authenticator, clock: FakeClock):
    """Strangers can't spend the nonces of others."""
    with pytest.raises(SignatureMismatch):
        authenticator.authenticate(claim(clock, "wrong"))
    assert authenticator.authenticate(claim(clock))


def test_the_memory_of_nonces_is_bounded(clock: FakeClock):
    """The oldest nonces go when there are too many, and all go in time."""
    nonces = Nonces(2)
    assert all(nonces.use(nonce, clock.now()) for nonce in ("a", "b", "c"))
    assert len(nonces._seen) == 2
    assert nonces.use("d", clock.now() + 3 * SKEW_MS)
    assert len(nonces._seen) == 1


def test_temporary_credentials_name_the_function(
    authenticator: Authenticator, temporary: TemporaryCredentials, clock: FakeClock
):
    """A function that signs with its temporary credentials is known by its name."""
    given = temporary.issue("1", "shop/pay")
    signed = claim(clock, given.access_key_secret, key=given.access_key_id, token=given.security_token)
    principal = authenticator.authenticate(signed)
    assert (principal.account_id, principal.kind, principal.resource) == ("1", PrincipalKind.FUNCTION, "shop/pay")


def test_temporary_credentials_end(temporary: TemporaryCredentials, ids: CountingIds):
    """A token is refused after its lifetime."""
    given = temporary.issue("1", "shop/pay")
    later = TemporaryCredentials(b"k" * 32, FakeClock(FakeClock().now() + LIFETIME_S * 1000), ids)
    with pytest.raises(SecurityTokenInvalid, match="expired"):
        later.check(given.access_key_id, given.security_token)


@pytest.mark.parametrize("token", ["", "x", "x.y", "é.é", "..", "e30=.00"])
def test_a_forged_token_is_refused(temporary: TemporaryCredentials, token: str):
    """Only what this installation issued passes."""
    with pytest.raises(SecurityTokenInvalid):
        temporary.check("STS.1", token)


def test_a_token_fits_its_own_key_only(temporary: TemporaryCredentials):
    """A stolen token is no use with another key id."""
    given = temporary.issue("1", "shop/pay")
    with pytest.raises(SecurityTokenInvalid, match="another"):
        temporary.check("STS.other", given.security_token)


def test_credentials_end_with_the_key_that_asked_for_them(clock: FakeClock, temporary: TemporaryCredentials):
    """Those for an upload are no way on for a key that was deleted."""
    keyring = Keyring()
    keyring.replace({"ly": (Principal("1", "ly"), "secret")}, ())
    authenticator = Authenticator(keyring, temporary, clock, max_nonces=100)
    issued = temporary.issue("1", "upload:b/k", issuer="ly")
    asked = claim(clock, issued.access_key_secret, key=issued.access_key_id, token=issued.security_token)
    assert authenticator.authenticate(asked).resource == "upload:b/k"
    keyring.replace({}, ())
    with pytest.raises(SecurityTokenInvalid, match="no longer valid"):
        authenticator.authenticate(replace(asked, nonce="another"))
