"""Runs in DBOS's own environment. Reads what to measure from standard input: `steps N`, `runs N`, `latency N`."""

import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median

import pgserver
from dbos import DBOS

CLIENTS = 64
THREE = 3


@DBOS.step()
def step(value: int) -> int:
    return value + 1


@DBOS.workflow()
def chain(steps: int) -> int:
    value = 0
    for _ in range(steps):
        value = step(value)
    return value


@DBOS.workflow()
def nothing(value: int) -> int:
    return value


@contextmanager
def database(store: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="liuyun-dbos-") as folder:
        if store == "SQLite":
            yield f"sqlite:///{folder}/dbos.sqlite"
        else:
            with pgserver.get_server(folder) as server:
                yield server.get_uri()


def elapsed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def steps(count: int) -> float:
    return count / elapsed(lambda: chain(count))


def runs(count: int) -> float:
    with ThreadPoolExecutor(CLIENTS) as crowd:
        return count / elapsed(lambda: list(crowd.map(lambda _: chain(THREE), range(count))))


def latency(count: int) -> float:
    return median(elapsed(lambda: nothing(1)) for _ in range(count)) * 1000


def main() -> None:
    logging.disable()
    measures = {"steps": steps, "runs": runs, "latency": latency}
    with database(sys.argv[1]) as url:
        config = {"name": "bench", "system_database_url": url, "run_admin_server": False, "sys_db_pool_size": 20}
        DBOS(config=config)
        DBOS.launch()
        for line in sys.stdin:
            name, count = line.split()
            print("=", measures[name](int(count)), flush=True)
        DBOS.destroy()


if __name__ == "__main__":
    main()
