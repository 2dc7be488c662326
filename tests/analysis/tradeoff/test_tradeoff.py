"""Every point of a front is one that no plan at all has more of both than, and its ends are the most there is."""

from fractions import Fraction
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.tradeoff.epsilon_constraint import EpsilonConstraintSearch
from microopt.analysis.tradeoff.pareto import ParetoFront
from microopt.analysis.tradeoff.tradeoff import parse_tradeoff_metrics, tradeoff
from microopt.campaign.campaign import Ideal
from microopt.campaign.goals import BALANCED_METRICS
from microopt.campaign.metrics import METRICS
from microopt.errors import CampaignError, UsageError
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.build_problem import build_problem
from microopt.planning.optimize import optimize
from microopt.solver.result import Limit, SolveResult, Termination
from tests.planning.builders import CALM, build_campaign, build_roster, campaigns, roster_rows, solver
from tests.planning.oracle import combinations, enters, feasible, offer_items
from tests.planning.test_optimize import alone, near_a_floor, of_items
from tests.scale import examples
from tests.solver.builders import FREE

PAIRS = st.lists(st.sampled_from(METRICS), min_size=2, max_size=2, unique=True)
QUIET = settings(CALM, max_examples=examples(30), phases=[Phase.explicit, Phase.generate])
ROWS = [
    {
        "creator": f"@{name}",
        "platform": platform,
        "offer": "video",
        "niche": "beauty",
        "region": "",
        "followers": size,
        "fee": fee,
        "rate": rate,
        "hours": None,
        "score": 0,
        "brands": "",
        "conflicts": "",
        "max_units": None,
        "volume_discount": "",
    }
    for name, platform, size, fee, rate in (
        ("a", "youtube", 80_000, 25_000, 0.03),
        ("b", "instagram", 120_000, 25_000, 0.02),
        ("c", "youtube", 80_000, 10_050, 0.02),
        ("d", "tiktok", 80_000, 15_000, 0.05),
        ("e", "youtube", 30_000, 10_050, 0.02),
        ("f", "youtube", 150_000, 30_000, 0.09),
        ("g", "instagram", 12_000, 10_000, 0.05),
    )
]


def front_of(rows=ROWS, *rules, **more):
    """Return the front of rows, searched for as long as it takes: a busy machine runs out of the usual time."""
    facts = {name: more.pop(name) for name in list(more) if name in ("budget", "include", "goal", "audience", "ideals")}
    result = tradeoff(
        build_roster(rows),
        build_campaign(*rules, **{"goal": "balanced", "budget": 100_000, **facts}),
        **{"limits": FREE, **more},
    )
    assert isinstance(result, ParetoFront)
    return result


def amounts(front):
    return [tuple(point.totals.metrics[name] for name in front.metrics) for point in front.points]


def enumerated(rows, campaign):
    """Return the case, its items, their forecast, and every plan that keeps everything."""
    case, _ = build_problem(build_roster(rows), campaign)
    items = offer_items([{**row, "row": i + 2} for i, row in enumerate(rows) if enters(row, campaign, rows)])
    items.sort(key=lambda item: alone(case, item))
    forecast = of_items(case, items)
    return case, items, forecast, feasible(items, forecast, campaign, case.rules, rows)


def every_plan(rows, campaign, metrics):
    """Return what each plan that keeps everything brings of two metrics, in thousandths."""
    _, _, forecast, plans = enumerated(rows, campaign)
    return [tuple(pair) for pair in (plans @ np.stack([forecast.metrics[name] for name in metrics], 1)).tolist()]


def efficient(pairs):
    """Return the pairs that no other has as much of both and more of one than, from the most of the first."""
    best = {a for a in pairs if not any(b[0] >= a[0] and b[1] >= a[1] and b != a for b in set(pairs))}
    return sorted(best, reverse=True)


def balanced_pairs(pairs, ideals):
    """Return the pairs that are worth the most where both weights are equal."""
    worth = {
        pair: sum(Fraction(amount, ideal or 1) for amount, ideal in zip(pair, ideals, strict=True)) for pair in pairs
    }
    return {pair for pair, value in worth.items() if value == max(worth.values())}


