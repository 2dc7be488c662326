"""The rows of creators hold what their edition may show, and nothing else."""

from msgspec.structs import asdict, replace

from microopt.analysis.report.result import CreatorProfile, Edition
from microopt.rendering.language.language import find_language
from microopt.rendering.story.creators import CreatorRow, creator_rows, usual_fee_source
from microopt.roster.usual_fees import UsualFees
from tests.rendering.builders import pick, plan, report

ENGLISH = find_language("en")
PROFILE = CreatorProfile(link="https://www.instagram.com/a", engagement_rate=0.0286, contact="a@mail.example")
DEAR = pick(creator="@a\u202e", fee=90_000, cost=99_000, usual_fee=30_000, fee_high=True, units=2)


def rows(*chosen, language=ENGLISH, **edition):
    chosen = chosen or (DEAR,)
    profiles = tuple(PROFILE for _ in chosen)
    return creator_rows(report(plan(chosen), profiles=profiles, edition=Edition(**edition)), language)


def test_a_row_says_who_it_is():
    row = rows()[0]
    assert (row.name, row.offer, row.platform, row.link) == ("@a", "reel x2", "Instagram", PROFILE.link)
    assert (row.followers, row.followers_text, row.engagement_rate_text) == (18_300, "18.3K", "2.86%")


def test_the_team_reads_how_the_fee_compares():
    row = rows()[0]
    assert (row.fee_text, row.cost_text, row.usual_fee) == ("$900", "$990", 30_000)
    assert (row.fee_note, row.fee_high, row.contact) == ("3x the usual fee", True, "a@mail.example")


def test_in_a_dear_market_only_a_fee_far_above_the_others_is_high():
    market = [pick(number, fee=90_000, usual_fee=30_000, fee_high=True) for number in range(4)]
    found = rows(*market, pick(creator="@far", fee=300_000, usual_fee=30_000, fee_high=True))
    assert [row.name for row in found if row.fee_high] == ["@far"]


def test_a_client_reads_fees_without_what_is_thought_of_them():
    row = rows(audience="client")[0]
    assert (row.fee_text, row.cost_per_conversion_text) == ("$900", "$495")
    assert (row.usual_fee, row.fee_note, row.fee_high, row.contact) == (None, "", False, "")


def test_without_fees_no_money_is_left():
    for audience in ("client", "team"):
        row = asdict(rows(audience=audience, fees=False)[0])
        money = [name for name in row if "fee" in name or "cost" in name]
        assert {name: row[name] for name in money} == {name: getattr(CreatorRow(name=""), name) for name in money}
        assert "$" not in str(row)


def test_results_have_ranges_and_reach_has_none():
    results = rows()[0].results
    assert (results["engagements"].text, results["engagements"].range_text) == ("900", "450–1,800")
    assert (results["conversions"].text, results["conversions"].range_text) == ("2", "1–4")
    assert results["reach"].range_text == ""


def test_an_estimated_fee_is_marked_in_every_edition():
    for audience in ("team", "client"):
        row = rows(pick(fee_estimated=True, usual_fee=40_000), audience=audience)[0]
        assert (row.fee_text, row.fee_note) == ("~$400", "estimated")


def test_without_the_roster_there_are_no_profiles():
    row = creator_rows(report(plan((DEAR,))), ENGLISH)[0]
    assert (row.link, row.engagement_rate, row.engagement_rate_text) == ("", None, "")


def test_what_brings_nothing_has_no_cost_each():
    row = rows(pick(metrics=dict.fromkeys(pick().metrics, 0)))[0]
    assert (row.cost_per_conversion, row.cost_per_conversion_text) == (None, "")


def test_the_team_reads_where_usual_fees_come_from_and_a_client_does_not():
    of = plan([DEAR])
    facts = UsualFees(source="list", creators=1_250, low=0.6, high=1.7, level=1.0)
    for source, text in (
        ("list", "Usual fees come from the prices of 1,250 creators on the list."),
        ("industry", "Usual fees are industry estimates."),
    ):
        told = replace(of, roster=replace(of.roster, usual_fees=replace(facts, source=source)))
        assert usual_fee_source(report(told), ENGLISH) == text
        for edition in (Edition(audience="client"), Edition(fees=False)):
            assert usual_fee_source(report(told, edition=edition), ENGLISH) == ""
    assert usual_fee_source(report(of), ENGLISH) == ""
