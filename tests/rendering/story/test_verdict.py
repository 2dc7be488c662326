"""A running campaign is on track or not by its projection, and its money adds up to the cent."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.campaign import Goal
from microopt.campaign.progress import Contract, ContractState, PostResults
from microopt.plan.pacing import build_pacing
from microopt.rendering.language.language import find_language
from microopt.rendering.story.verdict import verdict
from tests.planning.builders import CALM
from tests.planning.wave_builders import calendar
from tests.rendering.builders import metrics, pick, plan, replanned

ENGLISH = find_language("en")
RESULTS = (PostResults(creator="@a", engagements=600.0, conversions=2.0),)


def running(*contracts, planned=None, results=RESULTS, goal="engagement", days=None, sunk_cost=0, chosen=None):
    """Return a campaign that expects 1,800 engagements and 4 conversions, and had planned as many."""
    chosen = chosen or (pick(creator="@a"), pick(creator="@b"))
    before = plan(chosen, campaign={"goal": Goal(name=goal), **(days or {})})
    of = replanned(before=before, contracts=contracts, results=results, sunk_cost=sunk_cost)
    forecast = {"spend": 90_000, "engagements": 1_800_000, "conversions": 4_000} if planned is None else planned
    progress = replace(of.campaign.running, first_forecast=forecast, as_of=date(2026, 5, 6))
    return replace(of, campaign=replace(of.campaign, running=progress))


DAYS = {"starts": date(2026, 5, 1), "ends": date(2026, 5, 24)}


@pytest.mark.parametrize(
    ("planned", "state", "words"),
    [
        (1_800, "on track", "On track: 33% of the planned engagements; 1,800 projected, as planned."),
        (1_900, "on track", "On track: 32% of the planned engagements; 1,800 projected, 5% fewer than planned."),
        (2_400, "behind", "Behind plan: 25% of the planned engagements; 1,800 projected, 25% fewer than planned."),
        (1_200, "ahead", "Ahead of plan: 50% of the planned engagements; 1,800 projected, 50% more than planned."),
    ],
)
def test_the_projection_decides(planned, state, words):
    found = verdict(running(planned={"engagements": planned * 1000}), ENGLISH)
    assert (found.state, found.sentence) == (state, words)


def test_the_share_of_the_days_stands_beside_that_of_the_results():
    assert verdict(running(days=DAYS), ENGLISH).sentence.startswith(
        "On track: 33% of the planned engagements with 25% of the days gone; "
    )


def test_a_balanced_goal_is_told_by_what_is_furthest_behind():
    forecast = {"engagements": 1_200_000, "conversions": 8_000}
    found = verdict(running(planned=forecast, goal="balanced"), ENGLISH)
    assert found.sentence == "Behind plan: 25% of the planned conversions; 4 projected, 50% fewer than planned."
    forecast = {"engagements": 1_200_000, "conversions": 4_000}
    assert verdict(running(planned=forecast, goal="balanced"), ENGLISH).state == "ahead"


def test_before_a_result_nothing_is_on_track():
    found = verdict(running(results=(), days=DAYS), ENGLISH)
    assert (found.state, found.sentence) == ("open", "No results yet. Day 6 of 24.")


def test_without_a_first_plan_nothing_is_compared():
    found = verdict(running(planned={}), ENGLISH)
    assert (found.state, found.sentence) == ("open", "So far: 600 engagements; 1,800 projected.")


def test_a_campaign_that_has_not_begun_has_no_verdict():
    assert verdict(plan(), ENGLISH) is None


CONTRACTS = (
    Contract(creator="@posted", state=ContractState.LIVE, paid=20_000),
    Contract(creator="@bonus", state=ContractState.DONE, paid=50_000),
    Contract(creator="@signed", state=ContractState.SIGNED, paid=10_001),
    Contract(creator="@early", state=ContractState.OFFERED, paid=5_000),
    Contract(creator="@gone", state=ContractState.DECLINED, paid=20_000),
)


def test_delivered_paid_and_committed_add_up():
    chosen = tuple(pick(creator=contract.creator, metrics=metrics()) for contract in CONTRACTS[:3])
    of = running(*CONTRACTS, chosen=chosen, sunk_cost=20_000)
    found, pacing = verdict(of, ENGLISH), build_pacing(of)
    delivered, paid, committed = found.money
    assert (delivered.amount, paid.amount, committed.amount) == (95_000, 35_001, 34_999)
    assert found.bound == 165_000
    assert delivered.amount + paid.amount == pacing.figures[0].to_date
    assert [part.text for part in found.money] == ["$950", "$350.01", "$349.99"]
    assert paid.note == "before a post is out, $200 of it to creators who declined"
    assert found.bound_text == "Together $1,650; the plan costs $1,550 in all."


STATED = st.lists(st.tuples(st.sampled_from(ContractState), st.integers(0, 90_000)), min_size=1, max_size=6)


@CALM
@given(STATED, st.integers(0, 50_000))
def test_the_three_figures_are_what_is_spent_and_what_is_open(stated, sunk_cost):
    contracts = [
        Contract(creator=f"@{number}", state=state, paid=paid or None) for number, (state, paid) in enumerate(stated)
    ]
    kept = [contract for contract in contracts if contract.kept]
    chosen = tuple(pick(creator=contract.creator) for contract in kept) or (pick(creator="@other"),)
    of = running(*contracts, chosen=chosen, sunk_cost=sunk_cost)
    found, pacing = verdict(of, ENGLISH), build_pacing(of)
    delivered, paid, committed = (part.amount for part in found.money)
    assert delivered + paid == (pacing.figures[0].to_date or 0)
    most = sum(max(45_000, contract.paid or 0) for contract in kept)
    others = [each for each in contracts if not each.kept and each.state is not ContractState.DECLINED]
    assert delivered + paid + committed == most + sunk_cost + sum(contract.paid or 0 for contract in others)
    assert min(delivered, paid, committed) >= 0


def test_over_waves_only_the_posts_that_are_out_are_delivered():
    contracts = (
        Contract(creator="@some", state=ContractState.LIVE, wave="2027-01"),
        Contract(creator="@some", state=ContractState.SIGNED, wave="2027-02"),
        Contract(creator="@ahead", state=ContractState.LIVE, wave="2027-01", paid=60_000),
        Contract(creator="@ahead", state=ContractState.SIGNED, wave="2027-02"),
        Contract(creator="@bonus", state=ContractState.DONE, wave="2027-01", paid=50_000),
    )
    chosen = tuple(pick(creator=each.creator, wave=each.wave) for each in contracts)
    of = running(*contracts, chosen=chosen, days={"calendar": calendar(2)})
    found, spend = verdict(of, ENGLISH), build_pacing(of).figures[0]
    delivered, paid, committed = found.money
    assert delivered.amount == 45_000 + 45_000 + 50_000
    assert paid.amount == 60_000 - 45_000
    assert committed.amount == 45_000 + 90_000 - 60_000
    assert delivered.amount + paid.amount == spend.to_date
    assert delivered.note == "posts that are out"
