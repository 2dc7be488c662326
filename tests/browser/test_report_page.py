"""The page of a report in a browser: what it shows, how it answers, that nothing leaves it, that all can use it."""

import base64
import csv
import re
from importlib import import_module
from pathlib import Path

import pytest

from microopt import campaign_from_input, optimize, read_campaign_file, read_roster
from microopt.analysis.report.report import report as study
from microopt.rendering.html.page import plan_html, report_html
from tests.rendering import builders

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
EVIL = "</script><script>hacked = 1</script><b id=evil>&lt;b&gt; =1+1 [red]x[/red] \u202eabc"
PAPERS = {"A4": (8.27, 11.69), "Letter": (8.5, 11.0)}


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    """Return the page of the example campaign."""
    roster = read_roster(str(ROOT / "examples/launch.csv"))
    campaign = campaign_from_input(read_campaign_file(str(ROOT / "examples/launch.toml"))[0])
    plan = optimize(roster, campaign, price_rules=True)
    path = tmp_path_factory.mktemp("report") / "launch.html"
    path.write_text(report_html(study(plan, roster)), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """Return a page whose every text is meant to do harm, or is far too long."""
    texts = [EVIL, "x" * 10_000, "漢" * 10_000, "שלום " * 20, *builders.HOSTILE.values()]
    chosen = [
        builders.pick(n, creator=text, offer=text, platform=text, tier=text or "nano", niche=(text,))
        for n, text in enumerate(texts)
    ]
    rules = (builders.rule(label=EVIL), builders.rule(label="y" * 10_000))
    plan = builders.plan(chosen, campaign={"name": EVIL}, rules=rules, notes=(EVIL,), warnings=(EVIL,))
    path = tmp_path_factory.mktemp("report") / "hostile.html"
    path.write_text(report_html(builders.report(plan, seal=EVIL, microopt=EVIL)), encoding="utf-8")
    return path


def creators(browser):
    return browser.texts("#picks tbody tr:not([hidden]) > th > .name")


def order(browser, title):
    """Return the figures of a column as they stand, from the top."""
    script = "[...document.querySelectorAll(arguments[0])].map((one) => one.firstChild.textContent)"
    texts = browser.run(script, f"#picks tbody tr:not([hidden]) [data-label='{title}']")
    return [float(re.sub(r"[$,]", "", text)) for text in texts]


def press(browser, selector, *keys):
    browser.find(selector).send_keys(*keys)


def choose(browser, selector, text):
    import_module("selenium.webdriver.support.select").Select(browser.find(selector)).select_by_visible_text(text)


def keys():
    return import_module("selenium.webdriver.common.keys").Keys


def test_charts_are_there_and_nothing_is_logged_or_asked_for(browser, page):
    browser.open(page)
    shown = browser.run("[...document.querySelectorAll('.chart svg')].filter((one) => one.checkVisibility()).length")
    assert shown == 4
    assert browser.requests() == [page.as_uri()]
    assert browser.logged() == []


def test_the_pages_own_rule_stops_whatever_would_load_or_run(browser, page):
    browser.open(page)
    browser.run("fetch('https://example.com/').catch(() => 0) && 1")
    browser.run("document.head.append(Object.assign(document.createElement('script'), {text: 'hacked = 1'}))")
    assert browser.run("typeof hacked") == "undefined"
    assert any("Content Security Policy" in text for text in browser.logged())


def test_a_click_on_a_header_puts_rows_in_order_and_a_second_one_turns_it(browser, page):
    browser.open(page)
    browser.find("#picks button[data-key=cost]").click()
    assert order(browser, "Fee") == sorted(order(browser, "Fee"), reverse=True)
    browser.find("#picks button[data-key=cost]").click()
    assert order(browser, "Fee") == sorted(order(browser, "Fee"))
    browser.find("#picks button[data-key=engagements]").click()
    assert browser.run("[...document.querySelectorAll('[aria-sort]')].map((e) => e.getAttribute('aria-sort'))") == [
        "descending"
    ]


def test_names_are_put_in_order_by_the_keyboard(browser, page):
    browser.open(page)
    press(browser, "#picks button[data-key=creator]", keys().ENTER)
    names = creators(browser)
    assert len(names) == 14
    assert names == sorted(names)
    assert browser.run("document.activeElement.dataset.key") == "creator"


def test_filters_leave_the_rows_that_hold_every_word_and_say_how_many(browser, page):
    browser.open(page)
    press(browser, "#find", "tiktok BEAUTY")
    output = browser.texts("#picks tbody tr:not([hidden]) [data-label=Platform] > bdi")
    assert set(output) == {"TikTok"}
    assert browser.texts("#shown") == [f"{len(output)} of 14 creators shown"]
    press(browser, "[data-facet=tier]", "micro")
    assert set(browser.texts("#picks tbody tr:not([hidden]) [data-label=Tier] > bdi")) == {"micro"}
    press(browser, "#find", "nobody at all")
    assert browser.texts("#shown") == ["0 of 14 creators shown"]


def test_totals_are_those_of_the_creators_shown(browser, page):
    browser.open(page)
    whole = browser.texts("#picks tfoot td")
    press(browser, "[data-facet=tier]", "nano")
    assert browser.texts("#total") == ["3 of 14 creators shown"]
    assert browser.texts("[data-total=cost]") == [f"${sum(order(browser, 'Fee')):,.0f}"]
    choose(browser, "[data-facet=tier]", "All tiers")
    assert browser.texts("#picks tfoot td") == whole


def test_scripts_write_totals_as_the_page_does(browser, page):
    browser.open(page)
    written = """[...document.querySelectorAll('[data-total]')].map((cell) => {
      const {keys, rows} = page.creators, sum = (key) => rows.reduce((all, row) => all + row[keys.indexOf(key)], 0);
      const of = {cost: () => written.money(sum('cost')), conversions: () => written.conversions(sum('conversions')),
        cpe: () => written.money(sum('cost') / sum('engagements')),
        cpa: () => written.money(sum('cost') / sum('conversions'))};
      const key = cell.dataset.total;
      return (of[key] ?? (() => written.count(sum(key))))();
    })"""
    assert browser.run(written) == browser.texts("[data-total]")


def test_of_a_long_list_the_first_rows_are_shown_and_all_count(browser, tmp_path):
    path = tmp_path / "long.html"
    plan = builders.plan([builders.pick(number, creator=f"@creator.{number}") for number in range(250)])
    path.write_text(report_html(builders.report(plan, frontier=None)), encoding="utf-8")
    browser.open(path)
    assert len(creators(browser)) == 100
    assert browser.texts("#total") == ["250 creators in all"]
    press(browser, "#find", "creator.1")
    assert browser.texts("#shown") == ["111 of 250 creators shown"]
    browser.find("#more").click()
    assert len(creators(browser)) == 111
    browser.run("dispatchEvent(new Event('beforeprint'))")
    assert len(creators(browser)) == 111


def test_a_copy_holds_the_rows_that_are_shown(browser, page):
    browser.open(page)
    browser.driver.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite"]})
    press(browser, "[data-facet=tier]", "mid")
    browser.find("#copy").click()
    script = "const done = arguments[0]; navigator.clipboard.readText().then(done, () => done(''))"
    lines = browser.driver.execute_async_script(script).split("\n")
    assert lines[0].split("\t")[:2] == ["Creator", "Deliverable"]
    assert [line.split("\t")[0] for line in lines[1:]] == creators(browser)
    assert browser.texts("#shown") == ["2 rows copied"]


def test_a_file_for_a_spreadsheet_holds_every_row(browser, page, tmp_path):
    browser.open(page)
    folder = {"behavior": "allow", "downloadPath": str(tmp_path)}
    browser.driver.execute_cdp_cmd("Browser.setDownloadBehavior", folder)
    browser.find("#save").click()
    path = tmp_path / "creators.csv"
    for _ in range(100):
        if path.is_file():
            break
        browser.driver.execute_async_script("setTimeout(arguments[0], 50)")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 14
    assert sum(float(row["Fee (USD)"]) for row in rows) == 19_975
    assert browser.logged() == []


def test_the_slider_shows_the_plan_of_each_budget_and_says_so(browser, page):
    browser.open(page)
    own, names = browser.texts("#budget-figures .value"), browser.texts("#budget-names li")
    assert own[:2] == ["$19,975", "14"]
    press(browser, "#budget", keys().END)
    assert browser.texts("#budget-shown") == ["$40,000"]
    assert browser.texts("#budget-figures .value") != own
    assert browser.find("#budget").get_attribute("aria-valuetext") == "$40,000"
    spoken = browser.texts("#budget-live")[0]
    assert spoken.startswith("$40,000; Spend $")
    assert all(name in spoken for name in browser.texts("#budget-names .new") + browser.texts("#budget-gone li"))
    browser.find("#budget-own").click()
    assert (browser.texts("#budget-figures .value"), browser.texts("#budget-names li")) == (own, names)


def test_the_mark_of_the_chart_follows_the_slider_and_a_click_moves_both(browser, page):
    browser.open(page)
    marked = "document.querySelector('.chart-frontier-large .mark').getBoundingClientRect().x"
    assert browser.run("getComputedStyle(document.querySelector('.mark')).visibility") == "hidden"
    press(browser, "#budget", keys().HOME)
    low = browser.run(marked)
    assert browser.run("getComputedStyle(document.querySelector('.mark')).visibility") == "visible"
    dots = browser.driver.find_elements("css selector", ".chart-frontier-large .dots path")
    dots[-1].click()
    assert browser.texts("#budget-shown") == ["$40,000"]
    assert browser.run(marked) > low


def test_every_chart_has_a_name_and_its_figures_in_a_table(browser, page):
    browser.open(page)
    names = browser.run("[...document.querySelectorAll('.chart svg')].map((e) => e.getAttribute('aria-label'))")
    assert all(names)
    browser.find("#budgets summary").click()
    assert len(browser.texts("#budgets details tbody tr")) == 20
    assert "$19,975" in browser.texts("#budgets tr.own")[0]


def test_without_scripts_everything_can_be_read(browser, page):
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.open(page)
        seen = browser.find("body").text
        heights = browser.run("[...document.querySelectorAll('details > :last-child')].map((e) => e.offsetHeight)")
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert len(heights) == 2
    assert min(heights) > 0
    for text in ("$19,975", "@lunar.vanity", "At $21,500"):
        assert text in seen
    assert "Copy table" not in seen
    assert "Sort by" not in seen


def test_on_a_phone_each_creator_is_a_card_that_names_its_figures(browser, page):
    browser.open(page, width=375)
    rows = browser.run("[...document.querySelectorAll('#picks tbody tr')].map((e) => e.getBoundingClientRect().height)")
    assert min(rows) > 150
    label = "getComputedStyle(document.querySelector('#picks td[data-label=Fee]'), '::before').content"
    assert browser.run(label) == '"Fee"'
    press(browser, "#order", "Fee")
    assert order(browser, "Fee") == sorted(order(browser, "Fee"), reverse=True)


def test_on_a_tablet_no_figure_of_a_creator_is_cut_off(browser, page):
    browser.open(page, width=768)
    across = "(box => [box.scrollWidth, box.clientWidth])(document.querySelector('#picks').parentElement)"
    needed, there = browser.run(across)
    assert needed <= there


def test_nothing_moves_while_the_page_is_laid_out(browser, page):
    browser.open(page)
    script = """const done = arguments[0]; let moved = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((one) => { moved += one.value; }))
        .observe({type: 'layout-shift', buffered: true});
      setTimeout(() => done(moved), 300);"""
    assert browser.driver.execute_async_script(script) == 0


def light(colour):
    return sum(colour) / 3


@pytest.mark.parametrize("dark", [False, True])
def test_colours_follow_the_readers_choice_and_paper_is_always_white(browser, page, dark):
    browser.open(page, dark=dark)
    assert (light(browser.colour("body", "backgroundColor")) < 60) is dark
    assert (light(browser.colour(".chart svg text", "fill")) > 128) is dark
    browser.emulate(dark=dark, media="print")
    assert light(browser.colour("body", "backgroundColor")) > 250
    assert light(browser.colour(".chart svg text", "fill")) < 128


def test_paper_has_no_controls_and_repeats_headers(browser, page):
    browser.open(page, media="print")
    controls = "[...document.querySelectorAll('.screen, .skip, .scripted')]"
    hidden = browser.run(f"{controls}.map((one) => getComputedStyle(one).display)")
    assert set(hidden) == {"none"}
    assert browser.run("getComputedStyle(document.querySelector('#picks thead')).display") == "table-header-group"


@pytest.mark.parametrize("paper", PAPERS)
def test_it_prints_on_any_paper(browser, page, paper):
    browser.open(page)
    wide, high = PAPERS[paper]
    sample = browser.driver.execute_cdp_cmd(
        "Page.printToPDF", {"paperWidth": wide, "paperHeight": high, "printBackground": True}
    )
    pages = len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(sample["data"])))
    assert 3 <= pages <= 8
    assert not browser.run("document.querySelector('#budgets details').open")  # it is printed, and closed again


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_the_page_never_scrolls_sideways(browser, page, width):
    browser.open(page, width=width)
    assert browser.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [375, 1280])
