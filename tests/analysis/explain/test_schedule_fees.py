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
from microopt.analysis.explain.schedule_fees import WAVES_COUNT_FEES, FeeSearch, divide
from microopt.analysis.session import PlanSession
from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.rule_grammar import parse_rule
from microopt.planning.build_problem import build_problem
from microopt.planning.optimize import solve_problem
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
    forced = replace(problem, forecast=replace(problem.forecast, cost=cost))
    others = problem.choice_creators != problem.roster.creator_id[rows[0]]
    others[problem.choice[rows[0]]] = True
    from microopt.planning.problem import restrict

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


def test_rules_on_the_spend_of_a_wave_keep_fees_where_they_are_due():
    session = session_of(replace(CAMPAIGN, rules=(parse_rule("wave:2027-03 spend <= 300"),)))
    assert FeeSearch.of_problem(session.solved, solver("cbc")).whole is None
    assert FeeSearch.of_problem(session_of(CAMPAIGN).solved, solver("cbc")).whole is not None
    creator = explained(session, "@a")
    assert all(offer.walk_away.fee is not None or offer.walk_away == WAVES_COUNT_FEES for offer in creator.offers)


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
