"""Caps on shares that together allow less than everything."""

import pytest

from microopt.planning.build_problem import build_problem
from microopt.planning.share_caps import caps_below_total
from tests.planning.builders import build_campaign
from tests.readers.builders import read

ROSTER = "handle,niche,followers,fee\n@ann,beauty,20000,300\n@ben,food,30000,200\n@cam,tech,9000,90\n"


def reason(*rules, roster=ROSTER):
    problem, _ = build_problem(read(roster), build_campaign(*rules))
    return caps_below_total(problem)


def test_three_caps_of_thirty_percent_leave_only_an_empty_plan():
    caps = [f"niche:{niche} spend <= 30%" for niche in ("beauty", "food", "tech")]
    assert reason(*caps) == (
        "the three caps together allow 90% of the spend and every creator belongs to one of them, so only an empty "
        "plan keeps them (niche:beauty spend <= 30%; niche:food spend <= 30%; niche:tech spend <= 30%)"
    )


def test_one_cap_on_everything_is_told_in_the_singular():
    assert reason("all count <= 90%").startswith(
        "the cap allows 90% of the creators and every creator belongs to it, so only an empty plan keeps it"
    )


def test_other_rules_beside_the_caps_do_not_hide_them():
    rules = ("niche:beauty reach <= 40%", "niche:food,tech reach <= 50%", "tier:mega spend <= 40%")
    assert "the two caps together allow 90% of the reach" in reason(*rules)


@pytest.mark.parametrize(
    "rules",
    [
        (),
        ("niche:beauty spend <= 30%", "niche:food spend <= 30%"),
        ("niche:beauty spend <= 30%", "niche:food spend <= 30%", "niche:tech spend <= 40%"),
        ("niche:beauty spend <= 30%", "niche:food spend <= 30%", "niche:tech reach <= 30%"),
        ("niche:beauty spend <= 30% of budget", "niche:food,tech spend <= 30% of budget"),
        ("niche:beauty spend <= 30% (soft 2%)", "niche:food,tech spend <= 30%"),
        ("all spend >= 30%",),
        ("niche:beauty spend <= 300", "niche:food,tech spend <= 300"),
    ],
)
def test_caps_that_leave_room_are_none(rules):
    assert reason(*rules) == ""
