"""Who owns things and who asks."""

from dataclasses import dataclass, field
from enum import StrEnum

from liuyun.model.people import Role


class PrincipalKind(StrEnum):
    ROOT = "root"
    USER = "user"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class AccessKey:
    account_id: str
    access_key_id: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserKey:
    """A user's access key as it is stored: `sealed` is the secret, encrypted. It may do what its user's role may."""

    access_key_id: str
    user: str
    sealed: str = field(repr=False)
    description: str = ""
    disabled: bool = False
    created_at: int = 0


@dataclass(frozen=True, slots=True)
class Principal:
    """The authenticated caller. A function's temporary credentials name it in `resource` (`service/function`); a user's
    key has the user's name and role. `issuer`: the access key that temporary credentials came by, if one did.
    """

    account_id: str
    access_key_id: str
    kind: PrincipalKind = PrincipalKind.ROOT
    resource: str = ""
    user: str = ""
    role: Role = Role.VIEWER
    issuer: str = ""
