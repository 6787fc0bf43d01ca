"""Functions' logs over the wire."""

from pathlib import Path

from liuyun.model.log import LogLine
from tests.conftest import run
from tests.unit.gateway.fc.stage import ACCOUNT, Stage, stage

QUERY = "service=s&function=f"


async def say(on: Stage, *texts: str) -> None:
    for text in texts:
        on.logs.record(LogLine(ACCOUNT, "s", "f", "LATEST", "i1", "r1", on.clock.now(), text))
    await on.clock.advance(0.2)


def test_a_log_is_read_and_continued(tmp_path: Path):
    """The answer holds the lines and a cursor that goes on behind them."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            await say(on, "one", "two")
            first = (await on.call("GET", "/liuyun/logs", query=QUERY)).document
            assert [line["text"] for line in first["lines"]] == ["one", "two"]
            assert first["lines"][0].items() >= {"requestId": "r1", "instanceId": "i1", "stream": "stdout"}.items()
            await say(on, "three")
            rest = (await on.call("GET", "/liuyun/logs", query=f"{QUERY}&cursor={first['cursor']}")).document
            assert [line["text"] for line in rest["lines"]] == ["three"]

    run(main())


def test_a_log_of_nothing_is_an_error(tmp_path: Path):
    """An empty log of a function that is there is empty; of one that isn't, an error."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            assert (await on.call("GET", "/liuyun/logs", query=QUERY)).document["lines"] == []
            assert (await on.call("GET", "/liuyun/logs", query="service=s&function=x")).code == "FunctionNotFound"
            assert (await on.call("GET", "/liuyun/logs", query="service=s")).code == "InvalidArgument"
            assert (await on.call("GET", "/liuyun/logs", query=f"{QUERY}&limit=9999")).code == "InvalidArgument"
            assert (await on.call("GET", "/liuyun/logs", query=QUERY, key=None)).status == 400

    run(main())
