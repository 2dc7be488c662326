"""Portfolios against an enumeration of every combination of plans, with limits that are computed independently."""

from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.plan.plan import Plan
from microopt.planning.portfolio.solve_portfolio import Entry, SolvedPortfolio, solve_portfolio
from microopt.rendering.data.json import object_json
from microopt.verification.verify import verify
from tests.planning.portfolio.builders import portfolios, rosters_of, sides_of
from tests.planning.portfolio.oracle import FAIR_ENOUGH, all_combinations, least_share
from tests.scale import examples
from tests.solver.builders import CALM, FREE, solver

CLOSE = 1e-6
QUIET = settings(CALM, derandomize=True, max_examples=examples(100))


def entries_of(drawn, rosters):
    members = drawn.portfolio.members
    return [
        Entry(member=member, roster=roster, campaign=member.campaign)
        for member, roster in zip(members, rosters, strict=True)
    ]


def solved(drawn, rosters, backend="highs", **wanted):
    entries = entries_of(drawn, rosters)
    return solve_portfolio(
        drawn.portfolio, entries, allocate=drawn.allocate, limits=FREE, solver=solver(backend), **wanted
    )


def bought(answer, sides):
    """Return what each campaign buys as the items of its side, in the order of the sides."""
    return tuple(
        tuple(sorted(_items_of(answer.plans[side.member.name], side), key=str))
        if side.member.name in answer.plans
        else ()
        for side in sides
    )


def _items_of(plan, side):
    known = {(item.creator, item.platform, item.offer, item.units): item for item in side.items}
    for pick in plan.picks:
        yield known[pick.creator.removeprefix("@"), pick.platform, pick.offer, pick.units]


def check_answer(answer, drawn, sides, found, best):
    """The answer is one of the combinations that keep all limits, and says of itself what the oracle finds."""
    combination = next(
        (
            each
            for each in found
            if tuple(tuple(sorted(part, key=str)) for part in each.chosen) == bought(answer, sides)
        ),
        None,
    )
    assert combination is not None, "a limit does not hold over all campaigns"
    outcomes = {outcome.name: outcome for outcome in answer.plan.campaigns}
    for side, reached, share in zip(sides, best, combination.shares, strict=True):
        outcome = outcomes[side.member.name]
        assert (reached is None) == (side.member.name in answer.diagnoses) == (outcome.status == "infeasible")
        if reached is None:
            continue
        assert (outcome.share is None) == (share is None)
        if share is not None:
            assert float(outcome.share) == pytest.approx(float(share), abs=CLOSE)
    assert answer.plan.spend == pytest.approx(float(combination.spend), abs=1)
    assert answer.plan.proof.status == "optimal"
    assert float(answer.plan.proof.objective) == pytest.approx(float(combination.total), abs=1e-5, rel=1e-5)
    assert float(answer.plan.proof.bound) >= float(combination.total) - 1e-5
    return combination


@QUIET
@given(drawn=portfolios(), backend=st.sampled_from(("highs", "cbc")))
def test_a_portfolio_is_the_best_of_all_combinations(drawn, backend):
    with TemporaryDirectory() as folder:
        rosters = rosters_of(drawn, Path(folder))
        sides = sides_of(drawn, rosters)
        found, best = all_combinations(drawn.portfolio, sides, drawn.checks(), allocate=drawn.allocate)
        answer = solved(drawn, rosters, backend)
    if not any(reached is not None for reached in best) or not found:
        event("no plan")
        assert not isinstance(answer, SolvedPortfolio) or not answer.plans
        return
    assert isinstance(answer, SolvedPortfolio)
    combination = check_answer(answer, drawn, sides, found, best)
    assert float(combination.total) == pytest.approx(float(max(each.total for each in found)), abs=1e-5, rel=1e-5)


@QUIET
@given(drawn=portfolios(), backend=st.sampled_from(("highs", "cbc")))
def test_a_fair_portfolio_has_the_best_least_share_and_then_the_best_sum(drawn, backend):
    with TemporaryDirectory() as folder:
        rosters = rosters_of(drawn, Path(folder))
        sides = sides_of(drawn, rosters)
        found, best = all_combinations(drawn.portfolio, sides, drawn.checks(), allocate=drawn.allocate)
        answer = solved(drawn, rosters, backend, fair=True)
    if not any(reached is not None for reached in best) or not found:
        assert not isinstance(answer, SolvedPortfolio) or not answer.plans
        return
    combination = check_answer(answer, drawn, sides, found, best)
    highest = max(map(least_share, found))
    assert least_share(combination) >= highest - FAIR_ENOUGH * max(abs(highest), 1) - Fraction(1, 10**6)
    fair = max(each.total for each in found if least_share(each) >= highest)
    assert float(combination.total) >= float(fair) - 1e-4


@settings(CALM, derandomize=True, max_examples=examples(60))
@given(drawn=portfolios(), fair=st.booleans(), data=st.data())
def test_the_order_of_the_campaigns_changes_nothing(drawn, fair, data):
    with TemporaryDirectory() as folder:
        rosters = rosters_of(drawn, Path(folder))
        order = data.draw(st.permutations(range(len(rosters))))
        members = tuple(drawn.portfolio.members[at] for at in order)
        other = replace(drawn.portfolio, members=members)
        one, two = (
            solve_portfolio(portfolio, entries, fair=fair, allocate=drawn.allocate, limits=FREE, solver=solver("highs"))
            for portfolio, entries in (
                (drawn.portfolio, entries_of(drawn, rosters)),
                (other, [entries_of(drawn, rosters)[at] for at in order]),
            )
        )
    assert type(one) is type(two)
    if isinstance(one, SolvedPortfolio):
        assert one.plans.keys() == two.plans.keys()
        for name, plan in one.plans.items():
            assert plan.picks == two.plans[name].picks
        assert one.plan.proof.objective == two.plan.proof.objective
        assert one.plan.campaigns == two.plan.campaigns
        assert one.plan.creators == two.plan.creators


@settings(CALM, derandomize=True, max_examples=examples(60))
@given(drawn=portfolios(), fair=st.booleans())
def test_the_plan_of_each_campaign_verifies_alone(drawn, fair):
    with TemporaryDirectory() as folder:
        answer = solved(drawn, rosters_of(drawn, Path(folder)), fair=fair)
        if not isinstance(answer, SolvedPortfolio):
            return
        for name, plan in answer.plans.items():
            assert isinstance(plan, Plan)
            path = Path(folder, f"{name}.json")
            path.write_text(object_json(plan), encoding="utf-8")
            assert verify(str(path)).discrepancy is None
