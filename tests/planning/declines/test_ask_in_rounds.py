"""Asking in rounds: compared with the policy as a person would follow it, one scenario after the other."""

from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.planning.declines.ask_in_rounds import ask_in_rounds
from microopt.planning.declines.known_answers import KnownAnswers
from tests.solver.builders import CALM, line, picks, program, programs, subsets


def ask(instance, plans, rounds, accepted, worth=None, expected=None):
    lists = [listed for lists in rounds for listed in lists]
    columns = np.unique(np.concatenate([*plans, *lists])).astype(np.intp)
    worth = instance.objective if worth is None else worth
    expected = instance.objective if expected is None else expected
    accepted = np.asarray(accepted)[columns]
    return ask_in_rounds(instance, plans, rounds, columns, accepted, worth[columns], expected[columns])


def bounds_of(instance):
    """Return each side of the rows as (coefficients by column, limit, penalty)."""
    for row in instance.rows:
        coefficients = dict(zip(row.columns.tolist(), row.coefficients.tolist(), strict=True))
        if row.upper is not None:
            yield coefficients, row.upper, row.penalty
        if row.lower is not None:
            yield {column: -number for column, number in coefficients.items()}, -row.lower, row.penalty


def follow(instance, plan, rounds, accepts, expected):
    """Return (value alone, value, cost, substitutes, kept) of a plan in one scenario."""
    sides = list(bounds_of(instance))

    def total(coefficients, columns):
        return sum(coefficients.get(column, 0) for column in columns)

    def score(columns):
        beyond = [(penalty, total(coefficients, columns) - limit) for coefficients, limit, penalty in sides]
        lost = sum((Fraction(penalty) * max(0, over) for penalty, over in beyond if penalty is not None), Fraction(0))
        return sum(int(instance.objective[column]) for column in columns) - ceil(lost)

    yes, used = [column for column in plan if accepts[column]], {instance.group[column] for column in plan}
    alone, asked = score(yes), []

    def may_ask(column, now):
        return instance.group[column] not in used | {instance.group[other] for other in now} and all(
            coefficients.get(column, 0) <= 0 or total(coefficients, [*yes, *now]) + coefficients.get(column, 0) <= limit
            for coefficients, limit, _ in sides
        )

    def down(listed):
        now = []
        for wanted in ("mends", "brings"):
            for column in listed:
                mends = any(
                    coefficients.get(column, 0) < 0 and total(coefficients, [*yes, *now]) > limit
                    for coefficients, limit, _ in sides
                )
                useful = mends if wanted == "mends" else instance.objective[column] > 0
                if useful and may_ask(column, now):
                    now.append(column)
        return now

    for lists in rounds:
        tried = [down(listed) for listed in lists]
        hopes = [sum(int(expected[column]) for column in now) for now in tried]
        now = tried[hopes.index(max(hopes))]
        used |= {instance.group[column] for column in now}
        yes += [column for column in now if accepts[column]]
        asked += now
    kept = all(penalty is not None or total(coefficients, yes) <= limit for coefficients, limit, penalty in sides)
    cost = sum(int(instance.cost[column]) for column in yes)
    return (alone, score(yes), cost, len(asked), kept)


@st.composite
def asked_programs(draw, **options):
    instance = draw(programs(columns=7, rows=3, **options))
    count = len(instance)
    plans = [
        picks(
            *sorted(column for column in draw(st.sets(st.integers(0, count - 1))) if column in set(one_each(instance)))
        )
        for _ in range(draw(st.integers(1, 2)))
    ]
    lists = st.permutations(range(count)).map(lambda columns: np.asarray(columns, dtype=np.intp))
    rounds = draw(st.lists(st.lists(lists, min_size=1, max_size=3), min_size=1, max_size=3))
    accepted = [[draw(st.booleans()) for _ in range(3)] for _ in range(count)]
    expected = np.asarray([draw(st.integers(0, 9)) for _ in range(count)])
    return instance, plans, rounds, np.asarray(accepted, dtype=bool), expected


def one_each(instance):
    return np.unique(instance.group, return_index=True)[1].tolist()