def test_not_even_endless_names_make_it_scroll_sideways(browser, hostile, width):
    browser.open(hostile, width=width)
    assert browser.run("document.documentElement.scrollWidth") <= width


def test_what_names_hold_is_shown_and_never_run(browser, hostile):
    browser.open(hostile)
    assert browser.run("typeof hacked") == "undefined"
    assert browser.run("document.getElementById('evil')") is None
    output = EVIL.replace("\u202e", "")
    assert browser.texts("h1") == [output]
    assert output in browser.texts("#picks bdi")
    press(browser, "#budget", keys().END)
    assert output in browser.texts("#budget-names li")
    assert browser.requests() == [hostile.as_uri()]
    assert browser.logged() == []


def test_a_plan_alone_has_a_page_without_slider_and_ranges(browser, tmp_path):
    path = tmp_path / "alone.html"
    path.write_text(plan_html(builders.plan()), encoding="utf-8")
    browser.open(path)
    assert browser.run("document.querySelectorAll('#budget, #ranges').length") == 0
    assert browser.logged() == []


def test_an_empty_plan_has_a_page(browser, tmp_path):
    path = tmp_path / "empty.html"
    path.write_text(report_html(builders.report(builders.plan([]))), encoding="utf-8")
    browser.open(path)
    assert browser.run("document.getElementById('filters')") is None
    assert browser.logged() == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (375, False), (375, True)])
def test_axe_finds_nothing(browser, page, width, dark):
    axe = import_module("axe_core_python.selenium")
    browser.open(page, width=width, dark=dark)
    press(browser, "#budget", keys().END)
    browser.find("#budgets summary").click()
    browser.find("#audit summary").click()
    result = axe.Axe().run(browser.driver)["violations"]
    assert [(item["id"], [node["html"][:120] for node in item["nodes"]]) for item in result] == []


def test_the_keyboard_alone_reaches_the_plan(browser, page):
    browser.open(page)
    press(browser, "body", keys().TAB)
    assert browser.run("document.activeElement.className") == "skip"
    press(browser, ".skip", keys().ENTER)
    assert browser.run("document.activeElement.id") == "main"
