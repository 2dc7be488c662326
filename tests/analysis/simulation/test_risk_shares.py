"""Who carries the risk: an exact decomposition of the shortfall of the worst tenth."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from microopt.analysis.simulation.risk_shares import risk_shares
from tests.analysis.simulation.builders import bought, drawn_outcomes, problem_of
from tests.planning.builders import build_campaign
from tests.solver.builders import roster

NAMES = ["ann", "ben", "cleo"]


def outcomes_of(count=40):
    people = roster(NAMES, offer=["reel"] * 3, platform=["instagram"] * 3, followers=[9_000, 40_000, 300_000])
    return drawn_outcomes(bought(problem_of(people, build_campaign(budget=10**7)), [0, 1, 2]), count, 3)


@given(st.lists(st.lists(st.integers(0, 1000), min_size=23, max_size=23), min_size=3, max_size=3))
def test_shares_are_of_the_mean_and_of_what_the_worst_tenth_falls_short_of_it(values):
    shares = {each.creator: each for each in risk_shares(outcomes_of(23), np.asarray(values))}
    totals = [sum(column) for column in zip(*values, strict=True)]
    worst = sorted(range(23), key=lambda number: (totals[number], number))[:3]
    mean = Fraction(sum(totals), 23)
    short = mean - Fraction(sum(totals[number] for number in worst), 3)
    for name, own in zip(NAMES, values, strict=True):
        own_mean = Fraction(sum(own), 23)
        own_short = own_mean - Fraction(sum(own[number] for number in worst), 3)
        assert shares[name].expected == (own_mean / mean if mean else None)
        assert shares[name].shortfall == (own_short / short if short else None)
    if short:
        assert sum(each.shortfall for each in shares.values()) == 1
    if mean:
        assert sum(each.expected for each in shares.values()) == 1


def test_the_creator_who_carries_most_comes_first_with_their_refusals():
    outcomes = outcomes_of()
    values = outcomes.amounts_by_choice("engagements")
    shares = risk_shares(outcomes, values)
    assert [each.shortfall for each in shares] == sorted((each.shortfall for each in shares), reverse=True)
    for each in shares:
        row = list(outcomes.problem.roster.texts["creator"].labels).index(each.creator)
        assert each.declined == Fraction(int((~outcomes.scenarios.accepted[row]).sum()), 40)
        assert each.offers == ("reel",)


def test_outcomes_that_are_all_alike_have_no_shares():
    shares = risk_shares(outcomes_of(), np.full((3, 40), 7))
    assert [each.shortfall for each in shares] == [None] * 3
    assert {each.expected for each in shares} == {Fraction(1, 3)}
