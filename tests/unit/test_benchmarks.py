"""How figures are made, with measurements that are made up."""

from contextlib import nullcontext

from benchmarks.harness import Duel, Sample, Suite, run


def test_rows_beside_the_same_baseline_share_it():
    """Each round measures ours of all rows, then the baseline once; the first round only warms."""
    order: list[str] = []

    def measure(name: str, value: float):
        return lambda: order.append(name) or Sample(value)

    peer = {"peer": measure("peer", 2)}
    duels = [
        Duel("a", "", "/s", measure("a", 4), peer),
        Duel("b", "", "ms", measure("b", 1), peer, lower_is_better=True),
        Duel("c", "", "/s", measure("c", 1), {"another": measure("another", 1)}),
    ]
    suite = Suite("suite", ("a", "b", "c"), lambda: nullcontext(duels))
    rows = {row.name: row for row in run([suite], "", lambda text: None)}
    assert order == ["a", "b", "peer"] * 6 + ["c", "another"] * 6
    assert [rows[name].ratios for name in "abc"] == [{"peer": 2}, {"peer": 2}, {"another": 1}]
