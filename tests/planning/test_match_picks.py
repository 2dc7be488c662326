"""The picks of a plan are found among the choices, and of many names only few are looked at."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.errors import CampaignError
from microopt.plan.verification_result import Discrepancy
from microopt.planning.build_picks import build_picks, plan_ranges
from microopt.planning.build_problem import build_problem
from microopt.planning.match_picks import match_picks
from microopt.roster.roster import TextColumn
from tests.planning.builders import CALM, build_campaign, build_roster, campaigns, roster_rows

NAMES = ["@anna", "Ben", "çelik", "Éva", "@Zoé", "ärzte", "李娜", "zed", "the  twins", "o'neil", "B-52", "ABBA"]


def picks_of(problem, chosen):
    selection = problem.select_rows(chosen)
    return build_picks(problem, selection, plan_ranges(problem, selection))


def offers(names):
    row = {"platform": "tiktok", "offer": "video", "niche": "food", "followers": 10_000, "rate": None}
    return [
        {"creator": name, "fee": 10_000 + place, "hours": None, "score": 1, **row} for place, name in enumerate(names)
    ]


@CALM
@given(st.data())
def test_every_selection_is_found_again(data):
    rows = data.draw(roster_rows())
    try:
        problem, _ = build_problem(build_roster(rows), data.draw(campaigns(rows, "engagement")))
    except CampaignError:
        assume(False)
    chosen = np.asarray(data.draw(st.lists(st.booleans(), min_size=len(problem.choice), max_size=len(problem.choice))))
    chosen = chosen[: problem.choice_count]
    if problem.campaign.one_offer_per == "creator":  # one choice of each creator
        first = np.unique(problem.choice_creators, return_index=True)[1]
        chosen &= np.isin(np.arange(problem.choice_count), first)
        found = match_picks(problem, picks_of(problem, chosen))
        assert picks_of(problem, found) == picks_of(problem, chosen)


@pytest.mark.parametrize("count", [1, 2, 5, len(NAMES)])
def test_names_of_every_script_are_found_by_bisection(count, monkeypatch):
    problem, _ = build_problem(build_roster(offers(NAMES[:count])), build_campaign())

    def contains_any(column, wanted):
        raise AssertionError(f"all of {column.labels} compared with {wanted}")

    monkeypatch.setattr(TextColumn, "contains_any", contains_any)
    for chosen in ([], [0], [count - 1], range(count)):
        mask = np.isin(np.arange(count), list(chosen))
        assert match_picks(problem, picks_of(problem, mask)).tolist() == mask.tolist()


def test_a_name_that_is_not_on_the_roster_is_said_to_be_unavailable():
    problem, _ = build_problem(build_roster(offers(NAMES)), build_campaign())
    first, *others = picks_of(problem, np.ones(problem.choice_count, dtype=bool))
    for name in ("", "aaa", "nobody", "鬼"):
        found = match_picks(problem, [*others, replace(first, creator=name)])
        assert isinstance(found, Discrepancy)
        assert found.place == f"picks[{len(others)}].creator"


def test_rows_in_any_other_order_are_found_too():
    problem, _ = build_problem(build_roster(offers(NAMES)), build_campaign())
    names = problem.roster.texts["creator"]
    turned = replace(names, labels=list(reversed(names.labels)))
    mixed = replace(problem, roster=replace(problem.roster, texts={**problem.roster.texts, "creator": turned}))
    mask = np.arange(len(NAMES)) % 3 == 0
    assert match_picks(mixed, picks_of(mixed, mask)).tolist() == mask.tolist()
