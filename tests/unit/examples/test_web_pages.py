import json
import re
from pathlib import Path

import pytest

from order_service.goods import STOCK
from order_service.web_pages import ADDRESSES, FOLDER, LANGUAGES, language_for

TEXTS = {language: json.loads((FOLDER / f"texts/{language}.json").read_text()) for language in LANGUAGES}
PAGES = [FOLDER / name for name in ADDRESSES.values()]
MODULES = sorted(FOLDER.glob("*.js"))


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        ("", "", "en"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("", "en;q=0.5, zh-TW;q=0.7", "zh"),
        ("", "fr-FR, de;q=0.9", "en"),
        ("", "fr, zh;q=0.1, en;q=0.2", "en"),
        ("en", "zh-CN", "en"),
        ("zh", "en-US", "zh"),
        ("fr", "zh", "zh"),
        ("", "zh;q=nonsense, *;q=0.5", "en"),
    ],
)
def test_language(chosen: str, accepted: str, language: str) -> None:
    """What the reader chose comes first, then what the browser likes best, then English."""
    assert language_for(chosen, accepted) == language


def test_every_text_is_there_in_both_languages() -> None:
    """The pages ask for no text that is missing, and no placeholder is lost in translation."""
    wanted = {key for page in PAGES for key in re.findall(r'data-(?:text|label)="([^"]+)"', page.read_text())}
    wanted |= {key for module in MODULES for key in re.findall(r"\bt\('([^']+)'", module.read_text())}
    for texts in TEXTS.values():
        assert wanted <= texts.keys()
    english, chinese = TEXTS["en"], TEXTS["zh"]
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", chinese[key])), key


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_keep_to_the_policy(page: Path) -> None:
    """No script, style or handler stands in a page itself; the policy would not run it."""
    text = page.read_text()
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", text)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_data_is_never_read_as_html(module: Path) -> None:
    """What merchants and customers write goes into pages as text."""
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", module.read_text())


def test_goods_have_pictures_and_names() -> None:
    """Everything in stock can be shown in both languages."""
    for goods in (goods for shelf in STOCK.values() for goods in shelf):
        assert (FOLDER / "goods" / goods.picture).is_file()
        assert goods.names.keys() == set(LANGUAGES)
