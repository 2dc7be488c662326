"""Fallbacks: compared with every plan that exchanges one creator, as the audit judges it."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.decline_settings import DeclineSettings
from microopt.campaign.progress import CampaignProgress, Contract, ContractState
from microopt.errors import AuditError
from microopt.planning.audit import audit
from microopt.planning.build_plan import build_plan
from microopt.planning.build_problem import build_problem
from microopt.planning.declines.fallbacks import find_fallbacks
from microopt.planning.optimize import solve_problem
from microopt.planning.totals import sum_totals
from microopt.quantities.keys import match_key
from microopt.roster.selection import offers_named
from tests.planning.builders import CALM, FREE, GOALS, build_campaign, build_roster, draw_solved, roster_rows, solver


def solve(rows, *rules, roster=None, **facts):
    problem, _ = build_problem(roster or build_roster(rows), build_campaign(*rules, **facts))
    return solve_problem(problem, limits=FREE, solver=solver("highs"))


def row(creator, fee, rate=0.05, followers=20_000, **facts):
    words = {"platform": "instagram", "offer": "reel", "niche": "food", "region": "", "brands": "", "conflicts": ""}
    own = {"creator": creator, "fee": fee, "rate": rate, "followers": followers, "hours": None, "score": 1}
    return words | own | {"max_units": None, "volume_discount": ""} | facts


FIVE = [row("anna", 10_000, 0.09), row("ben", 10_000, 0.08), row("cleo", 10_000, 0.07), row("dora", 10_000, 0.06)]


def names(fallbacks):
    return {each.creator: [one.creator for one in each.substitutes] for each in fallbacks}


def fallbacks_of(rows, *rules, count=3, **facts):
    return find_fallbacks(solve(rows, *rules, budget=20_000, **facts), count)


def test_substitutes_are_asked_in_the_order_of_what_the_plan_is_then_worth():
    fallbacks = find_fallbacks(solve([*FIVE, row("eva", 10_000, 0.05)], budget=20_000), 2)
    assert names(fallbacks) == {"anna": ["cleo", "dora"], "ben": ["cleo", "dora"]}
    first = fallbacks[0].substitutes[0]
    assert (first.cost, first.offers[0].platform, first.change.spend, first.change.creators) == (
        10_000,
        "instagram",
        0,
        0,
    )
    assert first.change.objective < 0 and fallbacks[0].without.creators == -1


def test_nobody_takes_the_place_of_someone_whom_a_rule_alone_can_have():
    rows = [row("anna", 10_000, 0.02, niche="beauty"), *FIVE[1:]]
    anna = next(each for each in fallbacks_of(rows, "niche:beauty count >= 1") if each.creator == "anna")
    assert anna.substitutes == () and anna.without is None
    assert anna.broken == ("niche:beauty count >= 1",)


def test_the_rules_that_nobody_alone_can_keep_are_named_and_no_others():
    rows = [row("anna", 8_000, 0.02, niche="beauty"), row("eva", 19_000, 0.05, niche="beauty"), *FIVE[1:]]
    rules = ("niche:beauty count >= 1", "all count 1..3", "niche:food count >= 1")
    anna = next(each for each in fallbacks_of(rows, *rules) if each.creator == "anna")
    assert anna.broken == ("budget", "niche:beauty count >= 1")


def test_the_requirement_of_a_creator_ends_where_they_decline():
    fallbacks = find_fallbacks(solve(FIVE, budget=20_000, include=("dora",)), 1)
    assert names(fallbacks) == {"anna": ["ben"], "dora": ["ben"]}
    assert fallbacks[1].without is not None and fallbacks[1].broken == ()


def test_who_has_signed_needs_no_fallback():
    running = CampaignProgress(contracts=(Contract(creator="anna", state=ContractState.SIGNED),))
    assert names(find_fallbacks(solve(FIVE, budget=20_000, running=running), 1)) == {"ben": ["cleo"]}


def test_other_offers_of_who_declines_are_no_substitutes():
    rows = [*FIVE[:2], row("anna", 10_000, 0.085, offer="story"), row("dora", 10_000, 0.01)]
    assert names(find_fallbacks(solve(rows, budget=20_000), 3)) == {"anna": ["dora"], "ben": ["dora"]}


def test_a_rule_that_the_substitute_fills_is_named():
    rows = [*FIVE[:2], row("cleo", 10_000, 0.07, niche="tech"), row("tom", 10_000, 0.06, niche="tech")]
    fallbacks = find_fallbacks(solve(rows, "niche:tech count <= 1", budget=20_000), 1)
    assert [each.substitutes[0].tight for each in fallbacks] == [("niche:tech count <= 1",)] * 2


def test_expected_results_of_a_substitute_count_how_likely_they_accept():
    roster = build_roster(FIVE)
    numbers = {**roster.numbers, "acceptance": np.asarray([1.0, 1.0, 0.5, 0.75])}
    fallbacks = find_fallbacks(solve(FIVE, roster=replace(roster, numbers=numbers), budget=20_000), 2)
    assert names(fallbacks)["anna"] == ["dora", "cleo"]
    assert [one.acceptance for one in fallbacks[0].substitutes] == [Fraction(3, 4), Fraction(1, 2)]


def test_only_a_campaign_that_asks_for_fallbacks_has_them():
    plans = [build_plan(solve(FIVE, budget=20_000, declines=each)) for each in (None, DeclineSettings(fallbacks=1))]
    assert [len(plan.fallbacks) for plan in plans] == [0, 2]
    assert find_fallbacks(solve(FIVE, budget=0), 3) == ()


def exchanged(solved, column):
    """Return every exchange of a pick that the audit lets pass, as the objective, cost and choice, the best first."""
    problem, rest, found = solved.problem, solved.picks[solved.picks != column], []
    name = problem.roster.texts["creator"][int(problem.rows_of(np.asarray([column]))[0])]
    own = problem.choice_creators == problem.choice_creators[column]
    others = [
        each
        for each in problem.campaign.include
        if (problem.any_by_choice(offers_named(problem.roster, each)) & ~own).any()
    ]
    freed = replace(problem, campaign=replace(problem.campaign, include=tuple(others)))
    for choice in np.flatnonzero(~np.isin(problem.choice_creators, problem.choice_creators[solved.picks])).tolist():
        plan = np.sort(np.append(rest, choice))
        if passes(freed, solved.program, plan):
            found.append((-solved.program.objective_value(plan), int(solved.program.cost[choice]), choice))
    empty = solved.program.objective_value(rest) if passes(freed, solved.program, rest) else None
    return match_key(name), sorted(found), empty


def passes(problem, program, plan):
    try:
        audit(problem, program, plan, program.objective_value(plan))
    except AuditError:
        return False
    return True


@pytest.mark.parametrize("goal", GOALS)
@CALM
@given(data=st.data())
def test_fallbacks_are_those_of_an_enumeration(goal, data):
    solved = draw_solved(data, goal)
    if solved is None:
        return
    fallbacks = {match_key(each.creator): each for each in find_fallbacks(solved, 2)}
    assert len(fallbacks) == len(solved.picks)
    problem, unit = solved.problem, solved.objective.unit
    for column in solved.picks.tolist():
        key, found, empty = exchanged(solved, column)
        best = {}
        for objective, _, choice in found:
            if empty is None or -objective > empty:
                best.setdefault(int(problem.choice_creators[choice]), (choice, -objective))
        fallback = fallbacks[key]
        assert (fallback.without is None) == (empty is None)
        assert bool(fallback.broken) == (empty is None)
        assert len(fallback.substitutes) == min(2, len(best))
        for substitute, (choice, objective) in zip(fallback.substitutes, best.values(), strict=False):
            assert substitute.change.objective == (objective - solved.result.objective) * unit
            plan = np.sort(np.append(solved.picks[solved.picks != column], choice))
            before, after = (
                sum_totals(problem, problem.select_rows(solved.program.mask(p))) for p in (solved.picks, plan)
            )
            assert substitute.change.spend == after.spend - before.spend
            assert substitute.change.metrics == {n: after.metrics[n] - before.metrics[n] for n in before.metrics}


@CALM
@given(data=st.data())
def test_the_order_of_the_rows_changes_no_fallback(data):
    rows = data.draw(roster_rows(min_rows=3))
    shuffled = data.draw(st.permutations(rows))
    facts = {"budget": sum(each["fee"] for each in rows) // 2}
    plans = [find_fallbacks(solve(each, **facts), 3) for each in (rows, shuffled)]
    assert plans[0] == plans[1]