@CALM
@given(asked_programs())
def test_all_scenarios_together_follow_the_policy_that_each_alone_does(case):
    instance, plans, rounds, accepted, expected = case
    for plan, outcome in zip(plans, ask(instance, plans, rounds, accepted, None, expected), strict=True):
        figures = (outcome.alone, outcome.value, outcome.cost, outcome.substitutes, outcome.rules_kept)
        for scenario in range(accepted.shape[1]):
            alone = follow(instance, plan.tolist(), rounds, accepted[:, scenario].tolist(), expected)
            assert tuple(each[scenario] for each in figures) == alone


@CALM
@given(asked_programs(soft=False))
def test_no_plan_brings_more_than_the_bound_of_those_who_know_the_answers(case):
    instance, plans, rounds, accepted, _ = case
    known = KnownAnswers.of(instance, instance.objective)
    prices = np.linspace(0.0, 3.0, len(instance.rows))
    bounds = known.bounds(accepted[known.columns], prices)
    for selected in subsets(instance):
        chosen = np.flatnonzero(selected)
        if not instance.violated_constraints(chosen):
            for scenario in np.flatnonzero(accepted[chosen].all(axis=0)).tolist():
                assert instance.linear_objective(chosen) <= bounds[scenario]
    fair = [plan for plan in plans if not instance.violated_constraints(plan)]
    for outcome in ask(instance, fair, rounds, accepted) if fair else ():
        assert (outcome.value <= bounds).all()


def shop(*rows):
    return program([50, 40, 30, 20], line([10, 10, 10, 10], upper=20, label="budget"), *rows)


def test_whoever_declines_frees_money_for_the_next_on_the_list():
    accepted = [[True, False], [True, True], [True, True], [True, True]]
    (outcome,) = ask(shop(), [picks(0, 1)], [[picks(2, 3)]], accepted)
    assert (outcome.alone.tolist(), outcome.value.tolist()) == ([90, 40], [90, 70])
    assert outcome.substitutes.tolist() == [0, 1] and outcome.cost.tolist() == [2, 2]


def test_the_budget_holds_if_everyone_who_is_asked_accepts():
    accepted = np.asarray([[False], [False], [False], [True]])
    (outcome,) = ask(shop(), [picks(0, 1)], [[picks(2, 3)], [picks(2, 3)]], accepted)
    assert outcome.substitutes.tolist() == [2] and outcome.value.tolist() == [20]


@pytest.mark.parametrize("lists", [[picks(2), picks(3)], [picks(3), picks(2)]])
def test_of_several_lists_the_one_is_asked_that_is_expected_to_bring_most(lists):
    accepted = np.asarray([[False], [True], [True], [True]])
    (outcome,) = ask(shop(), [picks(0, 1)], [lists], accepted)
    assert outcome.value.tolist() == [70]
    (other,) = ask(shop(), [picks(0, 1)], [lists], accepted, expected=np.asarray([50, 40, 1, 2]))
    assert other.value.tolist() == [60]


def test_whoever_mends_a_broken_minimum_is_asked_first():
    accepted = np.asarray([[True], [False], [True], [True]])
    minimum = line([0, 1, 0, 1], lower=1, label="niche")
    (outcome,) = ask(shop(minimum), [picks(0, 1)], [[picks(2, 3)]], accepted)
    assert outcome.value.tolist() == [70] and outcome.rules_kept.tolist() == [True]


def test_a_plan_without_anybody_brings_nothing():
    (outcome,) = ask(shop(), [picks()], [[picks()]], np.zeros((4, 3), dtype=bool))
    assert outcome.value.tolist() == [0, 0, 0] and outcome.rules_kept.all()


@pytest.mark.parametrize("budget", [0, 10, 20, 40])
def test_the_bound_is_what_the_best_plan_brings_where_money_can_be_spent_to_the_cent(budget):
    instance = program([50, 40, 30, 20], line([10, 10, 10, 10], upper=budget, label="budget"))
    known = KnownAnswers.of(instance, instance.objective)
    bounds = known.bounds(np.ones((len(known.columns), 1), dtype=bool), np.zeros(1))
    best = sum([50, 40, 30, 20][: budget // 10])
    assert best <= bounds[0] <= best + 3


def test_values_may_differ_by_scenario():
    worth = np.asarray([[50, 1], [40, 1], [30, 1], [20, 1]])
    (outcome,) = ask(shop(), [picks(0, 1)], [[picks(2, 3)]], np.ones((4, 2), dtype=bool), worth)
    assert outcome.value.tolist() == [90, 2]
