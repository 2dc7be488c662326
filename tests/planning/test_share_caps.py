"""Caps on shares that together allow less than everything."""

from datetime import date
from fractions import Fraction

import pytest

from microopt.campaign.calendar import Calendar, Wave
from microopt.planning.build_problem import build_problem
from microopt.planning.optimize import optimize
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
        "your niche limits add up to 90% of the spend, and every creator falls under one of them: no plan can keep "
        "that (niche:beauty spend <= 30%; niche:food spend <= 30%; niche:tech spend <= 30%)"
    )


def test_caps_on_the_spend_are_no_contradiction_where_somebody_works_for_nothing():
    caps = [f"niche:{niche} spend <= 30%" for niche in ("beauty", "food", "tech")]
    assert reason(*caps, roster=ROSTER.replace(",90\n", ",0\n")) == ""


def test_caps_that_no_plan_keeps_are_the_reason_of_an_infeasible_campaign():
    rules = ("niche:beauty spend <= 40%", "niche:food,tech spend <= 50%", "all count >= 2")
    diagnosis = optimize(read(ROSTER), build_campaign(*rules))
    assert diagnosis.reasons[0].startswith("your niche limits add up to 90% of the spend")
    assert set(diagnosis.clash) == set(rules)
    assert (diagnosis.status, diagnosis.proven_by) == ("infeasible", "arithmetic")


@pytest.mark.parametrize(
    ("facts", "left"), [({}, "$100"), ({"contingency": Fraction(1, 20)}, "$50"), ({"contingency": Fraction(1, 10)}, "")]
)
def test_caps_on_the_budget_say_how_much_stays_unspent(facts, left):
    caps = ("tier:micro spend <= 40% of budget", "tier:nano spend <= 50% of budget")
    _, warnings = build_problem(read(ROSTER), build_campaign(*caps, **facts))
    text = "your tier limits add up to 90% of the budget, so at least {} stays unspent ({}; {})"
    assert warnings == ((text.format(left, *caps),) if left else ())


def test_caps_on_a_part_of_the_list_leave_the_whole_budget():
    _, warnings = build_problem(read(ROSTER), build_campaign("tier:micro spend <= 40% of budget"))
    assert warnings == ()


def test_one_cap_on_everything_is_told_in_the_singular():
    assert reason("all count <= 90%").startswith(
        "your limit is 90% of the creators, and every creator falls under it: no plan can keep that"
    )


def test_other_rules_beside_the_caps_do_not_hide_them():
    rules = ("niche:beauty reach <= 40%", "niche:food,tech reach <= 50%", "tier:mega spend <= 40%")
    assert "your niche limits add up to 90% of the reach" in reason(*rules)


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


MONTHS = Calendar(
    waves=tuple(Wave(name=f"2027-0{i}", starts=date(2027, i, 1), ends=date(2027, i, 28)) for i in (3, 4, 5))
)


def test_an_equal_share_of_each_wave_is_told_with_a_range_that_can_be_kept():
    plan = optimize(read(ROSTER), build_campaign("all spend = 33% each wave", calendar=MONTHS))
    assert not plan.picks
    assert plan.unspent_reason == "your rule all spend = 33% each wave allows only an empty plan"
    (warning,) = (line for line in plan.warnings if "the plan is empty" in line)
    assert warning.endswith("(all spend = 33% each wave); write a range, such as all spend 30%..37% each wave")
    wider = warning.rpartition("such as ")[2]
    assert optimize(read(ROSTER), build_campaign(wider, calendar=MONTHS)).picks


def test_several_caps_that_leave_nothing_are_all_named_as_what_leaves_nothing():
    caps = [f"niche:{niche} spend <= 30%" for niche in ("beauty", "food", "tech")]
    plan = optimize(read(ROSTER), build_campaign(*caps))
    assert plan.unspent_reason == f"your rules {'; '.join(caps)} allow only an empty plan"
