"""Access keys of users: what programs sign with. Each looks after their own; an administrator after everybody's."""

from typing import Annotated

from pydantic import Field

from liuyun.errors import AccessKeyNotFound, Denied, Invalid
from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.guard import Anybody, Caller, Operator, ThePlatform
from liuyun.gateway.console.models import Body, Segment
from liuyun.gateway.console.parts import Parts
from liuyun.identity.access_keys import DESCRIPTION
from liuyun.model.people import Role

router = ConsoleRouter(prefix="/api/keys", tags=["keys"])
Description = Annotated[str, Field(max_length=DESCRIPTION, description="What the key is for.")]


class KeyView(Body):
    access_key_id: str
    user: str = Field(description="Whose key it is, and whose role it has; empty for the root key.")
    role: Role
    description: str
    disabled: bool
    is_root: bool = Field(description="The installation's own key, which stays.")
    created_at: int | None = Field(description="Null for the root key, of which it isn't known.")
    last_used_at: int | None = Field(description="Null if it was never used, or if nobody knows.")


class NewKey(Body):
    user: Annotated[str, Field(max_length=64, description="Empty for the one who asks.")] = ""
    description: Description = ""


class CreatedKey(KeyView):
    access_key_secret: str = Field(description="Told now, and never again.")
    account_id: str


class KeyChanges(Body):
    description: Annotated[str | None, Field(max_length=DESCRIPTION)] = None
    disabled: bool | None = None


class KeyList(Body):
    keys: list[KeyView]


@router.get("", summary="Access keys", operation_id="listKeys")
async def list_keys(caller: Anybody, parts: ThePlatform) -> KeyList:
    """One's own; an administrator sees all."""
    found = await parts.access_keys.everything(None if oversees(caller) else caller.name)
    return KeyList(keys=[KeyView.model_validate(key) for key in found])


@router.post("", summary="Create an access key", status_code=201, operation_id="createKey")
async def create_key(given: NewKey, caller: Operator, parts: ThePlatform) -> CreatedKey:
    """For oneself, or for anybody if one is an administrator. It may do what its user's role may."""
    user = given.user or caller.name
    if user == caller.name and caller.is_root:
        raise Invalid("key_owner_needed", "the root key signed this: say in `user` whose the new key shall be")
    if user != caller.name and not oversees(caller):
        raise Denied(
            "keys_for_others",
            "{name} is a {role}; only an administrator makes keys for others",
            name=caller.name,
            role=caller.role.phrase,
        )
    key, secret = await parts.access_keys.create(user, given.description)
    await caller.did(parts.audit, "CreateAccessKey", key.access_key_id, user=user)
    seen = KeyView.model_validate(key).model_dump()
    return CreatedKey(**seen, access_key_secret=secret, account_id=parts.account_id)


@router.patch("/{key}", summary="Disable or enable an access key, or say what it is for", operation_id="changeKey")
async def change_key(key: Segment, given: KeyChanges, caller: Operator, parts: ThePlatform) -> KeyView:
    """A disabled key opens nothing from the answer on."""
    await check(parts, caller, key)
    changed = await parts.access_keys.change(key, disabled=given.disabled, description=given.description)
    facts = given.model_dump(exclude_none=True)
    await caller.did(parts.audit, "ChangeAccessKey", key, user=changed.user, **facts)
    return KeyView.model_validate(changed)


@router.delete("/{key}", summary="Delete an access key", status_code=204, operation_id="deleteKey")
async def delete_key(key: Segment, caller: Operator, parts: ThePlatform) -> None:
    """It opens nothing from the answer on, and never again."""
    user = await check(parts, caller, key)
    await parts.access_keys.delete(key)
    await caller.did(parts.audit, "DeleteAccessKey", key, user=user)


async def check(parts: Parts, caller: Caller, key: str) -> str:
    """Whose key it is. Raises AccessKeyNotFound, also for those of others: nobody but administrators sees them."""
    user = (await parts.access_keys.get(key)).user
    if user != caller.name and not oversees(caller):
        raise AccessKeyNotFound(key)
    return user


def oversees(caller: Caller) -> bool:
    return caller.role is Role.ADMINISTRATOR
