"""Claims as text: how many hold, those that could be tested, and once what the others need."""

import re

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from microopt.analysis.claims import evaluate_claims
from microopt.campaign.campaign import Campaign
from microopt.rendering.terminal.claims import claims_text
from microopt.rendering.terminal.screen import Screen
from tests.analysis.test_claims import people
from tests.solver.builders import roster


def text(creators, width=120):
    return claims_text(evaluate_claims(creators, Campaign(budget=0)), Screen(width=width))


def test_the_first_line_counts_the_verdicts_and_the_second_says_what_is_true():
    first, second, *_ = text(people(0.1, 0.02)).splitlines()
    assert first.endswith("of 6 common claims about micro and mega creators, 4 hold and 2 lack data.")
    assert second.startswith("True for this list: Micro creators get 3 to 5 times the engagement rate")


def test_claims_that_lack_the_same_are_listed_below_it_once():
    output = text(people(0.1, 0.02, count=4))
    assert output.count("needs 5 micro and 5 mega creators; your list has 4 micro and 4 mega creators.") == 1
    assert "  Micro creators cost less per engagement than mega creators." in output


def test_a_column_that_no_tier_has_is_not_shown():
    heading = next(line for line in text(people(0.1, 0.02)).splitlines() if line.startswith("Tier"))
    assert "CPE" in heading
    assert "CPA" not in heading
    assert "Sponsored" not in heading
    assert "Sponsored" in text(people(0.1, 0.02, sponsored_share=[0.1] * 120))


def test_which_offer_counts_is_said_where_creators_have_several():
    claims = evaluate_claims(people(0.1, 0.02), Campaign(budget=0))
    assert "each creator counts once" not in text(people(0.1, 0.02))
    several = replace(claims, roster=replace(claims.roster, offers=claims.roster.creators + 1))
    output = claims_text(several, Screen(width=60))
    expected = "each creator counts once, by the offer with the most expected engagements."
    assert expected in " ".join(output.split())
    assert max(map(cell_len, output.splitlines())) <= 60


def test_tiers_that_truly_differ_are_named_with_their_range():
    output = text(people(0.06, 0.02))
    assert re.search(
        r"^Micro creators have 2\.\d\d times the engagement rate of mega creators \(95% range: ", output, re.M
    )
    assert "No clear difference" not in output
    assert "No clear difference between any two tiers." in text(people(0.04, 0.04))


def test_a_range_that_barely_excludes_no_difference_does_not_read_as_one_that_includes_it():
    claims = evaluate_claims(people(0.06, 0.02), Campaign(budget=0))
    barely = replace(claims.differences[0], low=1.0039)
    output = claims_text(replace(claims, differences=(barely,)), Screen(width=200))
    assert "(95% range: just above 1 to " in output


def test_tiers_of_too_few_creators_are_named():
    names = [f"c{number}" for number in range(9)]
    few = roster(names, followers=[30_000] * 6 + [3_000_000] * 3, numbers={"engagement_rate": [0.03] * 9})
    assert "Too few creators to say: mega (at least 5 are needed)." in text(few, 200)
    assert "Typical rate" not in text(people(0.1, 0.02, count=4))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_screen(width):
    assert max(map(cell_len, text(people(0.1, 0.02), width).splitlines())) <= width
