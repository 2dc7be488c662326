"""The break-even fees of a creator who posts several times: all of their posts become dearer together."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.explain.break_even import NEVER_IN, BreakEven
from microopt.analysis.explain.explain import explain
from microopt.analysis.explain.schedule_fees import FeeSearch, divide
from microopt.analysis.session import PlanSession
from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.rule_grammar import parse_rule
from microopt.planning.build_problem import build_problem
from microopt.planning.counterfactuals import solve_without
from microopt.planning.optimize import solve_problem
from microopt.planning.problem import restrict
from microopt.solver.result import SolveLimits
from tests.solver.builders import roster, solver

LIMITS = SolveLimits(seconds=60.0)
MONTHS = tuple(Wave(name=f"2027-0{n}", starts=date(2027, n, 1), ends=date(2027, n, 28)) for n in (3, 4, 5))
CALENDAR = Calendar(waves=MONTHS, lead_days=0, retainer=((3, Fraction(1, 10)),))
CAMPAIGN = Campaign(budget=100_000, goal=Goal(name="conversions"), calendar=CALENDAR)


def session_of(campaign, **columns):
    """Return the plan of five creators, the first of whom is worth most."""
    names = ["@a", "@b", "@c", "@d", "@e"]
    figures = {"views": [9_000, 6_000, 5_000, 4_000, 3_000], "cvr": [0.02] * 5}
    offers = roster(
        names, followers=[20_000] * 5, fee=[20_000, 21_000, 19_000, 18_000, 17_000], numbers=figures | columns
    )
    problem, warnings = build_problem(offers, campaign)
    solved = solve_problem(problem, limits=LIMITS, solver=solver("cbc"))
    return PlanSession(solved=solved, roster=offers, warnings=warnings)


def explained(session, name):
    return explain(session, [name], limits=LIMITS, solver=solver("cbc")).creators[0]


def best_without(session, name):
    """Return the value of the best plan without a creator."""
    problem = session.solved.problem
    campaign = replace(problem.campaign, exclude=(name,))
    return solve_problem(
        build_problem(session.roster, campaign)[0], limits=LIMITS, solver=solver("cbc")
    ).result.objective


def best_with_total(session, rows, total):
    """Return the value of the best plan with a schedule that costs so much in all."""
    problem = session.solved.problem
    cost = problem.forecast.cost.copy()
    cost[rows] = 0
    cost[rows[0]] = total
    return best_at_cost(problem, rows, cost)


def best_at_cost(problem, rows, cost):
    """Return the value of the best plan with a schedule at other costs of its rows, None if there is none."""
    forced = replace(problem, forecast=replace(problem.forecast, cost=cost))
    others = problem.choice_creators != problem.roster.creator_id[rows[0]]
    others[problem.choice[rows[0]]] = True
    campaign = replace(problem.campaign, include=(problem.roster.texts["creator"][rows[0]],))
    answer = solve_problem(restrict(forced, others, campaign), limits=LIMITS, solver=solver("cbc"))
    return getattr(getattr(answer, "result", None), "objective", None)


def test_a_plan_with_the_posts_at_these_fees_is_worth_as_much_as_one_without_and_a_cent_more_is_too_much():
    session = session_of(CAMPAIGN)
    creator = explained(session, "@a")
    assert [offer.wave for offer in creator.offers] == ["2027-03", "2027-04", "2027-05"]
    assert all(offer.walk_away.exact for offer in creator.offers)
    total = sum(offer.walk_away.fee for offer in creator.offers)
    rows = np.flatnonzero(np.isin(session.solved.problem.choice, session.solved.picks))
    own = rows[session.solved.problem.roster.creator_id[rows] == 0]
    without = best_without(session, "@a")
    assert best_with_total(session, own, total) >= without
    above = best_with_total(session, own, total + 1)
    assert above is None or above < without
    assert total > sum(offer.fee for offer in creator.offers)


def test_a_creator_who_is_not_in_the_plan_is_explained_by_the_schedule_that_is_best():
    session = session_of(replace(CAMPAIGN, budget=60_000))
    assert "@e" not in {session.solved.problem.roster.texts["creator"][row] for row in picked_rows(session)}
    creator = explained(session, "@e")
    assert not creator.picked
    assert 1 <= len(creator.offers) <= 3
    assert len({offer.wave for offer in creator.offers}) == len(creator.offers)
    assert all(offer.walk_away.fee < offer.fee for offer in creator.offers)


def picked_rows(session):
    return np.flatnonzero(np.isin(session.solved.problem.choice, session.solved.picks)).tolist()


def value_with(session, name, fee):
    """Return the value of the best plan that has a creator at another fee on the list, None if there is none."""
    campaign = replace(session.solved.problem.campaign, include=(name,))
    number = session.roster.texts["creator"].labels.index(name)
    fees = session.roster.fee.copy()
    fees[session.roster.creator_id == number] = fee
    answer = solve_problem(
        build_problem(replace(session.roster, fee=fees), campaign)[0], limits=LIMITS, solver=solver("cbc")
    )
    return getattr(getattr(answer, "result", None), "objective", None)


WAVE_RULES = ("wave:2027-03 spend <= 300", "wave:2027-04 spend <= 350", "all count >= 1 each wave")


@pytest.mark.parametrize("rules", [(), WAVE_RULES[:1], WAVE_RULES])
@pytest.mark.parametrize("name", ["@a", "@c", "@e"])
def test_above_the_highest_fee_of_any_posts_the_creator_is_out_and_below_it_in(rules, name):
    session = session_of(replace(CAMPAIGN, budget=70_000, rules=tuple(map(parse_rule, rules))))
    found = explained(session, name).any_posts
    without = best_without(session, name)
    assert found.limit.fee < found.limit.excluded_from <= found.limit.fee * 1.006 + 2
    assert value_with(session, name, found.limit.fee) >= without
    above = value_with(session, name, found.limit.excluded_from)
    assert above is None or above < without
    assert (above is None) == bool(found.limit.limited_by)


def test_with_fewer_posts_a_creator_is_in_at_a_higher_fee_than_with_those_of_the_plan():
    session = session_of(replace(CAMPAIGN, budget=70_000))
    creator = explained(session, "@a")
    assert len(creator.offers) == 3
    together = creator.offers[0]
    assert creator.any_posts.limit.fee > together.walk_away.fee * together.list_fee / together.fee
    assert creator.any_posts.posts < 3
    assert creator.any_posts.quote == together.list_fee == 20_000


def test_of_all_creators_only_the_fees_of_their_posts_are_searched():
    everyone = explain(session_of(CAMPAIGN), limits=LIMITS, solver=solver("cbc")).creators
    assert everyone
    assert all(creator.any_posts is None for creator in everyone)


WIDE_WAVE_RULES = ("wave:2027-03 spend <= 600", "wave:2027-04 spend <= 700")


@pytest.mark.parametrize(
    ("name", "posts", "budget", "rules"),
    [
        ("@a", 3, 70_000, WAVE_RULES[:2]),
        ("@a", 3, 150_000, WIDE_WAVE_RULES),
        ("@b", 3, 150_000, WIDE_WAVE_RULES),
        ("@c", 2, 150_000, WIDE_WAVE_RULES),
    ],
)
def test_with_budgets_of_waves_the_posts_rise_together_each_in_its_own(name, posts, budget, rules):
    session = session_of(replace(CAMPAIGN, budget=budget, rules=tuple(map(parse_rule, rules))))
    assert FeeSearch.of_problem(session.solved, solver("cbc")).whole is None
    creator = explained(session, name)
    assert creator.picked and len(creator.offers) == posts
    rows = np.asarray(picked_rows(session))
    problem = session.solved.problem
    own = rows[[problem.roster.texts["creator"][row] == name for row in rows.tolist()]]
    without = best_without(session, name)
    limits = [offer.walk_away.fee for offer in creator.offers]
    assert all(offer.walk_away.exact for offer in creator.offers)
    assert best_at(session, own, limits) >= without
    above = best_at(session, own, [limit + 1 for limit in limits])
    assert above is None or above < without


def best_at(session, rows, fees):
    """Return the value of the best plan with a schedule whose posts cost so much, each in its wave."""
    problem = session.solved.problem
    cost = problem.forecast.cost.copy()
    cost[rows] += np.asarray(fees) - problem.forecast.fee[rows]
    return best_at_cost(problem, rows, cost)


def test_by_bisection_the_highest_fees_of_a_schedule_are_those_of_one_question():
    rules = tuple(map(parse_rule, WAVE_RULES[:2]))
    session = session_of(replace(CAMPAIGN, budget=70_000, rules=rules))
    search, problem = FeeSearch.of_problem(session.solved, solver("cbc")), session.solved.problem
    rows = [row for row in picked_rows(session) if problem.roster.texts["creator"][row] == "@a"]
    assert len(rows) > 1
    answer = solve_problem(
        build_problem(session.roster, replace(problem.campaign, exclude=("@a",)))[0],
        limits=LIMITS,
        solver=solver("cbc"),
    )
    assert answer.result.objective is not None
    columns = explain_without(session, "@a")
    asked = search.find(rows, columns, LIMITS)
    fees = problem.forecast.fee[np.asarray(rows)].tolist()
    bisected = search._of_schedule(rows, fees, columns, LIMITS)
    assert sum(each.fee for each in asked) <= bisected.fee < sum(each.fee + 1 for each in asked)


def explain_without(session, name):
    """Return the picks of the best plan without a creator."""
    solved = session.solved
    columns = np.flatnonzero(solved.problem.choice_creators == session.roster.texts["creator"].labels.index(name))
    return solve_without(solved, columns, solver("cbc"), LIMITS).columns


cents = st.integers(0, 10**9)


@given(fees=st.lists(st.integers(0, 10**7), min_size=1, max_size=6), fee=cents, exact=st.booleans())
def test_the_parts_of_a_fee_add_up_to_it(fees, fee, exact):
    whole = BreakEven(fee=fee, excluded_from=fee + 1 if exact else None)
    parts = divide(whole, fees)
    assert sum(part.fee for part in parts) == fee
    assert all(part.exact == exact for part in parts)
    if sum(fees):
        assert all(abs(part.fee - fee * own / sum(fees)) <= 1 for part, own in zip(parts, fees, strict=True))


def test_what_is_no_fee_stays_so_for_each_post():
    assert divide(NEVER_IN, [5, 5]) == [NEVER_IN, NEVER_IN]


@pytest.mark.parametrize("name", ["@a", "@e"])
def test_without_a_calendar_nothing_is_divided(name):
    session = session_of(replace(CAMPAIGN, calendar=None))
    assert FeeSearch.of_problem(session.solved, solver("cbc")).whole is None
    assert [offer.wave for offer in explained(session, name).offers] == [None]
