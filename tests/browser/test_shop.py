"""The order application as its customers and merchants meet it."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import serious_problems
from tests.browser.world import LOCALES, WAIT_MS, Visit
from tests.e2e.application import Application, running_application

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
ALL = ["zhifubao", "weixin", "unionpay"]
SCRIPT = "<img src=x onerror=document.title='broken'>"
Visiting = Callable[..., AbstractContextManager["Customer"]]


class Customer(Visit):
    """Somebody at the shop, in one language and on one screen."""

    def order(self, merchant: str = "market", address: str = "Lane 1") -> Page:
        """One piece of the first goods, then the page of the order."""
        page = self.page
        page.goto(f"{self.endpoint}/")
        page.locator(f"input[value={merchant}]").check()
        page.locator("#goods .card").first.locator("button").last.click()
        page.locator("#address").fill(address)
        page.locator("#order [type=submit]").click()
        page.wait_for_url("**/order/*")
        return page

    def offered(self) -> list[str]:
        self.page.locator("#payment form").wait_for()
        return [str(radio.get_attribute("value")) for radio in self.page.locator("#payment input").all()]

    def pay(self, method: str) -> None:
        self.page.locator(f"#payment input[value={method}]").check()
        self.page.locator("#payment [type=submit]").click()

    def enter_office(self, token: str) -> Page:
        self.page.goto(f"{self.endpoint}/office")
        self.page.locator("#token").fill(token)
        self.page.locator("#enter button").click()
        self.page.locator("#rows li").first.wait_for()
        return self.page

    def flaws(self) -> list[str]:
        """What a reader, a phone or a screen reader stumbles over here."""
        wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        foreign = self.untranslated() if self.page.evaluate("document.documentElement.lang") == "zh" else []
        return serious_problems(self.page) + foreign + (["wider than the screen"] if wide else [])


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    with running_application(tmp_path_factory.mktemp("application")) as running:
        yield running


@pytest.fixture
def visiting(browser: Browser, application: Application) -> Visiting:
    @contextmanager
    def visiting(language: str = "en", screen: dict[str, int] = DESKTOP) -> Iterator[Customer]:
        context = browser.new_context(
            locale=LOCALES[language], viewport={"width": screen["width"], "height": screen["height"]}
        )
        context.set_default_timeout(WAIT_MS)
        customer = Customer(context.new_page(), application.orders_url)
        yield customer
        context.close()
        assert customer.problems == []

    return visiting


def token(application: Application) -> str:
    return (application.data / "orders/token").read_text().strip()


@pytest.mark.parametrize(
    ("method", "paid", "language", "screen"),
    [
        ("zhifubao", "¥70.40", "zh", PHONE),
        ("weixin", "¥44.00", "en", DESKTOP),
        ("unionpay", "¥61.60", "en", PHONE),
    ],
)
def test_ordering_and_paying(visiting: Visiting, method: str, paid: str, language: str, screen: dict[str, int]) -> None:
    """A customer sees exactly the merchant's methods, pays at a discount, and watches each step without a reload."""
    with visiting(language, screen) as customer:
        page = customer.order()
        assert customer.offered() == ALL
        assert customer.flaws() == []
        page.locator(f"#payment input[value={method}]").check()
        expect(page.locator("#to-pay")).to_have_text(paid)
        expect(page.locator("#payment [type=submit]")).to_contain_text(paid)
        customer.pay(method)
        expect(page.locator("#paid")).to_have_text(paid, timeout=WAIT_MS)
        expect(page.locator("#payment del")).to_contain_text("¥88.00")
        expect(page.locator("#steps li").last.locator("code")).to_have_text("orderCompleted")
        expect(page.locator("#steps .succeeded")).to_have_count(6)
        expect(page.locator("#payment-title")).to_be_focused()
        assert customer.flaws() == []
        page.goto(f"{customer.endpoint}/")
        page.locator("#recent-orders a").wait_for()
        assert customer.flaws() == []


def test_method_without_a_route(visiting: Visiting) -> None:
    """An order that comes to nothing says why, and that nothing was charged."""
    with visiting("zh") as customer:
        page = customer.order("books")
        customer.pay("points")
        expect(page.locator("#payment.canceled")).to_contain_text("该支付方式尚未开通", timeout=WAIT_MS)
        expect(page.locator("#steps li").last.locator("code")).to_have_text("orderCanceled")
        assert customer.flaws() == []


