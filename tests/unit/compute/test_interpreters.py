import sys
from concurrent.futures import ThreadPoolExecutor

from liuyun.compute import interpreters


def test_first_calls_that_come_together_ask_the_machine_once():
    """Looking for interpreters starts processes, so it must not be done once for each instance of a burst."""
    interpreters.survey.cache_clear()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: interpreters.installed(), range(8)))
    assert len({id(answer) for answer in answers}) == 1
    assert interpreters.survey.cache_info().misses == 1


def test_the_platforms_own_interpreter_is_among_those_installed():
    """`python3` needs nothing but the platform."""
    assert sys.version_info[:2] in {found.version for found in interpreters.installed()}
