"""The documentation can't lie: what it names exists, and what exists and matters is named."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from liuyun.gateway.fc.errors import TABLE as FC
from liuyun.gateway.fnf.errors import TABLE as FNF
from liuyun.gateway.mns.errors import TABLE as MNS
from liuyun.gateway.oss.errors import TABLE as OSS
from liuyun.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")],
    key=lambda page: page.as_posix(),
)
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)")
SOURCE = re.compile(r"`((?:src|tests|examples|benchmarks|docs)/[\w./-]+)`")
INSIDE = re.compile(r"`((?:gateway|identity|catalog|compute|logs|workflow|messaging|storage|triggers)/[\w./]+)`")
BLOCK = re.compile(r"```(?:sh|console)\n(.*?)```", re.DOTALL)
TARGET = re.compile(r"\bmake ([a-z]+)")


def settings_fields(model: type[BaseModel] = Settings, prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings_fields(field.annotation, f"{prefix}{name}.")
        else:
            yield prefix + name, field


def documented_settings() -> dict[str, list[str]]:
    text = (ROOT / "docs/reference/settings.md").read_text()
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in text.splitlines() if line[:3] == "| `"]
    return {row[0].strip("`"): row[1:] for row in rows}


def documented_errors(product: str) -> set[tuple[int, str]]:
    _, _, section = (ROOT / "docs/reference/errors.md").read_text().partition(f"## {product}\n")
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| ", section.partition("\n## ")[0], re.MULTILINE)
    assert len(rows) == len(set(rows))
    return {(int(status), code) for code, status in rows}


def page_id(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_somewhere(page: Path) -> None:
    """A relative link or image of a page names a file that is there."""
    missing = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_named_files_exist(page: Path) -> None:
    """A path in backquotes that begins with one of our folders exists."""
    missing = [path for path in SOURCE.findall(page.read_text()) if not (ROOT / path).exists()]
    assert not missing


def test_the_map_is_of_this_house() -> None:
    """A path inside the package that ARCHITECTURE.md names exists."""
    named = INSIDE.findall((ROOT / "ARCHITECTURE.md").read_text())
    assert named
    assert not [path for path in named if not (ROOT / "src/liuyun" / path).exists()]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_make_targets_exist(page: Path) -> None:
    """A `make` command in a page's examples is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    used = {name for block in BLOCK.findall(page.read_text()) for name in TARGET.findall(block)}
    assert used <= targets


def test_every_setting_is_documented() -> None:
    """The reference lists exactly the settings there are."""
    assert sorted(documented_settings()) == sorted(name for name, _ in settings_fields())


@pytest.mark.parametrize(
    ("name", "field"), tuple(settings_fields()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_setting_is_documented_as_it_is(name: str, field: FieldInfo) -> None:
    """A setting's environment variable, its plain default and its description are those in the reference."""
    variable, default, meaning = documented_settings()[name]
    assert variable == f"`LIUYUN_{name.upper().replace('.', '__')}`"
    if field.default_factory is None and field.default is not None:
        assert default == f"`{field.default}`"
    assert field.description in {None, meaning}


def test_both_readmes_show_the_same() -> None:
    """The English and the Chinese README have the same commands and the same picture."""
    english, chinese = ((ROOT / name).read_text() for name in ("README.md", "README.zh-CN.md"))
    assert BLOCK.findall(english) == BLOCK.findall(chinese)
    assert re.findall(r"docs/images/\S+svg", english) == re.findall(r"docs/images/\S+svg", chinese)


@pytest.mark.parametrize(
    ("product", "table"),
    [("Function Compute", FC), ("Serverless Workflow", FNF), ("Message Service", MNS), ("Object Storage", OSS)],
)
def test_every_error_code_is_documented(product: str, table: Mapping[object, tuple[int, str]]) -> None:
    """The reference lists exactly the codes and statuses that a product answers with."""
    assert documented_errors(product) == set(table.values())
