"""The page of a portfolio in Chromium: it loads nothing, fits a phone, and screen readers find their way."""

from importlib import import_module

import pytest

from microopt.rendering.html.portfolio_page import portfolio_report_html
from tests.rendering.portfolios import campaigns, compared, portfolio_report, without_plan

pytestmark = pytest.mark.browser
SIZES = [(1280, False), (1280, True), (375, False), (375, True)]


@pytest.fixture(scope="module", params=["en", "de"])
def page(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "portfolio.html"
    plan = compared(campaigns=(*campaigns(), without_plan("yuzu")))
    path.write_text(portfolio_report_html(portfolio_report(plan, language=request.param)), encoding="utf-8")
    return path


def test_the_page_asks_the_network_for_nothing_and_logs_nothing(browser, page):
    browser.open(page)
    assert browser.requests() == [page.as_uri()]
    assert browser.logged() == []


@pytest.mark.parametrize("width", [1280, 768, 375, 320])
def test_no_part_of_the_page_is_wider_than_the_screen(browser, page, width):
    browser.open(page, width=width)
    assert browser.run("document.documentElement.scrollWidth") <= width


def test_on_a_phone_a_campaign_is_a_card_without_empty_figures(browser, page):
    browser.open(page, width=375)
    shown = browser.run(
        "[...document.querySelectorAll('#campaigns tbody tr')].map(row => "
        "[...row.cells].filter(cell => cell.offsetParent !== null).map(cell => cell.textContent.trim()))"
    )
    assert shown[-1][0] == "yuzu"
    assert len(shown[-1]) == 2
    assert all(all(cells) for cells in shown)


@pytest.mark.parametrize(("width", "dark"), SIZES)
def test_axe_finds_nothing(browser, page, width, dark):
    axe = import_module("axe_core_python.selenium")
    browser.open(page, width=width, dark=dark)
    browser.find("#audit summary").click()
    result = axe.Axe().run(browser.driver)["violations"]
    assert [(item["id"], [node["html"][:120] for node in item["nodes"]]) for item in result] == []
