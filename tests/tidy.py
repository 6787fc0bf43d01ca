"""The size ratchet and the habits that ruff has no rule for; `make check` runs it and it prints the offenders.

An offence that must stand for a while is listed in `tests/tidy_allowed.txt` as `<place> <rule> <number>`. The list may
only shrink: an entry that is met by less than its number, or by nothing at all, fails as well until it is tightened.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
ALLOWED = ROOT / "tests/tidy_allowed.txt"
FOLDERS = ("src", "tests", "examples", "benchmarks")

FILE_LINES = 400
FUNCTION_LINES = 60
CLASS_LINES = 250
PUBLIC_METHODS = 12
POSITIONAL_PARAMETERS = 5
FOLDERS_DEEP = 3

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|raise NotImplementedError)\b")
EVASIONS = {"skip", "skipif", "xfail", "importorskip"}  # of pytest
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @property
    def is_test(self) -> bool:
        return self.path.startswith("tests/")

    @property
    def is_package(self) -> bool:
        return self.path.startswith("src/")


@dataclass(frozen=True)
class Offence:
    place: str
    rule: str
    measured: int
    advice: str

    def __str__(self) -> str:
        return f"{self.place}: {self.rule} {self.measured}: {self.advice}"


Rule = Callable[[Source], Iterator[Offence]]


def named(tree: ast.AST, kind: type | tuple[type, ...], prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """All nodes of a kind below `tree` with their dotted names."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{prefix}{node.name}"
            if isinstance(node, kind):
                yield name, node
            yield from named(node, kind, f"{name}.")
        else:
            yield from named(node, kind, prefix)


def functions(source: Source) -> Iterator[tuple[str, FunctionNode]]:
    for name, node in named(source.tree, (ast.FunctionDef, ast.AsyncFunctionDef)):
        assert isinstance(node, FunctionNode)
        yield f"{source.path}:{node.lineno} {name}", node


def classes(source: Source) -> Iterator[tuple[str, ast.ClassDef]]:
    for name, node in named(source.tree, ast.ClassDef):
        assert isinstance(node, ast.ClassDef)
        yield f"{source.path}:{node.lineno} {name}", node


def height(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def long_files(source: Source) -> Iterator[Offence]:
    if source.lines > FILE_LINES:
        yield Offence(source.path, "file-lines", source.lines, f"split it by idea; {FILE_LINES} is the limit")


def long_functions(source: Source) -> Iterator[Offence]:
    for place, node in functions(source):
        if height(node) > FUNCTION_LINES:
            yield Offence(place, "function-lines", height(node), f"name its parts; {FUNCTION_LINES} is the limit")


def many_parameters(source: Source) -> Iterator[Offence]:
    for place, node in functions(source):
        parameters = [arg.arg for arg in node.args.posonlyargs + node.args.args if arg.arg not in {"self", "cls"}]
        if len(parameters) > POSITIONAL_PARAMETERS:
            yield Offence(
                place,
                "positional-parameters",
                len(parameters),
                f"make them keyword-only or a dataclass; {POSITIONAL_PARAMETERS} is the limit",
            )


def large_classes(source: Source) -> Iterator[Offence]:
    for place, node in classes(source):
        if height(node) > CLASS_LINES:
            yield Offence(place, "class-lines", height(node), f"split it by noun; {CLASS_LINES} is the limit")
        public = [item for item in node.body if isinstance(item, FunctionNode) and not item.name.startswith("_")]
        if len(public) > PUBLIC_METHODS:
            yield Offence(place, "public-methods", len(public), f"split it by noun; {PUBLIC_METHODS} is the limit")


def deep_folders(source: Source) -> Iterator[Offence]:
    depth = len(Path(source.path).parts) - 3  # src, liuyun and the file itself
    if source.is_package and depth > FOLDERS_DEEP:
        yield Offence(source.path, "folder-depth", depth, f"flatten it; {FOLDERS_DEEP} is the limit")


def unfinished(source: Source) -> Iterator[Offence]:
    if source.is_test or source.path.startswith("benchmarks/"):
        return
    for number, line in enumerate(source.text.splitlines(), 1):
        if UNFINISHED.search(line):
            yield Offence(f"{source.path}:{number}", "unfinished", 1, f"finish or drop it: {line.strip()}")


def silent_tests(source: Source) -> Iterator[Offence]:
    if not source.is_test:
        return
    for place, node in functions(source):
        if node.name.startswith("test_") and not ast.get_docstring(node):
            yield Offence(place, "test-docstring", 1, "say in one sentence which rule it protects")


def evasive_tests(source: Source) -> Iterator[Offence]:
    """Tests wait for events with a deadline and always run; `asyncio.sleep(0)` only lets others run."""
    if not source.is_test:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and called(node).endswith("sleep") and not sleeps_zero(node):
            yield Offence(f"{source.path}:{node.lineno}", "test-sleep", 1, "wait for an event, or use FakeClock")
        if isinstance(node, ast.Attribute) and node.attr in EVASIONS and "pytest" in ast.unparse(node.value):
            yield Offence(f"{source.path}:{node.lineno}", "test-evasion", 1, "make it run everywhere, or delete it")


def called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def sleeps_zero(node: ast.Call) -> bool:
    return bool(node.args) and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0


RULES: Sequence[Rule] = (
    long_files,
    long_functions,
    many_parameters,
    large_classes,
    deep_folders,
    unfinished,
    silent_tests,
    evasive_tests,
)


def offences(path: str, text: str) -> list[Offence]:
    source = Source(path, text, ast.parse(text))
    return [offence for rule in RULES for offence in rule(source)]


def read_allowed(text: str) -> dict[tuple[str, str], int]:
    """`{(place, rule): number}`; a place is written without its line number, which moves."""
    entries = [line.rsplit(maxsplit=2) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {(place, rule): int(number) for place, rule, number in entries}


def unnumbered(offence: Offence) -> tuple[str, str]:
    return re.sub(r":\d+", "", offence.place), offence.rule


def ratchet(found: Sequence[Offence], allowed: Mapping[tuple[str, str], int]) -> list[str]:
    """What fails: offences over their allowance, and allowances over their offence."""
    worst: dict[tuple[str, str], int] = {}
    for offence in found:
        worst[unnumbered(offence)] = max(offence.measured, worst.get(unnumbered(offence), 0))
    over = [str(offence) for offence in found if offence.measured > allowed.get(unnumbered(offence), 0)]
    loose = [
        f"{ALLOWED.name}: '{place} {rule} {number}' allows more than is there; tighten or remove it"
        for (place, rule), number in allowed.items()
        if worst.get((place, rule), 0) < number
    ]
    return over + loose


def main() -> int:
    paths = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    found = [
        offence
        for path in paths
        if "node_modules" not in path.parts
        for offence in offences(path.relative_to(ROOT).as_posix(), path.read_text())
    ]
    failures = ratchet(found, read_allowed(ALLOWED.read_text()))
    for failure in failures:
        print(failure)
    print(f"tidy: {len(paths)} files, {len(failures)} problems")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
