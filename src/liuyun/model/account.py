"""Who owns things and who asks."""

from dataclasses import dataclass
from enum import StrEnum


class PrincipalKind(StrEnum):
    ROOT = "root"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class AccessKey:
    account_id: str
    access_key_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Principal:
    """The authenticated caller. A function's temporary credentials name it in `resource` (`service/function`)."""

    account_id: str
    access_key_id: str
    kind: PrincipalKind = PrincipalKind.ROOT
    resource: str = ""
