"""The table of creators: links, what each edition shows, filters, and cells that run in no spreadsheet."""

import json
import re
from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.analysis.report.result import CreatorProfile, Edition
from microopt.rendering.html.page import report_html
from tests.rendering.builders import pick, picks, plan, report, rule

CLIENT = Edition(audience="client")
WITHOUT_FEES = Edition(audience="client", fees=False)


def data(page):
    """Return what the scripts of a page read."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


def table(page):
    """Return the text of the table of creators."""
    found = re.search(r'<table id="picks".*?</table>', page, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def rules(page):
    """Return the part with the rules of the campaign."""
    return re.search(r'<section [^>]*id="rules">.*?</section>', page, re.DOTALL)[0]


def test_a_handle_is_a_link_that_tells_the_site_nothing():
    profiles = (CreatorProfile(link="https://www.tiktok.com/@anna"),)
    page = report_html(report(plan([pick(creator="@anna")]), profiles=profiles))
    link = re.search(r'<a class="name"[^>]*>', page)[0]
    assert 'href="https://www.tiktok.com/@anna"' in link
    assert 'rel="noopener noreferrer"' in link
    assert 'target="_blank"' in link


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "//evil.example", " https://evil.example"])
def test_what_is_no_address_of_the_web_is_no_link(link):
    of = report(plan([pick(creator="@anna")]), profiles=(CreatorProfile(link=link),))
    assert '<a class="name"' not in report_html(of)


def test_without_a_profile_there_is_no_link():
    assert '<a class="name"' not in report_html(report(plan([pick(creator="@anna")])))


def test_a_row_has_followers_engagement_rate_region_and_deliverable():
    profiles = (CreatorProfile(engagement_rate=0.0265),)
    chosen = [pick(creator="@anna", offer="reel", region="DE", followers=18_300, platform="instagram")]
    text = table(report_html(report(plan(chosen), profiles=profiles)))
    for part in ("@anna reel", "Instagram DE", "18.3K 2.65"):
        assert part in text


def test_the_team_reads_the_multiple_of_the_usual_fee_and_a_client_does_not():
    of = report(plan([pick(fee=60_000, cost=60_000, usual_fee=20_000, fee_high=True)]))
    assert "3x the usual fee" in table(report_html(of))
    page = report_html(replace(of, edition=CLIENT))
    assert "usual fee" not in page
    assert "Usual fee" not in page
    assert "$600" in table(page)


def test_an_edition_without_fees_has_no_money_of_single_creators_anywhere():
    chosen = [pick(0, fee=61_700, cost=61_700), pick(1, fee=43_300, cost=43_300)]
    of = report(plan(chosen, baseline=None))
    page = report_html(replace(of, edition=WITHOUT_FEES))
    assert not {"617", "433", "617.0", "433.0"} & set(re.findall(r"[\d.]+", page))
    assert not {"Fee", "CPE", "CPA"} & set(table(page).split())
    assert not [key for key in data(page)["creators"]["keys"] if key in ("fee", "cost", "usual", "cpe", "cpa")]
    assert "$1,050" in page  # what all cost together


def test_an_edition_without_fees_does_not_say_what_rules_spend_since_it_may_be_one_fee():
    share = rule(label="tier:mega spend <= 40%", used=Fraction(377, 1000), at_most=Fraction(2, 5), share=True)
    money = rule(label="niche:beauty spend <= 2000", used=Fraction(1_234), at_most=Fraction(2_000), money=True)
    of = report(plan(rules=(rule(), share, money)))
    with_fees, without = (rules(report_html(replace(of, edition=one))) for one in (CLIENT, WITHOUT_FEES))
    for used in ("38%", "$1,234"):
        assert used in with_fees
        assert used not in without
    assert "tier:mega spend &lt;= 40%" in without


def test_filters_are_offered_for_what_differs():
    same = [pick(n, platform="tiktok", tier="micro", niche=("beauty",)) for n in range(3)]
    assert "<select data-facet" not in report_html(report(plan(same)))
    differing = [pick(0, platform="tiktok", niche=("beauty", "tech")), pick(1, platform="instagram", niche=())]
    differing = [replace(one, tier="nano") for one in differing]
    page = report_html(report(plan(differing)))
    assert re.findall(r'<select data-facet="(\w+)"', page) == ["platform", "niche"]
    assert data(page)["creators"]["facets"] == {"platform": [[1], [0]], "niche": [[0, 1], []]}


def test_a_copy_has_every_figure_as_a_number_and_no_cell_that_runs():
    chosen = [pick(0, creator="=1+1", offer="@SUM(A1)", niche=("+1", "x;=2")), pick(1)]
    creators = data(report_html(report(plan(chosen))))["creators"]
    row = dict(zip(creators["keys"], creators["rows"][0], strict=True))
    assert (row["creator"], row["offer"], row["niche"]) == ("'=1+1", "'@SUM(A1)", "'+1, x;'=2")
    assert (row["cost"], row["engagements"]) == (chosen[0].cost / 100, chosen[0].metrics["engagements"] / 1000)


def test_what_the_scripts_add_up_is_what_the_totals_say():
    of = plan(picks(7))
    creators = data(report_html(report(of)))["creators"]
    place = {key: number for number, key in enumerate(creators["keys"])}
    sums = {key: sum(row[place[key]] for row in creators["rows"]) for key in ("cost", "engagements", "conversions")}
    assert round(sums["cost"] * 100) == of.totals.spend
    assert round(sums["engagements"] * 1000) == of.totals.metrics["engagements"]
    assert round(sums["conversions"] * 1000) == of.totals.metrics["conversions"]
