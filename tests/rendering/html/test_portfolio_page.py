"""The page of a portfolio: its parts, its links to the pages of campaigns, its language, and hostile text."""

import re

import pytest
from msgspec.structs import replace

from microopt.rendering import plan_renderer, portfolio_renderer, portfolio_report_renderer
from microopt.rendering.charts.shares_chart import MOST_CAMPAIGNS, shares_chart, shown_outcomes
from microopt.rendering.html.portfolio_page import MOST_CREATORS, page_address, portfolio_html, portfolio_report_html
from microopt.rendering.language.language import find_language
from tests.rendering.builders import HOSTILE
from tests.rendering.portfolios import (
    campaign_plans,
    compared,
    outcome,
    portfolio_plan,
    portfolio_report,
    shared,
    without_plan,
)
from tests.support.hostile_text import check_html


def visible(page):
    return re.sub(r"<(style|script)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)


def test_the_page_has_the_answer_campaigns_creators_rules_and_proof():
    page = visible(portfolio_html(portfolio_plan()))
    for text in (
        "Bright, March",
        "on average 94% of the best that each could reach alone",
        "Sharing costs dew the most",
        "Proven best: on these forecasts",
        "1% more of the house budget, $600, would add about 0.3% of a campaign&#39;s best.",
        "goes to glow: worth 4.1% of its best there, 2.6% at dew.",
        "Limit: at most 1 campaign",
        "tier:micro spend &gt;= 50%",
        "€17,000",
        "cd" * 32,
    ):
        assert text in page


def test_the_page_loads_nothing_and_runs_nothing():
    page = portfolio_html(compared())
    assert "default-src &#39;none&#39;" in page
    assert "<script" not in page
    assert page.count("<svg") == 2  # for a screen and for a phone


def test_a_campaign_without_a_plan_says_why_and_has_no_link():
    plan = portfolio_plan(campaigns=(outcome(), without_plan("yuzu")))
    page = portfolio_report_html(portfolio_report(plan))
    assert '<a href="./plans/glow.html"><bdi>glow</bdi></a>' in page
    assert '<th scope="row"><bdi>yuzu</bdi></th>' in page
    assert "yuzu has no plan: the required creators cost at least $3,588" in visible(page)
    assert "1 has no plan" in visible(page)


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("", ""),
        ("plans/glow.html", "./plans/glow.html"),
        ("../plans/a b#c?.html", "./../plans/a%20b%23c%3F.html"),
        ("plans\\glow.html", "./plans/glow.html"),
        ("/home/plans/glow.html", "file:///home/plans/glow.html"),
        ("javascript:alert(1)", "./javascript%3Aalert%281%29"),
        ("//evil.example/x", "./evil.example/x"),
        ("https://evil.example/x", "./https%3A//evil.example/x"),
    ],
)
def test_a_link_leads_to_a_file_whatever_its_name_is(path, address):
    assert page_address(path) == address


def test_a_comparison_one_by_one_has_a_part_of_its_own():
    page = visible(portfolio_html(compared()))
    assert "Planning together is better: on average 94%" in page
    assert "zest is last and reaches 70%" in page
    assert "one by one" not in visible(portfolio_html(portfolio_plan()))


def test_the_page_is_in_the_language_on_which_all_campaigns_agree():
    page = portfolio_report_html(portfolio_report(compared(), language="de"))
    assert '<html lang="de">' in page
    assert "Gemeinsam zu planen ist besser" in page
    assert "geht an glow: Wert dort 4,1\N{NO-BREAK SPACE}% vom Bestwert" in page
    mixed = portfolio_report(compared(), language="de")
    mixed = replace(mixed, plans={**mixed.plans, "glow": campaign_plans()["glow"]})
    assert '<html lang="en">' in portfolio_report_html(mixed)


def test_of_very_many_creators_the_first_are_shown_and_the_others_counted():
    many = tuple(shared(f"@c{number}") for number in range(MOST_CREATORS + 1))
    page = portfolio_html(portfolio_plan(creators=many))
    assert f"@c{MOST_CREATORS - 1}<" in page
    assert f"@c{MOST_CREATORS}<" not in page
    assert "1 more creator is in the workbook." in page


def test_the_chart_has_a_bar_for_each_campaign_and_for_each_order():
    rows = next(data for data in shares_chart(compared()).to_dict()["datasets"].values())
    assert [(row["name"], row["order"], row["label"]) for row in rows][:3] == [
        ("dew", "Together", "92%"),
        ("dew", "As listed", "90%"),
        ("dew", "Reversed", "90%"),
    ]
    assert rows[-1]["spoken"] == "zest, Reversed: 100%"
    alone = next(data for data in shares_chart(portfolio_plan()).to_dict()["datasets"].values())
    assert [row["spoken"] for row in alone] == ["dew: 92%", "glow: 96%", "zest: 95%"]


def test_of_many_campaigns_the_chart_shows_those_that_lose_most():
    many = tuple(outcome(f"c{number:02}", f"{99 - number}/100") for number in range(MOST_CAMPAIGNS + 3))
    plan = portfolio_plan(campaigns=many)
    assert [each.name for each in shown_outcomes(plan)] == [each.name for each in many[3:]]
    assert "3 more campaigns are in the table." in portfolio_html(plan)


def test_campaigns_whose_long_names_begin_alike_have_bars_of_their_own():
    names = [f"{'x' * 80}{number}" for number in range(2)]
    rows = next(
        data
        for data in shares_chart(portfolio_plan(campaigns=tuple(map(outcome, names)))).to_dict()["datasets"].values()
    )
    assert len({row["name"] for row in rows}) == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_add_no_element_to_the_page(name):
    def page(text):
        some = shared(text, limits=(text,))
        plan = portfolio_plan(campaigns=(outcome(text), without_plan(text + "b", problem=text)), creators=(some,))
        report = portfolio_report(plan)
        return portfolio_report_html(replace(report, pages={text: f"{text}.html"}))

    check_html(page(HOSTILE[name]), page("word" * 10))


def test_formats_that_show_no_plans_render_the_portfolio_of_a_report():
    report = portfolio_report(compared())
    for name in ("table", "json", "markdown"):
        assert portfolio_report_renderer(name)(report) == portfolio_renderer(name)(report.plan)
    assert "plans/glow.html" in portfolio_report_renderer("html")(report)
    assert plan_renderer("html")(report.plans["glow"])  # where the link leads


@pytest.mark.parametrize("code", ["de", "de-CH", "en-GB"])
def test_every_sentence_can_be_written_in_each_language(code):
    language = find_language(code)
    plan = compared(
        goal="fair", allocates=True, campaigns=(*compared().campaigns, without_plan("yuzu", status="failed"))
    )
    page = portfolio_report_html(portfolio_report(plan, language=code))
    assert f'<html lang="{language.code}">' in page
    assert "{" not in visible(page)
