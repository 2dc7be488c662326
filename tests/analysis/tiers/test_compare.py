"""Tiers alone beside the mix: by the same goal on the same forecast, each with its plan or its reason."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.tiers.compare import Comparison, compare, tiers_by_size
from microopt.campaign.campaign import TIER_PRESETS, Goal
from microopt.campaign.rule_grammar import parse_where
from microopt.errors import CampaignError
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.build_problem import build_problem
from microopt.planning.optimize import optimize
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination
from tests.planning.builders import (
    CALM,
    GOALS,
    build_campaign,
    build_roster,
    campaigns,
    comparable,
    roster_rows,
    solver,
)
from tests.scale import examples
from tests.solver.builders import roster

FOLLOWERS = [4_000, 8_000, 20_000, 40_000, 80_000, 2_000_000, 5_000_000]
FEES = [5_000, 9_000, 20_000, 35_000, 60_000, 300_000, 900_000]
NAMES = ["@n1", "@n2", "@u1", "@u2", "@u3", "@big", "@huge"]


def small(**texts):
    rates = [0.06, 0.05, 0.04, 0.05, 0.03, 0.02, 0.015]
    return roster(NAMES, followers=FOLLOWERS, fee=FEES, numbers={"engagement_rate": rates}, **texts)


def compared(*rules, of=None, **facts):
    result = compare(of or small(), build_campaign(*rules, **{"goal": "engagement", "budget": 400_000, **facts}))
    assert isinstance(result, Comparison)
    return result


def by_tier(comparison):
    return {variant.tier: variant for variant in comparison.tiers}


def best_engagements(budget, tiers):
    """Return the most engagements that offers of these tiers bring, of every set of them."""
    case, _ = build_problem(small(), build_campaign(budget=budget))
    bring, cost = case.forecast.metrics["engagements"], case.forecast.cost
    tier = [case.roster.texts["tier"][row] for row in range(len(case))]
    totals = [
        sum(int(bring[row]) for row, taken in enumerate(chosen) if taken)
        for chosen in product((False, True), repeat=len(case))
        if all(tier[row] in tiers for row, taken in enumerate(chosen) if taken)
        and sum(int(cost[row]) for row, taken in enumerate(chosen) if taken) <= budget
    ]
    return Fraction(max(totals), 1000)


def test_each_tier_and_the_mix_are_what_enumeration_finds():
    result = compared()
    assert [variant.tier for variant in result.tiers] == ["nano", "micro", "mega"]
    for variant in result.tiers:
        assert variant.plan.proof.objective == best_engagements(400_000, {variant.tier})
        assert {pick.tier for pick in variant.plan.picks} == {variant.tier}
        assert variant.share_of_mix == variant.plan.proof.objective / result.mix.proof.objective
        assert variant.plan.campaign.where[-1].label == f"tier:{variant.tier}"
    assert result.mix.proof.objective == best_engagements(400_000, {"nano", "micro", "mega"})
    assert result.proven()


@pytest.mark.parametrize("goal", GOALS)
@settings(CALM, max_examples=examples(15))
@given(data=st.data())
def test_the_mix_is_the_plan_of_optimize_and_no_tier_beats_it(goal, data):
    rows = data.draw(roster_rows())
    campaign = data.draw(campaigns(rows, goal))
    try:
        plan = optimize(build_roster(rows), campaign)
    except CampaignError as error:
        with pytest.raises(CampaignError, match=f"^{error.message[:10]}"):
            compare(build_roster(rows), campaign)
        return
    result = compare(build_roster(rows), campaign)
    if isinstance(plan, Diagnosis):
        assert isinstance(result, Diagnosis)
        assert (result.clash, result.reasons) == (plan.clash, plan.reasons)
        return
    assert comparable(result.mix) == comparable(replace(plan, rule_prices=()))  # it may have priced its rules as well
    least = goal == "least cost"
    for variant in result.tiers:
        assert variant.status in ("optimal", "infeasible")
        if variant.plan is not None and variant.share_of_mix is not None:
            assert variant.share_of_mix >= 1 - 1e-6 if least else variant.share_of_mix <= 1 + 1e-6
        if variant.plan is None or not variant.plan.picks:
            assert variant.reasons
    for basket in result.substitutes.creators if result.substitutes else ():
        assert basket.status == "optimal"
        assert basket.small.totals.spend <= basket.large.totals.spend
        assert {pick.tier for pick in basket.small.picks} <= set(result.substitutes.smaller)


def test_a_balanced_goal_is_measured_by_the_ideals_of_the_mix():
    result = compared(goal="balanced")
    assert all(variant.plan.ideals == result.mix.ideals != () for variant in result.tiers)
    by_hand = sum(
        Fraction(by_tier(result)["mega"].plan.totals.metrics[ideal.metric], ideal.total) for ideal in result.mix.ideals
    )
    assert float(by_tier(result)["mega"].plan.proof.objective) == pytest.approx(float(by_hand), abs=1e-8)


def test_refitted_benchmarks_are_those_of_the_whole_roster():
    names = [f"@c{number}" for number in range(80)]
    followers = [30_000] * 40 + [2_000_000] * 40
    rates = [0.03 + number % 7 / 100 for number in range(80)]
    many = roster(names, followers=followers, numbers={"engagement_rate": rates}, platform=["instagram"] * 80)
    result = compare(many, replace(build_campaign(budget=10**8), fit_benchmarks=True))
    metrics_by_creator = {pick.creator: pick.metrics for variant in result.tiers for pick in variant.plan.picks}
    assert metrics_by_creator == {pick.creator: pick.metrics for pick in result.mix.picks}
    assert len(metrics_by_creator) == 80


def test_a_tier_that_cannot_keep_a_floor_says_which():
    result = by_tier(compared("tier:mega count >= 1", "all count >= 2"))
    assert result["micro"].status == "infeasible"
    assert result["micro"].reasons == ("tier:mega count >= 1: no such creator is available",)
    assert result["micro"].share_of_mix is None
    assert result["mega"].result.clash


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("tier:mega spend <= 40%", "tier:mega spend <= 40% rules it out"),
        ("tier:mega count <= 0", "tier:mega count <= 0 rules it out"),
        ("all count >= 0", None),
    ],
)
def test_a_tier_that_a_cap_leaves_with_nobody_says_which(rule, told):
    mega = by_tier(compared(rule))["mega"]
    assert mega.status == "optimal"
    assert mega.reasons == (() if told is None else (told,))
    assert bool(mega.plan.picks) is (told is None)


def test_a_tier_too_dear_for_the_budget_names_its_cheapest():
    mega = by_tier(compared(budget=100_000))["mega"]
    assert mega.reasons == ("the cheapest creator costs $3,000",)


def test_whoever_is_included_is_in_the_plan_of_each_tier():
    result = compared(include=["big"])
    for variant in result.tiers:
        assert "@big" in {pick.creator for pick in variant.plan.picks}
        assert {pick.tier for pick in variant.plan.picks if pick.creator != "@big"} <= {variant.tier}
        assert variant.share_of_mix <= 1
    assert result.proven()


@pytest.mark.parametrize(
    ("rule", "required", "reason"),
    [
        ("all count >= 5", "n1", "only 4 such creators are available, counting the creators you require"),
        (
            "all spend >= 3500",
            "n1",
            "all offers of tier micro together reach only $1,200, counting the creators you require",
        ),
        ("tier:micro,mega count >= 4", "n1", "only 3 such creators are available"),
        ("all count >= 4", "u1", "only 3 such creators are available"),
    ],
)
def test_a_reason_says_whether_required_creators_of_other_tiers_count(rule, required, reason):
    for soft in ((), ("all conversions >= 1 (soft 5%)",)):  # a price in percent needs a goal, which a reason has not
        micro = by_tier(compared(rule, *soft, include=[required], budget=500_000))["micro"]
        assert micro.reasons == (f"{rule}: {reason}",)


def test_a_plan_of_required_creators_of_another_tier_is_not_a_plan_of_the_tier():
    result = compared("tier:micro spend >= 20%", "all spend <= 100% of budget", include=["u1"])
    mega = by_tier(result)["mega"]
    assert [pick.creator for pick in mega.plan.picks] == ["@u1"]
    assert (mega.own_plan, mega.share_of_mix) == (None, None)
    assert mega.reasons == ("tier:micro spend >= 20% rules it out",)
    for tier in ("nano", "micro"):
        assert tier in {pick.tier for pick in by_tier(result)[tier].own_plan.picks}


@pytest.mark.parametrize(
    ("rules", "facts", "reason"),
    [
        ((), {"budget": 310_000}, "the budget is too small for one of them besides the creators you require"),
        (("all count <= 1",), {}, "all count <= 1 rules it out"),
        (
            ("creator:@big requires creator:@n1", "creator:@huge requires creator:@n1"),
            {},
            "creator:@big requires creator:@n1 and creator:@huge requires creator:@n1 rule it out",
        ),
    ],
)
def test_it_is_told_why_nobody_of_a_tier_fits_beside_a_required_creator(rules, facts, reason):
    mega = by_tier(compared(*rules, include=["u1"], **facts))["mega"]
    assert (mega.own_plan, mega.reasons) == (None, (reason,))


def test_a_tier_does_not_improve_on_required_creators_who_meet_the_targets():
    goal = Goal(name="least cost", targets={"engagements": Fraction(100)})
    result = compare(small(), replace(build_campaign(include=["u1"]), goal=goal, budget=None))
    assert {tier: each.reasons for tier, each in by_tier(result).items()} == {
        "nano": ("none of them improves on the creators you require",),
        "micro": (),
        "mega": ("none of them improves on the creators you require",),
    }


def test_a_rule_that_leaves_a_tier_no_room_is_named_alone():
    result = by_tier(compared("tier:micro spend >= 20%", "all count <= 6", include=["big"], budget=500_000))
    reasons = ("tier:micro spend >= 20% rules it out",)
    assert result["nano"].reasons == result["mega"].reasons == reasons


def test_only_rules_that_conflict_are_named():
    result = by_tier(compared("tier:micro count >= 1", "all spend >= 3500", "all followers <= 50m"))
    assert result["micro"].reasons == ("all spend >= 3500: all offers of tier micro together reach only $1,150",)
    pair = ("creator:@u1 requires creator:@n1", "creator:@u2 requires creator:@n1", "creator:@u3 requires creator:@n1")
    micro = by_tier(compared(*pair, "all count >= 1", "all followers <= 50m"))["micro"]
    assert micro.result.irreducible
    assert micro.reasons == (f"these rules conflict: {', '.join((*micro.result.clash,))}",)
    assert set(micro.result.clash) == {*pair}  # only an empty plan keeps them, and it does not count


def test_the_mix_without_its_largest_tier_is_what_enumeration_finds():
    result = compared()
    assert "mega" in {pick.tier for pick in result.mix.picks}
    without = result.without_largest
    assert (without.tier, without.plan.proof.objective) == ("mega", best_engagements(400_000, {"nano", "micro"}))
    assert without.share_of_mix == without.plan.proof.objective / result.mix.proof.objective
    (where,) = without.plan.campaign.where
    assert parse_where(where.label) == where


def test_the_largest_tier_left_out_is_one_that_the_mix_buys_and_not_only_as_required():
    assert compared("tier:mega count <= 0").without_largest.tier == "micro"
    required = compared(include=["big"], exclude=["huge"])
    assert "mega" in {pick.tier for pick in required.mix.picks}
    assert required.without_largest.tier == "micro"
    assert compared(where=["followers ..100k"]).without_largest is None  # micro alone is the same plan


def test_a_tier_that_is_filtered_out_is_still_told():
    result = compared(where=["followers ..100k"])
    assert by_tier(result)["mega"].reasons == ("your filters leave no creator of tier mega",)
    assert result.substitutes.tier == "micro"


def test_bands_and_tiers_of_the_roster_are_taken_as_they_are():
    result = compared(tiers=TIER_PRESETS["wide-micro"])
    assert [variant.tier for variant in result.tiers] == ["micro", "mega"]
    own = ["Tail", "tail", "Mid", "Mid", "Mid", "Star", "Star"]
    assert tiers_by_size(small(tier=own)) == ["Tail", "Mid", "Star"]
    result = compared(of=small(tier=own))
    assert [variant.tier for variant in result.tiers] == ["Tail", "Mid", "Star"]
    assert len(by_tier(result)["Tail"].plan.picks) == 2
    assert result.substitutes.smaller == ("Tail", "Mid")


def test_a_roster_of_one_tier_has_no_baskets():
    result = compare(roster(["@a", "@b"], followers=[20_000, 30_000]), build_campaign(budget=10**6))
    assert result.substitutes is None
    assert [variant.share_of_mix for variant in result.tiers] == [1]


def test_the_least_cost_of_a_tier_is_at_least_the_mix():
    goal = Goal(name="least cost", targets={"engagements": Fraction(2_000)})
    result = compare(small(), replace(build_campaign(), goal=goal, budget=None))
    assert all(variant.share_of_mix >= 1 for variant in result.tiers if variant.plan)
    assert any(variant.plan for variant in result.tiers)


class Interrupted:
    """A backend that solves as another until its calls are used up, and is then interrupted."""

    name, version, successor = "cbc", "2.10.3", None

    def __init__(self, calls, kind="raise"):
        self.calls, self.kind, self.inner = calls, kind, solver("cbc")

    def _next(self, call, program, limits):
        self.calls -= 1
        if self.calls >= 0:
            return call(program, limits)
        if self.kind == "raise":
            raise KeyboardInterrupt
        return SolveResult(termination=Termination.UNKNOWN, limit=Limit.INTERRUPT)

    def solve(self, program, limits):
        return self._next(self.inner.solve, program, limits)

    def relax(self, program, limits):
        return self._next(self.inner.relax, program, limits)


@pytest.mark.parametrize("kind", ["raise", "answer"])
def test_an_interrupt_leaves_the_rest_told_as_not_looked_at(kind):
    calls = 0
    while True:
        result = compare(small(), build_campaign(goal="engagement", budget=400_000), solver=Interrupted(calls, kind))
        calls += 1
        if not isinstance(result, Comparison):
            assert result.limit == "interrupt"
            continue
        assert len(result.tiers) == 3
        assert len(result.substitutes.creators) + len(result.substitutes.not_examined) == 2
        if result.proven():
            break
    assert calls > 3


def test_without_time_all_that_is_left_is_named():
    result = compare(small(), build_campaign(goal="engagement", budget=400_000), limits=SolveLimits(seconds=0.04))
    if isinstance(result, Comparison):
        assert {variant.status for variant in result.tiers} == {"not looked at"}
        assert sorted(result.substitutes.not_examined) == ["@big", "@huge"]
        assert not result.proven(gap=1.0)
