"""The access keys that open something at this moment, in memory: what each request's signature is checked with."""

from collections.abc import Iterable, Mapping

from liuyun.model.account import AccessKey, Principal


class Keyring:
    """`fixed` keys are the account's own and always there; those of users come and go with `replace`."""

    def __init__(self, fixed: Iterable[AccessKey] = ()) -> None:
        self._fixed = {key.access_key_id: (Principal(key.account_id, key.access_key_id), key.secret) for key in fixed}
        self._keys = dict(self._fixed)
        self._idle: frozenset[str] = frozenset()
        self._used: dict[str, int] = {}

    def find(self, access_key_id: str) -> tuple[Principal, str] | None:
        """Whose key it is, and its secret."""
        return self._keys.get(access_key_id)

    def is_disabled(self, access_key_id: str) -> bool:
        return access_key_id in self._idle

    def replace(self, keys: Mapping[str, tuple[Principal, str]], disabled: Iterable[str]) -> None:
        """From now on these are the keys of users; `disabled` ones are known and open nothing."""
        self._keys = {**keys, **self._fixed}
        self._idle = frozenset(disabled)

    def note_use(self, access_key_id: str, now: int) -> None:
        """Costs what a dict does: this is on the way of each signed request."""
        self._used[access_key_id] = now

    def take_uses(self) -> dict[str, int]:
        """Those noted since this was asked last."""
        uses, self._used = self._used, {}
        return uses

    def used(self, access_key_id: str) -> int:
        """When it was last used since the uses were taken; 0 for not."""
        return self._used.get(access_key_id, 0)