def drawn(data):
    """Return rows and a campaign of hard rules that fits them."""
    rows = data.draw(roster_rows(offers=8))
    campaign = data.draw(campaigns(rows, "balanced"))
    hard = tuple(rule for rule in campaign.rules if getattr(rule, "soft", None) is None)
    campaign = replace(campaign, rules=hard)
    try:
        case, items, forecast, _ = enumerated(rows, campaign)
    except CampaignError:
        assume(False)
    assume(not near_a_floor(items, forecast, combinations(items, campaign.one_offer_per), campaign, case.rules))
    return rows, campaign


@pytest.mark.parametrize("backend", ["cbc", "highs"])
@QUIET
@given(data=st.data(), of=PAIRS, steps=st.sampled_from((2, 3, 5, 10)))
def test_every_point_is_on_the_true_front_and_the_ends_are_its_ends(backend, data, of, steps):
    rows, campaign = drawn(data)
    pairs = every_plan(rows, campaign, of)
    result = tradeoff(build_roster(rows), campaign, metrics=of, steps=steps, solver=solver(backend))
    if not pairs:
        assert isinstance(result, Diagnosis)
        assert result.status == "infeasible"
        return
    true, actual = efficient(pairs), amounts(result)
    assert set(actual) <= set(true)
    assert (actual[0], actual[-1]) == (true[0], true[-1])
    assert all(after[0] < before[0] and after[1] > before[1] for before, after in pairwise(actual))
    assert len(actual) <= steps + 1
    assert actual[result.balanced] in balanced_pairs(true, (true[0][0], true[-1][1]))
    assert result.proven()
    assert {point.status for point in result.points} == {"optimal"}


