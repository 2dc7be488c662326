"""A problem restricted to some of its choices keeps the forecast of the whole roster."""

import numpy as np
from msgspec.structs import replace

from microopt.planning.build_problem import build_problem
from microopt.planning.problem import restrict
from microopt.roster.conflicts import Conflict
from tests.planning.builders import build_campaign
from tests.solver.builders import roster

NAMES, OFFERS = ["@a", "@a", "@b", "@c"], ["reel", "story", "reel", "reel"]


def case(one_offer_per="creator", **texts):
    offers = roster(NAMES, offer=OFFERS, fee=[100, 200, 300, 400], **texts)
    return build_problem(offers, build_campaign(one_offer_per=one_offer_per, per_creator=50))[0]


def test_choices_are_renumbered_and_keep_their_figures():
    full = case("offer")
    assert full.choice_count == 5
    mask = np.asarray([False, False, True, False, True])  # both offers of @a together, and @c
    some = restrict(full, mask, full.campaign)
    assert some.choice.tolist() == [0, 0, 1]
    assert (
        some.sum_by_choice(some.forecast.cost).tolist()
        == full.sum_by_choice(full.forecast.cost)[mask].tolist()
        == [350, 450]
    )
    for metric in some.forecast.metrics:
        own = full.sum_by_choice(full.forecast.metrics[metric])[mask]
        assert some.sum_by_choice(some.forecast.metrics[metric]).tolist() == own.tolist()
    assert (some.offers, some.creators, some.filtered) == (4, 3, 1)


def test_rules_stay_unless_others_are_given():
    full = replace(case(), rules=build_campaign("all count <= 1").rules)
    everything = np.ones(full.choice_count, dtype=bool)
    assert restrict(full, everything, full.campaign).rules == full.rules
    assert restrict(full, everything, full.campaign, rules=()).rules == ()


def test_conflicts_between_creators_stay_when_a_row_is_removed():
    full = case()
    apart = (Conflict(name="@b", holders=frozenset({0}), named=frozenset({1})),)
    problem = restrict(replace(full, conflicts=apart), np.asarray([True, False, True, True]), full.campaign)
    assert problem.conflicts == apart
