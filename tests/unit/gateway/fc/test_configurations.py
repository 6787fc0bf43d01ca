"""Configurations of functions by qualifier, over the wire and in memory."""

from pathlib import Path
from typing import Any

import pytest

from liuyun.catalog.configurations import Configurations
from liuyun.model.configuration import ConfigKind, Configuration, Target
from tests.conftest import run
from tests.unit.gateway.fc.stage import ACCOUNT, stage

LATEST = "/services/s.LATEST/functions/f"
KINDS = {
    "provision-config": (ConfigKind.PROVISION, {"target": 2}, "ProvisionConfigNotFound"),
    "on-demand-config": (ConfigKind.ON_DEMAND, {"maximumInstanceCount": 5}, "OnDemandConfigNotFound"),
    "async-invoke-config": (ConfigKind.ASYNC, {"maxAsyncRetryAttempts": 1}, "AsyncConfigNotExists"),
}


@pytest.mark.parametrize("path", KINDS)
def test_a_configuration_has_its_life(tmp_path: Path, path: str):
    """Set, read, replaced, removed; what is removed or was never set has the kind's own code, or keeps no instance."""

    async def main() -> None:
        kind, document, code = KINDS[path]
        async with stage(tmp_path) as on:
            await on.deploy()
            unset = await on.call("GET", f"{LATEST}/{path}")
            assert unset.document["defaultTarget"] == 0 if kind is ConfigKind.PROVISION else unset.code == code
            made = await on.call("PUT", f"{LATEST}/{path}", document)
            assert made.document.items() >= document.items()
            assert (await on.call("GET", f"{LATEST}/{path}")).document == made.document
            assert on.configurations.of(kind, ACCOUNT, "s", "", "f") == document
            assert on.configurations.of(kind, ACCOUNT, "s", "prod", "f") is None
            assert (await on.call("DELETE", f"{LATEST}/{path}")).status == 204
            assert (await on.call("DELETE", f"{LATEST}/{path}")).code == code
            assert on.configurations.of(kind, ACCOUNT, "s", "LATEST", "f") is None

    run(main())


def test_answers_have_the_vendors_members(tmp_path: Path):
    """Each kind names what it is for in its own way."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            kept = (await on.call("PUT", f"{LATEST}/provision-config", {"target": 2, "scheduledActions": []})).document
            assert kept == {
                "resource": f"{ACCOUNT}#s#LATEST#f", "defaultTarget": 2, "target": 2, "current": 1, "currentError": ""
            }  # fmt: skip
            limit = (await on.call("PUT", f"{LATEST}/on-demand-config", {"maximumInstanceCount": 5})).document
            assert limit == {"resource": "services/s.LATEST/functions/f", "maximumInstanceCount": 5}
            later = {"destinationConfig": {"onFailure": {"destination": "acs:mns:r:1:/queues/q/messages"}}}
            found = (await on.call("PUT", f"{LATEST}/async-invoke-config", later)).document
            assert found.items() >= {"service": "s", "function": "f", "qualifier": "LATEST", **later}.items()
            assert found["createdTime"] == found["lastModifiedTime"] != ""

    run(main())


def test_configurations_are_listed(tmp_path: Path):
    """All of the account, those of a service and those of a function, in pages."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            await on.deploy("g")
            for name in ("f", "g"):
                await on.call(
                    "PUT", f"/services/s.LATEST/functions/{name}/on-demand-config", {"maximumInstanceCount": 1}
                )
                await on.call("PUT", f"/services/s.LATEST/functions/{name}/async-invoke-config", {})
                await on.call("PUT", f"/services/s.LATEST/functions/{name}/provision-config", {"target": 1})
            first = (await on.call("GET", "/on-demand-configs", query="limit=1")).document
            rest = (await on.call("GET", "/on-demand-configs", query=f"nextToken={first['nextToken']}")).document
            assert [c["resource"][-1] for c in (*first["configs"], *rest["configs"])] == ["f", "g"]
            assert "nextToken" not in rest
            kept = (await on.call("GET", "/provision-configs", query="serviceName=s&qualifier=LATEST")).document
            assert len(kept["provisionConfigs"]) == 2
            assert (await on.call("GET", "/provision-configs", query="serviceName=t")).document == {
                "provisionConfigs": []
            }
            assert (await on.call("GET", "/provision-configs", query="qualifier=x")).code == "InvalidArgument"
            later = (await on.call("GET", "/services/s/functions/g/async-invoke-configs")).document
            assert [config["function"] for config in later["configs"]] == ["g"]

    run(main())