@QUIET
@given(data=st.data(), steps=st.sampled_from((3, 4, 8)), share=st.sampled_from((30, 50, 70)))
def test_between_the_ends_each_floor_has_the_most_of_the_first_that_keeps_it_and_the_balanced_plan_is_there(
    data, steps, share
):
    rows = data.draw(roster_rows(min_rows=5))
    campaign = build_campaign(goal="balanced", budget=sum(row["fee"] for row in rows) * share // 100)
    true = efficient(every_plan(rows, campaign, BALANCED_METRICS))
    low, high = true[0][1], true[-1][1]
    at = [low + Fraction((high - low) * step, steps - 1) for step in range(steps)]
    wanted = {max(pair for pair in true if pair[1] >= floor) for floor in at}
    result = tradeoff(build_roster(rows), campaign, steps=steps)
    balanced = amounts(result)[result.balanced]
    assert balanced in balanced_pairs(true, (true[0][0], high))
    assert amounts(result) == sorted(wanted | {balanced}, reverse=True)


@pytest.mark.parametrize("steps", [2, 100])
def test_two_steps_are_the_ends_and_the_balanced_plan_and_points_that_repeat_are_told_once(steps):
    result = front_of(steps=steps)
    pairs = amounts(result)
    assert len(pairs) == len(set(pairs)) == (3 if steps == 2 else 4)
    assert (result.steps, result.not_examined, result.unproven) == (steps, 0, 0)


@QUIET
@given(st.fractions(0, 1, max_denominator=40))
def test_a_weight_within_a_range_chooses_that_point(weight):
    result = front_of(steps=30)
    worth = [
        weight * result.share(item, BALANCED_METRICS[0]) + (1 - weight) * result.share(item, BALANCED_METRICS[1])
        for item in result.points
    ]
    for point, value in zip(result.points, worth, strict=True):
        chosen = point.weights is not None and point.weights.low <= weight <= point.weights.high
        assert chosen is (value == max(worth))


@pytest.mark.parametrize("metrics", [BALANCED_METRICS, BALANCED_METRICS[::-1]])
@pytest.mark.parametrize("steps", [2, 3, 100])
def test_the_point_that_is_marked_is_the_plan_of_the_balanced_goal(metrics, steps):
    result = front_of(metrics=metrics, steps=steps)
    plan = optimize(build_roster(ROWS), build_campaign(goal="balanced"))
    assert set(plan.ideals) == set(result.ideals)
    assert [pick.creator for pick in result.points[result.balanced].picks] == [pick.creator for pick in plan.picks]
    assert result.points[result.balanced].totals == plan.totals


def test_the_balanced_plan_is_there_where_the_time_ended_before_the_other_end_was_found(monkeypatch):
    find_point = EpsilonConstraintSearch.find_point
    unknown = SolveResult(termination=Termination.UNKNOWN, limit=Limit.TIME)

    def find(search, limits, *, leading, **more):
        return unknown if leading else find_point(search, limits, leading=leading, **more)

    monkeypatch.setattr(EpsilonConstraintSearch, "find_point", find)
    result = front_of(steps=10)
    plan = optimize(build_roster(ROWS), build_campaign(goal="balanced"))
    assert result.points[result.balanced].totals == plan.totals
    assert result.not_examined == 9


def test_a_balanced_plan_that_was_not_found_in_time_is_told_as_not_examined(monkeypatch):
    monkeypatch.setattr("microopt.analysis.tradeoff.tradeoff._solve_balanced", lambda *_: None)
    result = front_of()
    assert (result.not_examined, result.proven()) == (1, False)


def test_of_two_other_metrics_the_plan_of_equal_weights_is_marked():
    result = front_of(metrics=("reach", "clicks"), steps=2)
    true = efficient(every_plan(ROWS, build_campaign(goal="balanced"), ("reach", "clicks")))
    assert amounts(result)[result.balanced] in balanced_pairs(true, (true[0][0], true[-1][1]))


def test_a_point_tells_what_it_has_more_than_the_one_before_and_who_is_exchanged():
    result = front_of()
    assert result.points[0].change is None
    for before, after in pairwise(result.points):
        change = after.change
        assert change.objective * 1000 == change.metrics["engagements"] < 0 < change.metrics["conversions"]
        assert change.spend == after.totals.spend - before.totals.spend
        assert set(change.added) <= {pick.creator for pick in after.picks}
        assert set(change.dropped) <= {pick.creator for pick in before.picks}


def test_of_plans_that_bring_as_much_of_both_the_cheapest_is_told():
    twin = {**ROWS[0], "creator": "@twin", "fee": ROWS[0]["fee"] + 1}
    result = front_of([*ROWS, twin], "creator:@a,@twin count <= 1")
    assert "@twin" not in {pick.creator for point in result.points for pick in point.picks}


def test_where_one_plan_has_the_most_of_both_it_is_all_there_is():
    (point,) = front_of(budget=10**7).points
    assert (point.weights.low, point.weights.high, point.change) == (0, 1, None)


def test_a_budget_for_nobody_is_one_empty_point_with_a_warning():
    result = front_of(budget=1)
    assert [point.picks for point in result.points] == [()]
    assert result.warnings == ("the plan is empty: the cheapest offer is @g at $100",)
    assert result.share(result.points[0], "engagements") is None


def test_an_infeasible_campaign_gets_the_diagnosis_of_optimize():
    rules = ("niche:beauty count >= 4", "all spend <= 300")
    result = tradeoff(build_roster(ROWS), build_campaign(*rules, goal="balanced"))
    diagnosis = optimize(build_roster(ROWS), build_campaign(*rules, goal="balanced"))
    assert isinstance(result, Diagnosis)
    assert (result.status, result.clash, result.reasons, result.repairs) == (
        diagnosis.status,
        diagnosis.clash,
        diagnosis.reasons,
        diagnosis.repairs,
    )


def test_totals_beyond_ten_million_are_a_front_too():
    rows = [{**row, "followers": row["followers"] * 10_000} for row in ROWS]
    pairs = every_plan(rows, build_campaign(goal="balanced"), BALANCED_METRICS)
    assert max(pairs)[0] > 10**10
    assert set(amounts(front_of(rows))) <= set(efficient(pairs))


@cache
def whole_front():
    """Return the true front of the rows, and that of ten steps."""
    return efficient(every_plan(ROWS, build_campaign(goal="balanced"), BALANCED_METRICS)), amounts(front_of())


class Stopping:
    """A solver during whose call of this number Ctrl-C comes, or the time is over."""

    def __init__(self, at, how):
        self.real, self.left, self.how = solver("cbc"), at, how
        self.name, self.version = self.real.name, self.real.version

    def solve(self, program, limits):
        return self._ask(self.real.solve, program, limits)

    def relax(self, program, limits):
        return self._ask(self.real.relax, program, limits)

    def _ask(self, method, program, limits):
        self.left -= 1
        if self.left < 0 and self.how is Limit.INTERRUPT:
            raise KeyboardInterrupt
        return (
            SolveResult(termination=Termination.UNKNOWN, limit=self.how) if self.left < 0 else method(program, limits)
        )


@pytest.mark.parametrize("how", [Limit.INTERRUPT, Limit.TIME])
@pytest.mark.parametrize("at", range(0, 20))
def test_whenever_it_is_stopped_what_was_found_stands_and_the_rest_is_told(at, how):
    true, complete = whole_front()
    result = tradeoff(build_roster(ROWS), build_campaign(goal="balanced"), solver=Stopping(at, how))
    if isinstance(result, Diagnosis):
        assert result.status == "unknown"
        return
    optimal = [pair for point, pair in zip(result.points, amounts(result), strict=True) if point.status == "optimal"]
    assert set(optimal) <= set(true)
    assert result.proven() is (result.not_examined == result.unproven == 0)
    assert not result.proven() or amounts(result) == complete
    assert how is Limit.TIME or result.proven() or result.not_examined or result.limit == "interrupt"


@pytest.mark.parametrize(
    ("of", "told"),
    [
        (("views", "Clicks"), ("impressions", "clicks")),
        ((" engagement", "conversion"), ("engagements", "conversions")),
    ],
)
def test_metrics_are_known_in_any_spelling(of, told):
    assert parse_tradeoff_metrics(of) == told


@pytest.mark.parametrize("of", [(), ("reach",), ("reach", "Reach"), ("reach", "clicks", "views"), ("reach", "spend")])
def test_anything_but_two_metrics_is_refused(of):
    with pytest.raises(UsageError) as refused:
        front_of(metrics=of)
    assert (refused.value.code, bool(refused.value.fix)) == ("tradeoff-of", True)


@pytest.mark.parametrize("steps", [-1, 0, 1, 101, 10**9])
def test_a_number_of_steps_out_of_range_is_refused(steps):
    with pytest.raises(UsageError, match=f"--steps {steps:,} is out of range") as refused:
        front_of(steps=steps)
    assert (refused.value.code, "2 to 100" in refused.value.fix) == ("tradeoff-steps", True)


def test_soft_rules_and_targets_are_refused_and_another_goal_is_told_not_to_count():
    with pytest.raises(CampaignError, match="a soft rule needs a goal") as soft:
        front_of(ROWS, "all count >= 5 (soft 2%)")
    with pytest.raises(CampaignError, match="has no target") as target:
        front_of(goal="least cost")
    assert [soft.value.code, target.value.code] == ["tradeoff-soft", "tradeoff-goal"]
    result = front_of(goal="reach")
    assert result.warnings == (
        "the campaign's goal reach does not count here: a trade-off shows all weights of two metrics",
    )
    assert amounts(result) == amounts(front_of())


def test_ideals_of_another_plan_are_told_not_to_count():
    ideals = tuple(
        Ideal(metric=name, total=total, bound=total) for name, total in zip(BALANCED_METRICS, (1, 10**9), strict=True)
    )
    result = front_of(ideals=ideals)
    assert result.warnings == (
        "the totals of the other plan do not count here: a trade-off shows all weights of two metrics",
    )
    assert amounts(result) == amounts(front_of())
    assert result.balanced == front_of().balanced
