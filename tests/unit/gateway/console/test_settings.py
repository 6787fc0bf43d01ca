"""Settings through the console's API."""

from liuyun.model.people import Role
from tests.conftest import run
from tests.unit.gateway.console.visitor import HIDDEN, visitor


def test_settings_with_their_origin():
    """Each with its value, its default and who said so; a secret's text is in no answer."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in(Role.OPERATOR)
            answer = await on.call("GET", "/api/settings")
            found = {setting["name"]: setting for setting in answer.json()["settings"]}
            assert (found["access_key_secret"]["value"], found["access_key_secret"]["origin"]) == ("********", "option")
            assert (found["limits.instances"]["value"], found["limits.instances"]["origin"]) == (300, "default")
            assert HIDDEN not in answer.text
            assert "user namespaces" in answer.json()["isolation"]["abilities"][0]["name"]["text"]

    run(main())


def test_settings_are_not_for_viewers():
    """They say where things lie on the machine."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in(Role.VIEWER)
            assert (await on.call("GET", "/api/settings")).status_code == 403

    run(main())