@pytest.mark.parametrize(
    ("path", "document", "named"),
    [
        ("provision-config", {}, "target"),
        ("provision-config", {"target": -1}, "target"),
        ("provision-config", {"target": True}, "target"),
        ("on-demand-config", {}, "maximumInstanceCount"),
        ("on-demand-config", {"maximumInstanceCount": "5"}, "maximumInstanceCount"),
        ("async-invoke-config", {"maxAsyncRetryAttempts": 9}, "maxAsyncRetryAttempts"),
        ("async-invoke-config", {"maxAsyncEventAgeInSeconds": 0}, "maxAsyncEventAgeInSeconds"),
        ("async-invoke-config", {"statefulInvocation": "yes"}, "statefulInvocation"),
        ("async-invoke-config", {"destinationConfig": {"onSuccess": {"destination": "moon"}}}, "onSuccess"),
        ("async-invoke-config", [], "object"),
        ("async-invoke-config", b"{", "not JSON"),
    ],
)
def test_what_can_never_work_is_refused_and_named(tmp_path: Path, path: str, document: Any, named: str):
    """400 with the member, and nothing set."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            reply = await on.call("PUT", f"{LATEST}/{path}", document)
            assert (reply.status, named in reply.document["ErrorMessage"]) == (400, True)
            unset = await on.call("GET", f"{LATEST}/{path}")
            assert unset.status == 404 or unset.document["defaultTarget"] == 0

    run(main())


def test_only_what_is_there_can_be_configured(tmp_path: Path):
    """A missing service, function, version or alias is named."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            for place, code in (
                ("/services/t.LATEST/functions/f", "ServiceNotFound"),
                ("/services/s.LATEST/functions/g", "FunctionNotFound"),
                ("/services/s.1/functions/f", "VersionNotFound"),
                ("/services/s.prod/functions/f", "AliasNotFound"),
            ):
                for method in ("PUT", "GET", "DELETE"):
                    assert (await on.call(method, f"{place}/async-invoke-config", {})).code == code

    run(main())


def test_whoever_watches_learns_of_every_change(tmp_path: Path):
    """What is there already, what is set, what is removed, and what goes with its function."""

    async def main() -> None:
        told: list[tuple[str, ConfigKind, object]] = []

        def note(target: Target, kind: ConfigKind, configuration: Configuration | None) -> None:
            told.append((target.function, kind, configuration and configuration.document))

        async with stage(tmp_path) as on:
            await on.deploy()
            await on.call("PUT", f"{LATEST}/on-demand-config", {"maximumInstanceCount": 5})
            on.configurations.watch(note)
            await on.call("PUT", f"{LATEST}/provision-config", {"target": 1})
            await on.call("DELETE", "/services/s/functions/f")
            await on.deploy()
            assert (await on.call("DELETE", f"{LATEST}/provision-config")).status == 404
            assert told == [
                ("f", ConfigKind.ON_DEMAND, {"maximumInstanceCount": 5}),
                ("f", ConfigKind.PROVISION, {"target": 1}),
                ("f", ConfigKind.ON_DEMAND, None),
                ("f", ConfigKind.PROVISION, None),
            ]

    run(main())


def test_configurations_are_there_after_a_restart(tmp_path: Path):
    """They are read into memory at the start."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            await on.call("PUT", f"{LATEST}/on-demand-config", {"maximumInstanceCount": 5})
            again = Configurations(db=on.db, clock=on.clock)
            await again.start()
            assert again.of(ConfigKind.ON_DEMAND, ACCOUNT, "s", "", "f") == {"maximumInstanceCount": 5}

    run(main())


def test_an_alias_for_which_instances_are_kept_stays(tmp_path: Path):
    """Its other configurations go with it."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            await on.call("POST", "/services/s/versions", {})
            await on.call("POST", "/services/s/aliases", {"aliasName": "prod", "versionId": "1"})
            prod = "/services/s.prod/functions/f"
            await on.call("PUT", f"{prod}/provision-config", {"target": 1})
            await on.call("PUT", f"{prod}/async-invoke-config", {})
            refused = await on.call("DELETE", "/services/s/aliases/prod")
            assert (refused.status, "kept" in refused.document["ErrorMessage"]) == (400, True)
            await on.call("PUT", f"{prod}/provision-config", {"target": 0})
            assert (await on.call("DELETE", "/services/s/aliases/prod")).status == 204
            assert on.configurations.of(ConfigKind.ASYNC, ACCOUNT, "s", "prod", "f") is None

    run(main())


def test_a_restricted_function_is_not_called(tmp_path: Path):
    """Invocations are refused with the reason, by whatever qualifier, until the restriction goes."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            target = Target(ACCOUNT, "s", "LATEST", "f")
            await on.configurations.put(ConfigKind.RESTRICTION, target, {"reason": "it costs too much"})
            on.resolver.forget(ACCOUNT, "s", "f")
            refused = await on.call("POST", "/services/s/functions/f/invocations")
            assert (refused.status, refused.code) == (403, "FunctionDisabled")
            assert "it costs too much" in refused.document["ErrorMessage"]
            await on.configurations.delete(ConfigKind.RESTRICTION, target)
            assert (await on.call("POST", "/services/s/functions/f/invocations")).status == 200

    run(main())