@pytest.mark.parametrize(("language", "screen", "merchant"), [("en", DESKTOP, "flowers"), ("zh", PHONE, "books")])
def test_back_office(
    visiting: Visiting, application: Application, language: str, screen: dict[str, int], merchant: str
) -> None:
    """A merchant takes a method away, brings others, names and reorders them; the next payment page shows just that."""
    with visiting(language, screen) as visitor:
        page = visitor.enter_office(token(application))
        page.locator(f"#merchants input[value={merchant}]").check()
        row(page, "weixin" if merchant == "books" else "unionpay").wait_for()
        assert visitor.flaws() == []
        offered = row(page, "weixin").locator("[name=enabled]")
        offered.set_checked(not offered.is_checked())
        row(page, "zhifubao").locator("[name=enabled]").check()
        row(page, "zhifubao").locator("[name=label]").fill(SCRIPT)
        row(page, "zhifubao").locator("[name=discount]").fill("25")
        while row(page, "zhifubao").locator("[data-act=up]").is_enabled():
            row(page, "zhifubao").locator("[data-act=up]").click()
        page.locator("#save").click()
        expect(page.locator("#saved")).not_to_be_empty()
        visitor.order(merchant, address=SCRIPT)
        assert (
            visitor.offered()
            == {"flowers": ["zhifubao", "unionpay", "weixin"], "books": ["zhifubao", "points"]}[merchant]
        )
        assert page.locator("#payment .choice span").first.inner_text().strip() == SCRIPT
        assert visitor.flaws() == []
        visitor.pay("zhifubao")
        paid = {"flowers": "¥74.25", "books": "¥44.85"}[merchant]
        expect(page.locator("#paid")).to_have_text(paid, timeout=WAIT_MS)


def row(page: Page, method: str) -> Locator:
    return page.locator("#rows > li").filter(has=page.locator("h3", has_text=re.compile(f"^{method}$")))


def test_a_new_method_in_the_browser_alone(visiting: Visiting, application: Application) -> None:
    """Its function in the console, its entry, an order that is paid with it: no file changes, nothing starts anew."""
    with visiting() as merchant:
        page = merchant.enter_office(token(application))
        page.locator("#merchants input[value=market]").check()
        row(page, "unionpay").wait_for()
        page.locator("#new-method").fill("voucher")
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Create the function in the console").click()
        create_function(Visit(opened.value, application.endpoint), application, "voucher")

        page.get_by_role("button", name="Add the entry").click()
        page.keyboard.type("Voucher")
        added = page.locator("#rows > li").last
        added.locator("[name=discount]").fill("40")
        expect(added.locator("[name=function]")).to_have_value("acs:fc:::services/order/functions/voucher")
        assert merchant.flaws() == []
        page.locator("#save").click()
        expect(page.locator("#saved")).not_to_be_empty()

        page.get_by_role("link", name="Order something to try it").click()
        merchant.order()
        assert merchant.offered() == [*ALL, "voucher"]
        merchant.pay("voucher")
        expect(page.locator("#paid")).to_have_text("¥52.80")


def create_function(console: Visit, application: Application, name: str) -> None:
    """From the template that the link has chosen; its code is changed in the page, and deployed."""
    page = console.page
    console.enter(application.keys["LIUYUN_CONSOLE_PASSWORD"])
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_have_value(name)
    expect(dialog.get_by_role("radio", name="Payment method")).to_be_checked()
    dialog.get_by_role("button", name="Create").click()
    page.get_by_role("heading", name=name).wait_for()
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+Home")
    page.keyboard.insert_text("# paid by voucher\n")
    page.get_by_role("button", name="Save and deploy").click()
    page.get_by_text("Deployed: the next call runs this code.").wait_for()
    assert console.problems == []
    page.close()


def test_back_office_refuses_nonsense(visiting: Visiting, application: Application) -> None:
    """What can't be right is said in the form, at its place, and nothing is saved."""
    with visiting() as merchant:
        page = merchant.enter_office(token(application))
        page.locator("#add").click()
        page.keyboard.type("weixin")
        page.locator("#save").click()
        expect(page.locator("#rows [aria-invalid=true]").first).to_be_focused()
        expect(page.locator("#problem")).to_have_text("A method may stand here only once.")
        page.locator("#rows > li").last.locator("[data-act=drop]").click()
        page.locator("#rows [name=discount]").first.fill("200")
        page.locator("#save").click()
        expect(page.locator("#problem")).to_have_text("Percent off: a number from 0 to 100.")


def test_by_keyboard_alone(visiting: Visiting) -> None:
    """Nothing of an order needs a mouse."""
    with visiting() as customer:
        page = customer.page
        page.goto(f"{customer.endpoint}/")
        page.locator("#goods .card").first.wait_for()
        press_until(page, "#goods .card:first-child button:last-child")
        page.keyboard.press("Enter")
        press_until(page, "#address")
        page.keyboard.type("Lane 1")
        press_until(page, "#order [type=submit]")
        page.keyboard.press("Enter")
        page.locator("#payment form").wait_for()
        press_until(page, "#payment input")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("#paid")).to_have_text("¥44.00", timeout=WAIT_MS)


def press_until(page: Page, selector: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


def test_switching_the_language(visiting: Visiting) -> None:
    """The browser's language first; what was chosen instead holds on every page from then on."""
    with visiting("zh") as customer:
        page = customer.page
        page.goto(f"{customer.endpoint}/")
        expect(page.locator("h1")).to_have_text("想买点什么？")
        page.get_by_role("button", name="English").click()
        expect(page.locator("h1")).to_have_text("What would you like?")
        page.get_by_role("link", name="Back office").click()
        expect(page.locator("h1")).to_have_text("Back office")
        assert customer.flaws() == []
