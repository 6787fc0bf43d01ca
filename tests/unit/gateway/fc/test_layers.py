"""Layers over the wire."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.conftest import run
from tests.unit.gateway.fc.stage import ACCOUNT, REGION, Stage, stage, zip_text

LAYER = "/layers/l/versions"


async def publish(on: Stage, layer: str = "l", **files: str) -> str:
    body = {"code": {"zipFile": zip_text({f"python/{name}.py": text for name, text in files.items()})}}
    reply = await on.call("POST", f"/layers/{layer}/versions", body)
    assert reply.status == 200, reply.body
    return reply.document["arn"]


def texts(folder: str) -> dict[str, str]:
    return {path.name: path.read_text() for path in Path(folder, "python").iterdir()}


def exists(folder: str) -> bool:
    return Path(folder).exists()


def test_a_layer_has_its_life(tmp_path: Path):
    """Publish, read by number and ARN, list, delete; numbers are not used again."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            body = {"code": {"zipFile": zip_text()}, "compatibleRuntime": ["python3"], "description": "d"}
            made = (await on.call("POST", LAYER, body)).document
            arn = f"acs:fc:{REGION}:{ACCOUNT}:layers/l/versions/1"
            assert (made["layerName"], made["version"], made["arn"], made["acl"]) == ("l", 1, arn, 0)
            assert made.items() >= {"compatibleRuntime": ["python3"], "description": "d"}.items()
            assert (await on.call("GET", f"{LAYER}/1")).document["codeChecksum"] == made["codeChecksum"]
            for path in (arn, quote(arn, safe="")):
                assert (await on.call("GET", f"/layerarn/{path}")).document["arn"] == arn
            await publish(on)
            listed = (await on.call("GET", LAYER, query="limit=1")).document
            assert ([layer["version"] for layer in listed["layers"]], listed["nextVersion"]) == ([2], 1)
            assert [x["version"] for x in (await on.call("GET", "/layers")).document["layers"]] == [2]
            assert (await on.call("DELETE", f"{LAYER}/2")).status == 204
            assert (await publish(on)).endswith("/3")
            assert (await on.call("GET", f"{LAYER}/2")).code == "LayerVersionNotFound"

    run(main())


def test_a_function_gets_its_layers_as_one_folder(tmp_path: Path):
    """The first that is named wins; other layers, or none, make another revision."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            one, two = await publish(on, "one", m="1", a="a"), await publish(on, "two", m="2", b="b")
            await on.deploy(layers=[one, two])
            deployed = await on.resolver.resolve(ACCOUNT, "s", "", "f")
            assert texts(deployed.layers_dir) == {"m.py": "1", "a.py": "a", "b.py": "b"}
            assert (await on.call("GET", "/services/s/functions/f")).document["layers"] == [one, two]
            await on.call("PUT", "/services/s/functions/f", {"layers": [two, one]})
            again = await on.resolver.resolve(ACCOUNT, "s", "", "f")
            assert texts(again.layers_dir)["m.py"] == "2"
            assert again.revision != deployed.revision
            await on.call("PUT", "/services/s/functions/f", {"timeout": 5})
            assert (await on.resolver.resolve(ACCOUNT, "s", "", "f")).layers_dir == again.layers_dir
            await on.call("PUT", "/services/s/functions/f", {"layers": []})
            assert (await on.resolver.resolve(ACCOUNT, "s", "", "f")).layers_dir == ""

    run(main())


def test_layers_that_are_used_are_kept(tmp_path: Path):
    """By a function or a version, although the layer itself was deleted; a start removes what nobody needs."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            arn = await publish(on, m="1")
            await on.deploy(layers=[arn])
            await on.call("POST", "/services/s/versions", {})
            await on.call("PUT", "/services/s/functions/f", {"layers": []})
            await on.call("DELETE", f"{LAYER}/1")
            await on.functions.start()
            folder = (await on.resolver.resolve(ACCOUNT, "s", "1", "f")).layers_dir
            assert texts(folder) == {"m.py": "1"}
            refused = await on.call("PUT", "/services/s/functions/f", {"layers": [arn]})
            assert (refused.status, refused.code) == (404, "LayerVersionNotFound")
            await on.call("DELETE", "/services/s/versions/1")
            await on.functions.start()
            assert not exists(folder)

    run(main())


def test_a_layer_can_be_for_everybody(tmp_path: Path):
    """The list of public layers has only those that were made so; the vendor's own aren't here."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await publish(on, "mine", m="1")
            await publish(on, "ours", m="1")
            assert (await on.call("PUT", "/layers/ours/acl", query="public=true")).status == 200
            found = (await on.call("GET", "/layers", query="public=true")).document["layers"]
            assert [(layer["layerName"], layer["acl"]) for layer in found] == [("ours", 1)]
            assert (await on.call("GET", "/layers", query="official=true")).document == {"layers": []}
            assert (await on.call("PUT", "/layers/none/acl", query="public=true")).code == "LayerNotFound"

    run(main())


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        (LAYER, {}, "code is required"),
        ("/layers/9l/versions", {"code": {"zipFile": zip_text()}}, "layerName"),
        (LAYER, {"code": {"zipFile": zip_text()}, "compatibleRuntime": ["cobol"]}, "'cobol'"),
        (LAYER, {"code": {"zipFile": "aGVsbG8="}}, "not a zip file"),
    ],
)
def test_what_can_never_work_is_refused_and_named(tmp_path: Path, path: str, body: dict[str, Any], named: str):
    """400 with the reason, and no layer made."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            reply = await on.call("POST", path, body)
            assert (reply.status, named in reply.document["ErrorMessage"]) == (400, True)
            assert (await on.call("GET", "/layers")).document == {"layers": []}

    run(main())


def test_missing_layers_have_their_codes(tmp_path: Path):
    """A layer, a version, an ARN that isn't one; deleting twice is no fault."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            assert (await on.call("GET", LAYER)).code == "LayerNotFound"
            for path in (f"{LAYER}/1", f"{LAYER}/x", "/layerarn/moon", "/layerarn/acs:fc:r:9:layers/l/versions/1"):
                assert (await on.call("GET", path)).code == "LayerVersionNotFound"
            assert (await on.call("DELETE", f"{LAYER}/1")).status == 204
            await on.deploy()
            arn = await publish(on, m="1")
            over = await on.call("PUT", "/services/s/functions/f", {"layers": [arn] * 6})
            assert (over.status, "at most 5" in over.document["ErrorMessage"]) == (400, True)

    run(main())
