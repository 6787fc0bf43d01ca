"""Where the figures go: `latest.json` beside this file, and the table of docs/performance.md."""

import json
import os
import platform as machine
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.harness import Row

FOLDER = Path(__file__).parent
LATEST = FOLDER / "latest.json"
PAGE = FOLDER.parent / "docs/performance.md"
BEGIN, END = "<!-- figures: written by make bench -->\n", "<!-- end of figures -->"

Entry = Mapping[str, Any]


def here() -> str:
    """The machine in a line."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        machine.machine(),
    )
    return f"{os.cpu_count()} cores of {model}, Linux {machine.release()}, Python {sys.version.split()[0]}"


def store(rows: Sequence[Row]) -> None:
    """Merges the rows into what was measured before, so that one benchmark can be measured again alone."""
    before: dict[str, Entry] = (
        {entry["name"]: entry for entry in json.loads(LATEST.read_text())} if LATEST.exists() else {}
    )
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    for row in rows:
        before[row.name] = {**asdict(row), "measured": when, "machine": here()}
    entries = list(before.values())
    LATEST.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n")
    text = PAGE.read_text()
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    PAGE.write_text(head + BEGIN + "\n" + table(entries) + "\n" + END + tail)


def table(entries: Sequence[Entry]) -> str:
    lines = ["| name | what | ours | beside | ratio |", "|---|---|---|---|---|"]
    for entry in entries:
        facts = "".join(f"; {name.replace('_ms', ' ms')} {figure(value)}" for name, value in entry["facts"].items())
        ours = f"{figure(entry['ours'])} {entry['unit']}{facts}"
        peers = "<br>".join(
            [f"{name}: {figure(value)}" for name, value in entry["baselines"].items()]
            + [f"{name}: not measured ({reason})" for name, reason in entry["absent"].items()]
        )
        ratios = "<br>".join(ratio(entry, peer) for peer in entry["ratios"])
        lines.append(f"| `{entry['name']}` | {entry['what']} | {ours} | {peers} | {ratios} |")
    where = sorted({f"{entry['measured']}: {entry['machine']}" for entry in entries})
    return "\n".join([*lines, "", *(f"Measured {place}." for place in where), ""])


def ratio(entry: Entry, peer: str) -> str:
    """With the lowest and the highest of the rounds, which older entries don't have."""
    text = f"{entry['ratios'][peer]:.2f}"
    if peer not in entry.get("ranges", {}):
        return text
    lowest, highest = entry["ranges"][peer]
    return f"{text} ({lowest:.2f} to {highest:.2f})"


def figure(value: float) -> str:
    """Three significant digits, with thousands apart."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def line(row: Row) -> str:
    """What is said as soon as a row is measured."""
    facts = "".join(f", {name.replace('_', ' ')} {figure(value)}" for name, value in row.facts.items())
    peers = [f"{ratio(asdict(row), name)} x {name} ({figure(value)})" for name, value in row.baselines.items()]
    missing = [f"{name} not measured: {reason}" for name, reason in row.absent.items()]
    return f"  {figure(row.ours)} {row.unit}{facts}; " + "; ".join(peers + missing)
