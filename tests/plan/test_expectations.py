"""Expectations: what they measure, when they are met, and what is said where they are not."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.errors import CampaignError
from microopt.plan.expectations import MEASURES, parse_expectation, unmet_expectations
from tests.rendering.builders import plan, proof
from tests.storage.database.builders import added, dropped, run_plan


def unmet_messages(text, made=None):
    return [item.message for item in unmet_expectations(made or plan(), [parse_expectation(text)])]


@pytest.mark.parametrize(
    "text",
    [
        "creators = 7",
        "count 5..9",
        "creator = 7",
        "spend >= 15%",
        "spend = 3150",
        "cost $3,150..",
        "unspent = 16850",
        "reach >= 56k",
        "views 84000..84000",
        "impressions >= 1",
        "engagements 6300..",
        "conversions = 14",
        "gap = 0",
        "gap <= 1%",
        "switches = 0",
        "cpe = 0.5",
        "CPA = 225",
        "cpm = 37.5",
        "Conversions>=14",
    ],
)
def test_what_a_plan_has_is_met(text):
    assert unmet_messages(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("conversions >= 300", "conversions >= 300 is not met: the plan expects 14"),
        ("creators ..5", "creators ..5 is not met: the plan has 7"),
        ("spend >= 95%", "spend >= 95% is not met: the plan spends 15.8% of the budget"),
        ("spend <= 3149.99", "spend <= 3149.99 is not met: the plan spends $3,150"),
        ("unspent <= 0", "unspent <= 0 is not met: the plan leaves $16,850"),
        ("cpa <= 60", "cpa <= 60 is not met: the plan has a CPA of $225"),
        ("revenue >= 1", "revenue >= 1 is not met: no order value is known: give --order-value"),
        ("profit >= 1", "profit >= 1 is not met: no order value is known: give --order-value"),
        ("roas >= 2", "roas >= 2 is not met: no order value is known: give --order-value"),
        ("cpc <= 1", "cpc <= 1 is not met: the plan has a CPC of $5.62"),
    ],
)
def test_what_is_not_met_is_told_with_what_the_plan_has(text, words):
    assert unmet_messages(text) == [words]


def test_what_a_plan_earns_is_expected():
    made = plan()
    sums = replace(made.totals, revenue=630_000, profit=-63_000)
    made = replace(made, totals=sums)
    assert unmet_messages("roas = 2", made) == unmet_messages("profit = -630", made) == []
    assert unmet_messages("profit >= 0", made) == ["profit >= 0 is not met: the plan has a profit of -$630"]
    assert unmet_messages("ROAS >= 2.5", made) == ["ROAS >= 2.5 is not met: the plan has a ROAS of 2"]
    unknown = replace(made, totals=replace(sums, profit=None))
    assert unmet_messages("profit >= 0", unknown) == ["profit >= 0 is not met: no margin is known: give --margin"]


def test_a_return_in_percent_is_offered_as_a_multiple():
    with pytest.raises(CampaignError) as caught:
        parse_expectation("roas >= 250%")
    assert caught.value.fix == "write it as a multiple of the spend: 'roas >= 2.5'"


def test_a_gap_counts_as_a_share():
    base_plan = plan(proof=proof(objective=Fraction(99), bound=Fraction(100), status="feasible"))
    assert unmet_messages("gap <= 1%", base_plan) == unmet_messages("gap <= 0.01", base_plan) == []
    assert unmet_messages("gap <= 0.5%", base_plan) == ["gap <= 0.5% is not met: the plan has a gap of 1%"]


def test_switches_are_who_came_and_who_left():
    base_plan = run_plan(1, "ab" * 32, switches=[added("@anna"), dropped("@ben"), dropped("@cleo")])
    assert unmet_messages("switches <= 3", base_plan) == []
    assert unmet_messages("switches <= 2", base_plan) == ["switches <= 2 is not met: the plan makes 3"]


def test_a_share_of_no_budget_is_not_met():
    base_plan = plan(campaign={"budget": None})
    assert unmet_messages("spend <= 100%", base_plan) == ["spend <= 100% is not met: there is no budget"]


def test_a_cost_of_nothing_is_not_met():
    base_plan = plan()
    nothing = replace(
        base_plan, totals=replace(base_plan.totals, metrics={**base_plan.totals.metrics, "conversions": 0})
    )
    assert unmet_messages("cpa <= 1M", nothing) == ["cpa <= 1M is not met: the plan expects no conversions"]


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_what_is_told_is_never_the_bound_itself(thousandths, bound):
    base_plan = plan()
    base_plan = replace(
        base_plan, totals=replace(base_plan.totals, metrics={**base_plan.totals.metrics, "conversions": thousandths})
    )
    result = unmet_messages(f"conversions >= {bound}", base_plan)
    assert bool(result) is (thousandths < bound * 1000)
    assert not result or not result[0].endswith(f" {bound:,}")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("convertions >= 3", "expectation-measure"),
        ("conversions", "expectation-range"),
        ("", "expectation-syntax"),
        (">= 3", "expectation-syntax"),
        ("conversions >= x", "expectation-range"),
        ("cpa <= 3%", "expectation-range"),
        ("creators 5..2", "expectation-range"),
        ("spend >= 10% x", "expectation-range"),
    ],
)
def test_a_wrong_expectation_names_the_fix(text, code):
    with pytest.raises(CampaignError) as refused:
        parse_expectation(text)
    assert refused.value.code == code
    assert refused.value.fix


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_can_be_asked(measure):
    assert parse_expectation(f"{measure} >= 0").measure == measure
