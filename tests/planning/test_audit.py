"""The audit refuses every wrong result, and describes a correct one."""

from fractions import Fraction

import numpy as np
import pytest
from msgspec.structs import replace

from microopt.errors import AuditError
from microopt.planning.audit import audit
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import Objective
from tests.solver.builders import case, picks, roster

# @a has two offers: 0 and 1
OFFERS = roster(
    ["@a", "@a", "@b", "@c", "@d"],
    niche=["beauty", "beauty", "beauty|food", "food", "tech"],
    platform=["tiktok", "youtube", "tiktok", "youtube", "tiktok"],
    numbers={"hours": [1, 2, 3, 4, float("nan")], "margin": [-2, 1, 2, -2, 0]},
)
COST = [100, 250, 200, 300, 400]
ENGAGEMENTS = [1_000, 4_000, 2_000, 3_000, 0]


def audited(*columns, rules=(), budget=1_000, include=(), value=None):
    problem = case(OFFERS, *rules, cost=COST, budget=budget, include=include, engagements=ENGAGEMENTS)
    program = formulate(problem, Objective(values=np.asarray(ENGAGEMENTS, dtype=np.int64), unit=Fraction(1)))
    value = program.objective_value(picks(*columns)) if value is None else value
    return audit(problem, program, picks(*columns), value)


def use(rule, *columns, **facts):
    (result,) = audited(*columns, rules=[rule], **facts)
    return result


def test_a_correct_result_passes():
    assert audited(0, 2, 3) == ()
    assert audited() == ()
    assert audited(1, 2, include=("@A", "b")) == ()


@pytest.mark.parametrize(
    ("columns", "facts", "named"),
    [
        ((1, 2, 3), {"budget": 749}, "budget"),
        ((0, 1), {}, "one offer per creator"),
        ((2,), {"include": ("@b", "@c")}, "include"),
        ((2,), {"value": 2_001}, "the plan's value"),
        ((2,), {"value": 1_999}, "the plan's value"),
        ((1, 2, 3), {"budget": 1, "value": 0}, "budget, the plan's value"),
    ],
)
def test_violations_of_the_campaign_itself_are_refused(columns, facts, named):
    with pytest.raises(AuditError, match=f"does not hold: {named}$") as error:
        audited(*columns, **facts)
    assert error.value.code == "answer-refused"


@pytest.mark.parametrize(
    ("rule", "broken", "remaining"),
    [
        ("niche:beauty count <= 1", (0, 2), (0, 3)),
        ("niche:beauty count >= 1", (3,), (2,)),
        ("all count = 2", (2,), (2, 3)),
        ("niche:food spend <= 4.99", (2, 3), (3, 4)),
        ("niche:food spend >= 3.01", (0, 3), (2, 3)),
        ("niche:food spend <= 29% of budget", (3,), (2,)),
        ("all spend >= 30% of budget", (2,), (3,)),
        ("platform:tiktok spend <= 33%", (0, 2, 3), (0, 3)),
        ("platform:tiktok count >= 50%", (1, 2, 3), (2, 3)),
        ("niche:tech engagements >= 1%", (2, 4), ()),
        ("all engagements >= 5", (1,), (1, 2)),
        ("all hours <= 4.5", (1, 2), (0, 2, 4)),
        ("all mean(hours) >= 2.5", (1, 2, 4), (1, 2)),
        ("niche:food mean(hours) <= 3.4", (2, 3), (1, 2)),
        ("creator:@a requires creator:@b,@c", (0, 4), (0, 3)),
        ("niche:beauty requires platform:youtube", (0, 2), (0, 3)),
        ("creator:@a excludes niche:food", (1, 2), (2, 3)),
        ("platform:tiktok excludes platform:tiktok", (0, 2), (2, 3)),
    ],
)
def test_each_rule_is_recomputed(rule, broken, remaining):
    assert use(rule, *remaining).label == rule
    with pytest.raises(AuditError, match="does not hold") as error:
        audited(*broken, rules=[rule])
    assert str(error.value).endswith(rule)


def test_an_offer_on_both_sides_of_a_pair_needs_and_harms_nobody():
    assert use("niche:beauty requires niche:food", 2).used is None
    assert use("niche:beauty excludes niche:food", 2).used is None


def test_every_broken_rule_is_named():
    rules = ["niche:beauty count <= 0", "all count <= 9", "all mean(hours) >= 4"]
    with pytest.raises(AuditError, match="budget, niche:beauty count <= 0, all mean"):
        audited(1, 2, rules=rules, budget=100)


