"""Signing in and out, and the people who may."""

from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from liuyun.errors import Denied, SignInFailed, Unauthenticated
from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.guard import COOKIE, Administrator, Anybody, ThePlatform, caller_of
from liuyun.gateway.console.models import Body, Segment
from liuyun.gateway.console.parts import Parts
from liuyun.model.people import Role, User

router = ConsoleRouter(prefix="/api")
Text = Annotated[str, Field(max_length=256)]
UserName = Annotated[str, Field(min_length=1, max_length=64)]


class SignIn(Body):
    name: UserName
    password: Text


class SignedIn(Body):
    name: str
    role: Role
    display_name: str = ""
    csrf_token: str = Field(description="To be sent as X-CSRF-Token with each change.")
    account_id: str
    region: str


class UserView(Body):
    name: str
    role: Role
    display_name: str
    disabled: bool
    created_at: int
    updated_at: int


class NewUser(Body):
    name: UserName
    role: Role
    password: Text
    display_name: Annotated[str, Field(max_length=64)] = ""


class UserChanges(Body):
    role: Role | None = None
    display_name: Annotated[str | None, Field(max_length=64)] = None
    disabled: bool | None = None


class NewPassword(Body):
    password: Text


class OwnPassword(NewPassword):
    old_password: Text = Field(description="The one that holds now: a session left open is not enough.")


class UserList(Body):
    users: list[UserView]


@router.post("/session", tags=["session"], summary="Sign in", operation_id="signIn")
async def sign_in(given: SignIn, request: Request, response: Response, parts: ThePlatform) -> SignedIn:
    ip = request.client.host if request.client else ""
    agent = request.headers.get("user-agent", "")
    token, user = await parts.sessions.sign_in(given.name, given.password, ip=ip, agent=agent)
    response.set_cookie(
        COOKIE, token, httponly=True, samesite="strict", secure=request.scope["scheme"] == "https", path="/"
    )
    await parts.audit.record(user.name, "SignIn", user.name, request_id=request.state.request_id, ip=ip)
    return signed_in(parts, user, token)


@router.get("/session", tags=["session"], summary="Who is signed in", operation_id="getSession")
async def whoami(request: Request, parts: ThePlatform) -> SignedIn | None:
    """Null when nobody is, so that a page can ask without an error."""
    try:
        caller = await caller_of(request, parts)
    except Unauthenticated:
        return None
    if not caller.token:
        return SignedIn(
            name=caller.name, role=caller.role, csrf_token="", account_id=parts.account_id, region=parts.region
        )
    return signed_in(parts, await parts.users.get(caller.name), caller.token)


@router.delete("/session", tags=["session"], summary="Sign out", status_code=204, operation_id="signOut")
async def sign_out(caller: Anybody, response: Response, parts: ThePlatform) -> None:
    if caller.token:
        await parts.sessions.sign_out(caller.token)
    response.delete_cookie(COOKIE, path="/")


@router.put("/session/password", tags=["session"], summary="Change one's own password", status_code=204,
            operation_id="changeOwnPassword")  # fmt: skip
async def change_own_password(given: OwnPassword, caller: Anybody, parts: ThePlatform) -> None:
    """Ends all sessions of the user."""
    if not caller.token:
        raise Denied(
            "key_no_password", "an access key has no password; sign in as the user whose password is to be changed"
        )
    try:
        await parts.sessions.prove(caller.name, given.old_password, caller.ip)
    except SignInFailed:
        raise Denied("old_password_wrong", "the old password is wrong") from None
    await parts.users.set_password(caller.name, given.password)
    parts.sessions.forget()
    await caller.did(parts.audit, "ChangePassword", caller.name)


@router.get("/users", tags=["users"], summary="All users", operation_id="listUsers")
async def list_users(_: Administrator, parts: ThePlatform) -> UserList:
    return UserList(users=[UserView.model_validate(user) for user in await parts.users.everybody()])


@router.post("/users", tags=["users"], summary="Create a user", status_code=201, operation_id="createUser")
async def create_user(given: NewUser, caller: Administrator, parts: ThePlatform) -> UserView:
    user = await parts.users.create(given.name, given.role, given.password, given.display_name)
    await caller.did(parts.audit, "CreateUser", user.name, role=user.role)
    return UserView.model_validate(user)


@router.patch("/users/{name}", tags=["users"], summary="Change a user", operation_id="changeUser")
async def change_user(name: Segment, given: UserChanges, caller: Administrator, parts: ThePlatform) -> UserView:
    user = await parts.users.change(name, role=given.role, display_name=given.display_name, disabled=given.disabled)
    parts.sessions.forget()
    await caller.did(parts.audit, "ChangeUser", name, **given.model_dump(exclude_none=True))
    return UserView.model_validate(user)


@router.put("/users/{name}/password", tags=["users"], summary="Set a user's password", status_code=204,
            operation_id="setPassword")  # fmt: skip
async def set_password(name: Segment, given: NewPassword, caller: Administrator, parts: ThePlatform) -> None:
    """Of another one; one's own asks for the old one. Ends all sessions of the user."""
    if name == caller.name:
        raise Denied(
            "own_password", "this is your own password: PUT /api/session/password changes it, and asks for the old one"
        )
    await parts.users.set_password(name, given.password)
    parts.sessions.forget()
    await caller.did(parts.audit, "SetPassword", name)


@router.delete("/users/{name}", tags=["users"], summary="Delete a user", status_code=204, operation_id="deleteUser")
async def delete_user(name: Segment, caller: Administrator, parts: ThePlatform) -> None:
    await parts.users.delete(name)
    parts.sessions.forget()
    await caller.did(parts.audit, "DeleteUser", name)


def signed_in(parts: Parts, user: User, token: str) -> SignedIn:
    return SignedIn(
        name=user.name,
        role=user.role,
        display_name=user.display_name,
        csrf_token=parts.sessions.csrf(token),
        account_id=parts.account_id,
        region=parts.region,
    )
