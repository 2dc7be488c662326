"""Picks that are columns are the picks that they stand for, one by one, and written alike."""

import pickle
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.plan.plan import Pick
from microopt.planning.build_picks import build_picks
from microopt.planning.build_plan import build_plan
from microopt.planning.build_problem import build_problem
from microopt.quantities.records import Records
from microopt.rendering.data.csv import plan_csv
from microopt.rendering.data.json import object_json
from microopt.rendering.terminal.plan import plan_table
from microopt.rendering.terminal.screen import Screen
from tests.planning.builders import CALM, GOALS, build_campaign, build_roster, draw_solved
from tests.scale import examples


@settings(CALM, max_examples=examples(50))
@given(st.data(), st.sampled_from(GOALS))
def test_a_plan_of_columns_is_written_as_one_of_picks(data, goal):
    solved = draw_solved(data, goal)
    if solved is None:
        return
    plan = build_plan(solved)
    assert isinstance(plan.picks, Records)
    single = tuple(plan.picks[place] for place in range(len(plan.picks)))  # before all are made
    assert all(type(value) is type(getattr(pick, name)) for pick in single for name, value in _own_types(pick).items())
    made = replace(plan, picks=tuple(plan.picks))
    assert single == made.picks == plan.picks
    assert plan == made
    for write in (object_json, plan_csv, lambda plan: plan_table(plan, Screen(width=120))):
        assert write(plan) == write(made)


def _own_types(pick):
    """Return the figures of a pick as what they must be: integers of Python, not of numpy."""
    figures = {name: getattr(pick, name) for name in ("followers", "fee", "cost", "units")}
    assert {type(value) for value in pick.metrics.values()} == {int}
    return {name: int(value) for name, value in figures.items()}


@settings(CALM, max_examples=examples(10))
@given(st.data(), st.sampled_from(GOALS))
def test_picks_of_columns_are_a_sequence_like_any_other(data, goal):
    solved = draw_solved(data, goal)
    if solved is None:
        return
    picks = build_plan(solved).picks
    made = tuple(picks)
    assert (picks[:2], picks[-1:], len(picks), bool(picks)) == (made[:2], made[-1:], len(made), bool(made))
    assert all(isinstance(pick, Pick) for pick in picks)
    assert (picks == list(made), picks != made, repr(picks)) == (True, False, repr(made))
    assert pickle.loads(pickle.dumps(picks)) == made


def test_a_pick_says_how_likely_its_creator_accepts_and_whoever_has_no_figure_is_sure():
    roster = build_roster([roster_row("anna"), roster_row("ben")])
    assert [pick.acceptance for pick in _all_picks(roster)] == [None, None]
    stated = replace(roster, numbers={**roster.numbers, "acceptance": np.asarray([2 / 3, np.nan])})
    assert {pick.creator: pick.acceptance for pick in _all_picks(stated)} == {"anna": Fraction(667, 1000), "ben": 1}


def _all_picks(roster):
    problem, _ = build_problem(roster, build_campaign())
    return build_picks(problem, np.ones(len(problem), dtype=bool))


def roster_row(creator):
    words = {"platform": "instagram", "offer": "reel", "niche": "food", "region": "", "brands": "", "conflicts": ""}
    own = {"creator": creator, "fee": 10_000, "rate": 0.05, "followers": 20_000, "hours": None, "score": 1}
    return words | own | {"max_units": None, "volume_discount": ""}