def test_usage_is_in_the_units_of_the_rule():
    assert use("niche:beauty count <= 5", 0, 2).used == 2
    assert use("all spend <= 9", 0, 3).used == 4
    assert use("all spend <= 50% of budget", 0, 3).used == Fraction(2, 5)
    assert use("niche:food spend <= 80%", 0, 3).used == Fraction(3, 4)
    assert use("all engagements >= 1.5", 0, 2).used == 3
    assert use("all mean(hours) >= 2", 1, 2).used == Fraction(5, 2)
    assert use("creator:@a requires creator:@b", 0, 2).used is None


def test_limits_and_their_units_are_reported():
    share = use("niche:food spend 10..80%", 0, 3)
    assert (share.at_least, share.at_most, share.share, share.money) == (Fraction(1, 10), Fraction(4, 5), True, False)
    money = use("all spend <= 9", 0, 3)
    assert (money.at_least, money.at_most, money.share, money.money) == (None, 9, False, True)


@pytest.mark.parametrize("rule", ["all spend >= 40%", "all mean(hours) >= 5", "niche:tech engagements >= 30%"])
def test_an_empty_plan_keeps_a_floor_of_zero(rule):
    empty = use(rule)
    assert (empty.used, empty.at_least) == (0, None)


def test_a_share_of_a_zero_budget_is_kept():
    free = replace(OFFERS)
    problem = case(free, "all spend 30..40% of budget", cost=[0] * 5, budget=0)
    program = formulate(problem, Objective(values=np.zeros(5, dtype=np.int64), unit=Fraction(1)))
    assert audit(problem, program, picks(0, 2), 0)[0].used == 0


@pytest.mark.parametrize("columns", [(0, 2), (0, 3), (0, 4), (1, 3)])
@pytest.mark.parametrize("rule", ["creator:@b margin >= 30%", "creator:@a margin <= 60%", "all margin >= 100%"])
def test_shares_of_a_column_with_negative_numbers_mean_what_their_rows_say(rule, columns):
    problem = case(OFFERS, rule, cost=COST, engagements=ENGAGEMENTS)
    program = formulate(problem, Objective(values=np.zeros(5, dtype=np.int64), unit=Fraction(1)))
    if program.violated_constraints(picks(*columns)):
        with pytest.raises(AuditError):
            audit(problem, program, picks(*columns), 0)
    else:
        assert audit(problem, program, picks(*columns), 0)[0].label == rule


@pytest.mark.parametrize(
    ("rule", "columns", "binding"),
    [
        ("niche:beauty count <= 1", (0, 3), True),
        ("niche:beauty count <= 2", (0, 3), False),
        ("niche:beauty count <= 2", (0, 2), False),  # no beauty creator is left to add
        ("all count = 2", (0, 3), True),
        ("all count >= 2", (0, 2), True),
        ("all count >= 2", (0, 2, 3), False),
        ("all spend <= 4", (0, 2), True),  # 1.00 is left; the cheapest other costs 3.00
        ("all spend <= 7", (0, 2), False),
        ("all spend >= 2.50", (0, 2), True),  # 0.50 to spare; the cheapest pick is 1.00
        ("all spend >= 2", (0, 2), False),
        ("niche:food spend <= 80%", (0, 3), True),  # @b would make it 83%
        ("niche:food spend <= 84%", (0, 3), False),
        ("platform:youtube spend <= 60%", (2, 3), True),  # youtube has its 60%
        ("all mean(hours) >= 3", (1, 3), True),
        ("creator:@c requires creator:@b", (2, 3), True),
        ("creator:@c requires creator:@b", (2,), False),
        ("creator:@a excludes creator:@b", (0,), True),
        ("creator:@a excludes creator:@b", (3,), False),
    ],
)
def test_a_rule_that_leaves_no_room_is_binding(rule, columns, binding, monkeypatch):
    assert use(rule, *columns).binding is binding
    monkeypatch.setattr("microopt.planning.audit.COLUMNS_AT_ONCE", 1)
    assert use(rule, *columns).binding is binding


@pytest.mark.parametrize(
    ("rule", "broken", "remaining"),
    [("all cpe <= 0.5", (3,), ()), ("niche:food cpe <= 100", (), (2, 3)), ("each creator cpe <= 1000", (), (0, 3))],
)
def test_a_ratio_is_recomputed(rule, broken, remaining):
    assert use(rule, *remaining).label == rule
    if broken:
        with pytest.raises(AuditError, match="does not hold"):
            audited(*broken, rules=[rule])


def test_a_ratio_of_nothing_says_nothing():
    nothing = use("all cpa <= 30")
    assert (nothing.used, nothing.at_most, nothing.money) == (0, None, True)
