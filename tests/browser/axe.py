"""What axe, the accessibility checker, finds on a page."""

from playwright.sync_api import Page

from tests.contract.node import node_modules

PACKAGE = "axe-core@4.10.3"
WEIGHTY = ("serious", "critical")


def serious_problems(page: Page) -> list[str]:
    """One line for each; empty when a keyboard and a screen reader get along with the page."""
    page.evaluate((node_modules(PACKAGE) / "axe-core/axe.min.js").read_text())
    found = page.evaluate("axe.run()")["violations"]
    return [
        f"{problem['id']}: {problem['help']}: {node['html']}"
        for problem in found
        if problem["impact"] in WEIGHTY
        for node in problem["nodes"]
    ]
