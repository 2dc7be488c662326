"""Each point of a frontier is the plan of its budget, and more money never buys less."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.frontier import frontier as frontier_module
from microopt.analysis.frontier.frontier import frontier
from microopt.campaign.calendar import Calendar, Wave, WaveBudget
from microopt.campaign.campaign import Goal
from microopt.errors import CampaignError, UsageError
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.audit import is_soft
from microopt.planning.optimize import optimize
from microopt.rendering.wording.frontier import frontier_head
from microopt.solver.result import Limit, SolveLimits, Termination
from tests.analysis.explain.test_explain import ROWS
from tests.planning.builders import CALM, build_campaign, build_roster, campaigns, roster_rows, solver
from tests.scale import examples

LIMITS = SolveLimits(seconds=60.0)


def frontier_of(*rules, low=10_000, budget=150_000, steps=6, budgets=None, **facts):
    campaign = build_campaign(*rules, budget=budget, **facts)
    return frontier(build_roster(ROWS), campaign, low=low, steps=steps, budgets=budgets, limits=LIMITS)


@pytest.mark.parametrize("goal", ["balanced", "conversions", "worth", "value:score"])
@settings(CALM, max_examples=examples(12), phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_each_point_is_the_best_plan_of_its_budget(goal, data):
    rows = data.draw(roster_rows())
    campaign = replace(data.draw(campaigns(rows, goal)), budget=sum(row["fee"] for row in rows) + 5_000)
    assume(not any(is_soft(rule) for rule in campaign.rules))  # a plan of a small budget rounds penalties otherwise
    try:
        result = frontier(build_roster(rows), campaign, low=3_000, steps=4, limits=LIMITS, solver=solver("highs"))
    except CampaignError:
        assume(False)
    assume(not isinstance(result, Diagnosis))
    for point in result.points:
        alone = replace(campaign, budget=point.budget, ideals=result.ideals)
        plan = optimize(build_roster(rows), alone, limits=LIMITS, solver=solver("highs"))
        if isinstance(plan, Diagnosis):
            assert (point.status, point.objective) == ("infeasible", None)
        else:
            assert point.status == "optimal"
            assert abs(point.objective - plan.proof.objective) <= abs(plan.proof.objective) / 10**6


def test_each_point_has_the_likely_ranges_that_the_plan_of_its_budget_has():
    result = frontier_of(steps=3)
    for point in result.points:
        assert point.likely == optimize(build_roster(ROWS), build_campaign(budget=point.budget)).likely


@settings(CALM, max_examples=examples(15), phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_more_money_never_buys_less(data):
    rows = data.draw(roster_rows())
    campaign = data.draw(campaigns(rows, "balanced"))
    assume(not any(getattr(rule, "of_budget", False) for rule in campaign.rules))
    try:
        result = frontier(
            build_roster(rows), replace(campaign, budget=200_000), low=1_000, steps=7, solver=solver("highs")
        )
    except CampaignError:
        assume(False)
    assume(not isinstance(result, Diagnosis))
    values = [point.objective for point in result.points if point.objective is not None]
    assert all(item <= two for item, two in pairwise(values))
    planned = [point.objective is not None for point in result.points]
    assert planned == sorted(planned)


@pytest.mark.parametrize(
    ("goal", "facts"),
    [
        ("balanced", {}),
        ("engagement", {}),
        ("worth", {}),
        ("engagement", {"contingency": Fraction(1, 7), "usage": Fraction(1, 5)}),
    ],
)
def test_the_next_better_budget_is_the_least_that_buys_more(goal, facts):
    result = frontier_of(goal=goal, **facts)
    for point in result.points[:-1]:
        better = point.next_better
        assert better.budget == better.lower_bound
        if better.budget is None:
            assert better.message == "no budget buys a better plan"
            continue
        alone = build_campaign(goal=goal, ideals=result.ideals, **facts)
        values = [
            optimize(build_roster(ROWS), replace(alone, budget=budget), limits=LIMITS).proof.objective
            for budget in (better.budget - 1, better.budget)
        ]
        assert values[0] == point.objective
        assert values[1] > point.objective


def test_an_infeasible_end_says_so_and_the_others_stand():
    result = frontier_of("all count >= 2", low=5_000)
    assert result.points[0].status == "infeasible"
    assert result.points[-1].status == "optimal"
    assert result.proven()


def test_where_even_the_highest_budget_has_no_plan_a_diagnosis_says_why():
    result = frontier_of("all count >= 9")
    assert isinstance(result, Diagnosis)
    assert result.clash == ("all count >= 9",)


def test_ideals_are_those_of_the_highest_budget():
    result = frontier_of()
    best_plan = optimize(build_roster(ROWS), build_campaign(goal="balanced", budget=150_000), limits=LIMITS)
    assert frontier_of(goal="balanced").ideals == best_plan.ideals
    assert result.ideals == ()


def test_spending_ends_where_what_is_bought_is_worth_less_than_it_costs():
    result = frontier_of(goal="worth", budget=400_000)
    plans = [
        optimize(build_roster(ROWS), build_campaign(goal="worth", budget=budget), limits=LIMITS)
        for budget in range(0, 190_001, 1_000)[1:]
    ]
    gains = {plan.totals.spend: plan.proof.objective * 100 - plan.totals.spend for plan in plans}
    gains[0] = Fraction(0)
    assert result.optimal_spend.worth * 100 - result.optimal_spend.spend == max(gains.values())
    assert result.optimal_spend.proven
    assert result.proven()
    assert not replace(result, optimal_spend=replace(result.optimal_spend, proven=False)).proven()
    assert replace(result, optimal_spend=None).lacks_optimal_spend


@pytest.mark.parametrize(("left_open", "proven"), [(0.005, True), (0.02, False)])
def test_an_optimal_spend_is_proven_where_the_gap_that_it_leaves_is_accepted(left_open, proven, monkeypatch):
    def stop_early(*arguments, **options):
        result = solve(*arguments, **options)
        if result.objective is None or result.objective < 0:  # a least budget, whose objective is its negative
            return result
        bound = result.objective + int(left_open * result.objective)
        return replace(result, termination=Termination.FEASIBLE, limit=Limit.GAP, bound=bound)

    solve = frontier_module.solve
    monkeypatch.setattr(frontier_module, "solve", stop_early)
    dear = Goal(name="worth", worths={"engagements": Fraction(9), "conversions": Fraction(900)})
    campaign = replace(build_campaign(budget=400_000), goal=dear)
    result = frontier(build_roster(ROWS), campaign, low=300_000, steps=2, limits=replace(LIMITS, gap=0.01))
    assert result.optimal_spend.spend > 0
    assert (result.optimal_spend.proven, result.proven(0.01)) == (proven, proven)


def test_a_list_of_budgets_takes_the_place_of_a_range():
    result = frontier_of(goal="engagement", budgets=[90_000, 30_000, 60_000])
    assert [point.budget for point in result.points] == [30_000, 60_000, 90_000]
    by_range = frontier_of(goal="engagement", low=30_000, budget=90_000, steps=20)
    listed = {point.budget: point.totals for point in result.points}
    assert listed == {point.budget: point.totals for point in by_range.points if point.budget in listed}


def test_each_point_tells_who_is_new_and_who_is_dropped_since_the_plan_before_it():
    result = frontier_of("all count >= 2", low=5_000)
    before = ()
    for point, added, dropped in zip(result.points, result.added, result.dropped, strict=True):
        assert set(added) == set(point.creators) - set(before)
        assert set(dropped) == (set(before) - set(point.creators) if point.totals else set())
        before = point.creators or before
    assert result.points[0].totals is None


def test_why_the_plan_of_the_highest_budget_leaves_money_is_kept_where_it_leaves_much():
    result = frontier_of("all count <= 2", budgets=(40_000, 900_000))
    assert result.unspent_reason == "your limit of 2 creators is reached"
    assert result.points[-1].totals.spend < 450_000
    enough = result.campaign.budget_for(result.points[-1].totals.spend)
    assert frontier_of("all count <= 2", budgets=(40_000, enough)).unspent_reason == ""


def spring(*rules):
    """Return a campaign over two months with budgets of both, in shares of the whole."""
    caps = {"April": Fraction(1, 4), "May": Fraction(3, 4)}
    shares = {name: WaveBudget(high=cap, percent=True) for name, cap in caps.items()}
    days = ((date(2027, 4, 1), date(2027, 4, 30)), (date(2027, 5, 1), date(2027, 5, 31)))
    waves = tuple(Wave(name=name, starts=starts, ends=ends) for name, (starts, ends) in zip(shares, days, strict=True))
    return build_campaign(*rules, calendar=Calendar(waves=waves, budgets=shares, lead_days=0), goal="conversions")


@pytest.mark.parametrize("calendar", [True, False])
def test_what_a_plan_spends_is_not_told_to_be_enough_where_limits_are_shares_of_the_budget(calendar):
    if calendar:
        campaign = spring("all count <= 2 each wave")
    else:
        campaign = build_campaign("all count <= 2", "each creator spend <= 40% of budget", goal="conversions")
    budgets = [60_000, 300_000, 600_000, 900_000]
    result = frontier(build_roster(ROWS), campaign, budgets=budgets, limits=LIMITS)
    said = " ".join(text for _, text in frontier_head(result))
    spend = result.points[-1].totals.spend
    plans = {budget: optimize(build_roster(ROWS), replace(campaign, budget=budget)) for budget in (*budgets, spend)}
    worth = {budget: plan.proof.objective for budget, plan in plans.items()}
    enough = next(budget for budget in budgets if worth[budget] == worth[budgets[-1]])
    assert budgets[0] < enough < budgets[-1]
    assert worth[spend] < worth[enough]
    assert f"Of these budgets, none above ${enough // 100:,} brings more" in said
    assert "buys nothing better" not in said


def test_amounts_that_are_carried_over_with_shares_stay_the_same_at_every_budget():
    campaign = spring()
    april, may = WaveBudget(high=Fraction(300)), WaveBudget(high=Fraction(1, 4), percent=True)
    calendar = replace(campaign.calendar, carry_over=True, budgets={"April": april, "May": may})
    campaign = replace(campaign, calendar=calendar)
    result = frontier(build_roster(ROWS), campaign, budgets=[60_000, 120_000, 480_000], limits=LIMITS)
    for point in result.points:
        plan = optimize(build_roster(ROWS), replace(campaign, budget=point.budget))
        assert point.objective == plan.proof.objective


def test_a_target_has_no_frontier():
    with pytest.raises(UsageError, match="a target has none"):
        frontier_of(goal="least cost")


def test_after_the_time_points_are_told_not_looked_at():
    result = frontier(
        build_roster(ROWS), build_campaign(budget=150_000), low=10_000, steps=5, limits=SolveLimits(seconds=1e-9)
    )
    assert isinstance(result, Diagnosis) or {point.status for point in result.points[:-1]} == {"not looked at"}


def order_of_solves(monkeypatch, goal):
    """Return what was asked of the time, and how many places from the own budget each solved one is, in their order."""
    asked, real = [], frontier_module.TimeBudget.limits_for
    monkeypatch.setattr(
        frontier_module.TimeBudget,
        "limits_for",
        lambda self, name, share: asked.append(name) or real(self, name, share),
    )
    result = frontier(build_roster(ROWS), build_campaign(budget=60_000, goal=goal), steps=6, limits=LIMITS)
    own = [point.budget for point in result.points].index(60_000)
    return asked, [abs(int(name.split()[1]) - 1 - own) for name in asked if name.startswith("budget ")]


def test_a_campaigns_own_budget_is_solved_first_then_its_neighbors(monkeypatch):
    asked, distances = order_of_solves(monkeypatch, "conversions")
    assert asked[0] == "your budget"
    assert "highest budget" not in asked
    assert distances == sorted(distances)
    assert 0 not in distances


def test_after_the_ideals_of_the_highest_budget_a_campaigns_own_comes_next(monkeypatch):
    asked, distances = order_of_solves(monkeypatch, "balanced")
    assert asked[0] == "highest budget"
    assert distances[0] == 0
    assert distances == sorted(distances)


def test_budgets_are_taken_outwards_from_one_within_them():
    assert frontier_module.nearest_first((1, 2, 3, 4, 5), 3) == [3, 2, 4, 1, 5]
    assert frontier_module.nearest_first((1, 2, 3, 4, 5), 2) == [2, 1, 3, 4, 5]
    assert frontier_module.nearest_first((1, 2, 3), 3) == [1, 2, 3]
    assert frontier_module.nearest_first((1, 2, 3), None) == [1, 2, 3]


@pytest.mark.parametrize("goal", ["balanced", "conversions"])
def test_where_the_time_is_short_it_is_the_ends_that_are_left_out(goal, monkeypatch):
    solves, real = [], frontier_module.solve_cheapest

    def twice(*args):
        solves.append(args)
        if len(solves) > 2:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(frontier_module, "solve_cheapest", twice)
    result = frontier(build_roster(ROWS), build_campaign(budget=60_000, goal=goal), steps=8, limits=LIMITS)
    looked_at = [number for number, point in enumerate(result.points[:-1]) if point.status != "not looked at"]
    assert 60_000 in [result.points[number].budget for number in looked_at]
    assert looked_at == list(range(looked_at[0], looked_at[-1] + 1))


def test_a_budget_that_the_time_left_unproven_is_no_worse_than_a_lower_one(monkeypatch):
    real = frontier_module.solve_cheapest

    def late(program, *args):
        result = real(program, *args)
        worst = np.asarray([int(np.argmin(np.where(program.cost > 0, program.objective, program.objective.max() + 1)))])
        value = program.objective_value(worst)
        return replace(result, columns=worst, objective=value, termination=Termination.FEASIBLE, limit=Limit.TIME)

    monkeypatch.setattr(frontier_module, "solve_cheapest", late)
    result = frontier(build_roster(ROWS), build_campaign(budget=60_000, goal="conversions"), steps=6, limits=LIMITS)
    own = [point.budget for point in result.points].index(60_000)
    assert result.points[0].status == "feasible"
    assert result.points[0].objective < result.points[own].objective
    assert all(point.objective == result.points[own].objective for point in result.points[own:])
