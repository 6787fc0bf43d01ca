"""Versions, aliases and gray release through the vendor's clients. Cases 16 and 17 of fc contract 8."""

import json
from collections import Counter

import pytest
from fc2.fc_exceptions import FcError

from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed, node, refused

WHO = """import json
def handler(event, context):
    return json.dumps([context.service.qualifier, context.service.version_id])
"""
BROKEN = "def handler(event, context):\n    raise RuntimeError('the new version is broken')\n"


def publish(service: Deployed) -> str:
    return service.client.publish_version(service.service, "of this moment").data["versionId"]


@pytest.fixture
def released(service: Deployed) -> Deployed:
    """Versions 1 and 2 of a function that tells which it is."""
    service.function("f", WHO)
    assert publish(service) == "1"
    service.client.update_function(service.service, "f", description="second")
    assert publish(service) == "2"
    return service


def outcome(service: Deployed, name: str) -> str:
    """The version that a call by `prod` got; "failed" if it did."""
    try:
        answer = service.client.invoke_function(service.service, name, qualifier="prod")
    except FcError as error:
        return "failed" if error.status_code == 200 else error.err_code
    return answer.headers["X-Fc-Invocation-Service-Version"]


def test_case_16_an_alias_shares_its_calls(released: Deployed):
    """Three in ten of a thousand, and the handler sees which version it is."""
    client, name = released.client, released.service
    client.create_alias(name, "prod", "1", additionalVersionWeight={"2": 0.3})
    counted: Counter[str] = Counter()
    for _ in range(1000):
        answer = client.invoke_function(name, "f", qualifier="prod")
        qualifier, version = json.loads(answer.data)
        assert (qualifier, version) == ("prod", answer.headers["X-Fc-Invocation-Service-Version"])
        counted[version] += 1
    assert counted.keys() == {"1", "2"}
    assert 250 <= counted["2"] <= 350


def test_case_17_a_qualifier_names_a_version(released: Deployed):
    """By number, by alias, and LATEST."""
    client, name = released.client, released.service
    client.create_alias(name, "prod", "2")
    for qualifier, version in (("1", "1"), ("prod", "2"), ("LATEST", "LATEST"), (None, "LATEST")):
        answer = client.invoke_function(name, "f", qualifier=qualifier)
        assert json.loads(answer.data)[1] == version
        assert answer.headers["X-Fc-Invocation-Service-Version"] == version


def test_a_gray_release_is_taken_back_in_one_call(released: Deployed):
    """A tenth goes to a version that fails; after one update no call fails any more."""
    client, name = released.client, released.service
    (released.folder / "f" / "index.py").write_text(BROKEN)
    client.update_function(name, "f", codeDir=str(released.folder / "f"))
    assert publish(released) == "3"
    client.create_alias(name, "prod", "2", additionalVersionWeight={"3": 0.1})
    counted = Counter(outcome(released, "f") for _ in range(100))
    assert counted.keys() == {"2", "failed"}
    assert 8 <= counted["failed"] <= 12  # where the sharing begins is chance
    client.update_alias(name, "prod", None, additionalVersionWeight={"3": 0})
    assert Counter(outcome(released, "f") for _ in range(100)) == {"2": 100}


def test_versions_and_aliases_have_their_life(released: Deployed):
    """Every operation of the Python client."""
    client, name = released.client, released.service
    listed = client.list_versions(name, limit=1, direction="FORWARD").data
    assert [version["versionId"] for version in listed["versions"]] == ["1"]
    rest = client.list_versions(name, nextToken=listed["nextToken"], direction="FORWARD").data
    assert [version["versionId"] for version in rest["versions"]] == ["2"]
    assert client.get_service(name, qualifier="1").data["serviceName"] == name
    assert client.get_function(name, "f", qualifier="1").data["description"] == ""
    assert [f["description"] for f in client.list_functions(name, qualifier="2").data["functions"]] == ["second"]
    assert client.get_function_code(name, "f", qualifier="1").data["url"]
    assert refused(lambda: publish(released)).err_code == "InvalidArgument"

    made = client.create_alias(name, "prod", "1", "the one in use", {"2": 0.5})
    assert client.get_alias(name, "prod").data == made.data
    etag = {"if-match": made.headers["ETag"]}
    changed = client.update_alias(name, "prod", "2", headers=etag).data
    assert (changed["versionId"], changed["additionalVersionWeight"]) == ("2", {})
    assert refused(lambda: client.update_alias(name, "prod", "1", headers=etag)).err_code == "PreconditionFailed"
    assert [alias["aliasName"] for alias in client.list_aliases(name, prefix="p").data["aliases"]] == ["prod"]
    assert refused(lambda: client.delete_version(name, "2")).err_code == "InvalidArgument"
    client.delete_alias(name, "prod")
    client.delete_version(name, "2")
    assert refused(lambda: client.get_alias(name, "prod")).err_code == "AliasNotFound"
    assert refused(lambda: client.invoke_function(name, "f", qualifier="2")).err_code == "VersionNotFound"


def test_node_releases_too(released: Deployed, running: Running):
    """The same through the Node client, which calls by the qualifier in the service's name."""
    script = f"""
      const name = '{released.service}';
      await client.createAlias(name, 'prod', '1', {{additionalVersionWeight: {{'2': 0}}}});
      await client.updateAlias(name, 'prod', '2', {{additionalVersionWeight: {{}}}});
      show([
        (await client.listVersions(name)).data.versions.map((version) => version.versionId),
        (await client.listAliases(name)).data.aliases.map((alias) => alias.versionId),
        (await client.getAlias(name, 'prod')).data.aliasName,
        JSON.parse((await client.invokeFunction(name, 'f', '', {{}}, 'prod')).data),
      ]);
      await client.deleteAlias(name, 'prod');
      await client.deleteVersion(name, '2');
      show((await client.listVersions(name)).data.versions.map((version) => version.versionId));
    """
    first, second = map(json.loads, node(running, script).splitlines())
    assert first == [["2", "1"], ["2"], "prod", ["prod", "2"]]
    assert second == ["1"]
