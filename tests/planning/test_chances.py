"""Rules that hold in a share of the scenarios: plans against enumeration, and their audit against plain loops."""

from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.contradictions import find_contradictions
from microopt.campaign.risk_settings import ScenarioSettings
from microopt.errors import AuditError, CampaignError
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.planning.audit import audit, rule_usage
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import metric_objective
from microopt.planning.formulation.rules.chance import may_fail
from microopt.planning.infeasibility.diagnose import diagnose
from microopt.planning.optimize import plan_problem
from microopt.planning.scenario_values import measure_in_scenarios, scenarios_of
from microopt.roster.selection import matching_offers
from tests.planning.builders import CALM, build_campaign
from tests.solver.builders import FREE, solver

COUNT = 20


def rows_of(fees):
    """Return a row for each fee; every third creator has two offers."""
    return [
        {
            "creator": f"@{'abcdefgh'[number - number % 3 // 2]}",
            "platform": ("instagram", "tiktok")[number % 2],
            "offer": f"offer {number}",
            "niche": ("beauty", "food")[number // 2 % 2],
            "followers": 8_000 + 9_000 * number,
            "fee": fee,
        }
        for number, fee in enumerate(fees)
    ]


def csv_of(rows):
    names = ["creator", "platform", "offer", "niche", "followers", "fee"]
    lines = [",".join(names)]
    lines += [",".join(f"${row['fee']}" if name == "fee" else str(row[name]) for name in names) for row in rows]
    return "\n".join(lines) + "\n"


def problem_of(rows, *rules, budget=100_000, goal="engagement", tmp_path, **facts):
    from microopt.readers.options import ReadOptions
    from microopt.readers.roster import read_roster

    path = tmp_path / "roster.csv"
    path.write_text(csv_of(rows), encoding="utf-8")
    facts = {"scenarios": ScenarioSettings(count=COUNT, seed=3)} | facts
    campaign = build_campaign(*rules, goal=goal, budget=budget, order_value=4_000, **facts)
    return build_problem(read_roster(str(path), ReadOptions()), campaign)[0]


@lru_cache
def drawn(problem, measure):
    scenarios = scenarios_of(problem, count=COUNT, seed=3)
    return scenarios, measure_in_scenarios(problem, scenarios, measure).tolist()


def scenario_totals(problem, rule, chosen):
    """Return what chosen rows have of what a rule limits in each scenario, by plain loops."""
    (scenarios, values), matching = drawn(problem, rule.measure), matching_offers(problem.roster, rule.selector)
    totals = []
    for scenario in range(COUNT):
        rows = [row for row in chosen if matching[row]]
        if rule.measure == "count":
            totals.append(
                len({int(problem.roster.creator_id[row]) for row in rows if scenarios.accepted[row, scenario]})
            )
        else:
            totals.append(sum(values[row][scenario] for row in rows))
    return totals


def limit_of(problem, rule):
    bound = rule.bounds.low if rule.bounds.high is None else rule.bounds.high
    if rule.of_budget:
        return bound * problem.campaign.budget
    return bound * {"spend": 100, "count": 1, "revenue": 100}.get(rule.measure, 1000)


def failures(problem, rule, chosen):
    limit, is_floor = limit_of(problem, rule), rule.bounds.high is None
    return sum(total < limit if is_floor else total > limit for total in scenario_totals(problem, rule, chosen))


def is_binding(problem, rule, rows):
    """Return whether a rule that fails as often as it may fails too often with any step towards its limit."""
    may_fail = floor((1 - rule.chance) * COUNT)
    if failures(problem, rule, rows) != may_fail:
        return False
    counting = [row for row in range(len(problem)) if any(scenario_totals(problem, rule, [row]))]
    if rule.bounds.high is None:
        steps = [[other for other in rows if other != row] for row in rows if row in counting]
    else:
        creators = {int(problem.roster.creator_id[row]) for row in rows}
        steps = [[*rows, row] for row in counting if int(problem.roster.creator_id[row]) not in creators]
    return bool(steps) and all(failures(problem, rule, step) > may_fail for step in steps)


def best_value(problem, objective):
    """Return the best value of a plan of single offers that keeps the budget and every rule; None without one."""
    best = None
    for size in range(len(problem) + 1):
        for chosen in combinations(range(len(problem)), size):
            creators = [int(problem.roster.creator_id[row]) for row in chosen]
            cost = sum(int(problem.forecast.cost[row]) for row in chosen)
            if len(set(creators)) < size or cost > problem.campaign.budget:
                continue
            if all(failures(problem, rule, chosen) <= floor((1 - rule.chance) * COUNT) for rule in problem.rules):
                value = sum(int(objective.values[row]) for row in chosen)
                best = value if best is None else max(best, value)
    return best


@settings(CALM, max_examples=15)
@given(data=st.data())
def test_plans_with_chances_agree_with_enumeration(data, tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("chance")
    fees = data.draw(st.lists(st.integers(50, 900), min_size=2, max_size=7))
    budget = data.draw(st.integers(100, 2_500)) * 100
    plain = problem_of(rows_of(fees), budget=budget, tmp_path=tmp_path)
    rules = [data.draw(chance_rules(plain)) for _ in range(data.draw(st.integers(1, 2)))]
    problem = problem_of(rows_of(fees), *rules, budget=budget, tmp_path=tmp_path)
    objective = metric_objective(problem, "engagements")
    outcome = plan_problem(problem, limits=FREE, solver=solver("highs"))
    best = best_value(problem, objective)
    if best is None:
        assert isinstance(outcome, Diagnosis)
        assert outcome.status == "infeasible"
        return
    assert isinstance(outcome, Plan)
    assert outcome.status == "optimal"
    assert outcome.proof.objective == best * objective.unit
    bought = {pick.offer for pick in outcome.picks}
    rows = [row for row in range(len(problem)) if problem.roster.text("offer", row) in bought]
    for rule, use in zip(problem.rules, outcome.rules, strict=True):
        failed = failures(problem, rule, rows)
        assert use.chance.share == Fraction(COUNT - failed, COUNT) >= use.chance.asked == rule.chance
        assert use.binding == is_binding(problem, rule, rows)


@st.composite
def chance_rules(draw, problem):
    """Draw a rule whose limit is near what some of the offers bring."""
    measure = draw(st.sampled_from(("conversions", "engagements", "reach", "revenue", "spend")))
    part = draw(st.floats(0.02, 0.6))
    weights = {"spend": problem.forecast.cost, "revenue": problem.forecast.revenue}.get(measure)
    total = int((problem.forecast.metrics[measure] if weights is None else weights).sum())
    amount = f"{total * part / (1000 if weights is None else 100):.2f}"
    sign = draw(st.sampled_from((">=", ">=", "<=")))
    selector = draw(st.sampled_from(("all", "all", "niche:beauty", "platform:instagram")))
    return f"{selector} {measure} {sign} {amount} in {draw(st.sampled_from((50, 75, 90, 100)))}%"


@pytest.mark.parametrize(
    ("share", "count", "fail"),
    [(90, 13, 1), (90, 17, 1), (80, 13, 2), (80, 17, 3), (70, 13, 3), (99, 99, 0), (50, 3, 1)],
)
def test_a_rule_holds_at_least_as_often_as_asked_where_its_share_of_the_scenarios_is_no_whole_number(
    share, count, fail
):
    chance = Fraction(share, 100)
    assert may_fail(chance, count) == fail
    assert Fraction(count - fail, count) >= chance > Fraction(count - fail - 1, count)


@pytest.mark.parametrize("count", [13, 17])
def test_plans_keep_their_chance_in_any_number_of_scenarios(count, tmp_path):
    few = ScenarioSettings(count=count, seed=3)
    for limit in range(500, 4_000, 500):
        rule = f"all engagements >= {limit} in 90%"
        problem = problem_of(rows_of([100, 200, 300, 400]), rule, budget=60_000, tmp_path=tmp_path, scenarios=few)
        plan = plan_problem(problem, limits=FREE, solver=solver("highs"))
        if isinstance(plan, Plan):
            assert plan.rules[0].chance.share >= Fraction(9, 10)


def test_what_is_used_is_reached_in_as_many_scenarios_as_asked_for(tmp_path):
    problem = problem_of(rows_of([100, 200, 300]), "all engagements >= 10 in 90%", tmp_path=tmp_path)
    rule, selection = problem.rules[0], np.ones(len(problem), dtype=bool)
    selection[-1] = False
    totals = sorted(scenario_totals(problem, rule, np.flatnonzero(selection).tolist()))
    use = rule_usage(problem, rule, selection)
    assert use.used == Fraction(totals[2], 1000)
    assert use.chance.scenarios == COUNT
    at_most = replace(rule, bounds=replace(rule.bounds, low=None, high=Fraction(10)))
    assert rule_usage(problem, at_most, selection).used == Fraction(totals[-3], 1000)


def binding(tmp_path, *rules, **facts):
    """Return which rules are binding in the best plan, and how many creators that has."""
    problem = problem_of(rows_of([100, 200, 300]), *rules, tmp_path=tmp_path, **facts)
    plan = plan_problem(problem, limits=FREE, solver=solver("highs"))
    return tuple(use.binding for use in plan.rules), len(plan.picks)


def test_a_rule_that_every_plan_keeps_with_ease_is_not_binding_though_it_may_not_fail(tmp_path):
    assert binding(tmp_path, "all engagements >= 1 in 100%", "all spend <= 9000 in 100%") == ((False, False), 2)


def test_a_rule_is_binding_where_nobody_can_be_dropped_or_added(tmp_path):
    assert binding(tmp_path, "all count >= 2 in 100%")[0] == (True,)
    assert binding(tmp_path, "all spend <= 250 in 100%")[0] == (True,)
    assert binding(tmp_path, "all spend <= 450 in 100%")[0] == (False,)


def test_a_share_of_the_budget_can_have_a_chance(tmp_path):
    problem = problem_of(rows_of([100, 200, 300]), "niche:beauty spend <= 20% of budget in 100%", tmp_path=tmp_path)
    plan = plan_problem(problem, limits=FREE, solver=solver("highs"))
    assert plan.rules[0].used <= Fraction(1, 5)
    assert plan.rules[0].chance.share == 1


def test_an_answer_that_holds_in_too_few_scenarios_is_refused(tmp_path):
    problem = problem_of(rows_of([100, 200, 300]), "all engagements >= 100000 in 90%", tmp_path=tmp_path)
    program = formulate(problem, metric_objective(problem, "engagements"))
    picks = np.asarray([0])
    with pytest.raises(AuditError, match="all engagements >= 100000 in 90%"):
        audit(problem, program, picks, program.objective_value(picks))


def test_a_rule_without_a_chance_in_other_campaigns_changes_no_program(tmp_path):
    problem = problem_of(rows_of([100, 200, 300]), "all engagements >= 10", tmp_path=tmp_path)
    assert formulate(problem, metric_objective(problem, "engagements")).quotas == ()


def test_the_best_chance_is_named_where_no_plan_has_the_one_asked_for(tmp_path):
    rows = rows_of([100, 200, 300, 400])
    totals = scenario_totals(
        plain := problem_of(rows, "all engagements >= 1 in 90%", tmp_path=tmp_path), plain.rules[0], range(len(rows))
    )
    limit = sorted(totals)[COUNT // 2] / 1000
    problem = problem_of(rows, f"all engagements >= {limit} in 90%", budget=1_000_000, tmp_path=tmp_path)
    quick = plan_problem(problem, limits=FREE, solver=solver("highs"))
    diagnosis = diagnose(problem, quick, solver("highs"), FREE).diagnosis
    rule, best = problem.rules[0], 0
    for size in range(len(rows) + 1):
        for chosen in combinations(range(len(rows)), size):
            if len({int(problem.roster.creator_id[row]) for row in chosen}) == size:
                best = max(best, COUNT - failures(problem, rule, chosen))
    assert [(each.label, each.share, each.at_most) for each in diagnosis.best_chances] == [
        (rule.label, Fraction(best, COUNT), Fraction(best, COUNT))
    ]
    assert all("engagements" in change.label for repair in diagnosis.repairs for change in repair.changes)


def test_rules_that_hold_in_some_scenarios_do_not_contradict_those_on_the_mean():
    campaign = build_campaign("all conversions >= 300 in 20%", "all conversions <= 250")
    assert find_contradictions(campaign) == ([], [])


def test_more_scenarios_than_a_search_can_count_are_refused(tmp_path):
    many = ScenarioSettings(count=50_000, seed=1)
    problem = problem_of(rows_of([100]), "all engagements >= 1 in 90%", tmp_path=tmp_path, scenarios=many)
    with pytest.raises(CampaignError, match=r"up to 2,000 scenarios on this list, not 50,000"):
        formulate(problem, metric_objective(problem, "engagements"))


def test_a_chance_that_keeps_creators_out_is_the_reason_why_money_is_left(tmp_path):
    problem = problem_of(rows_of([100, 200, 300]), "all spend <= 250 in 100%", tmp_path=tmp_path)
    plan = plan_problem(problem, limits=FREE, solver=solver("highs"))
    assert plan.unspent_reason == "your rule all spend <= 250 in 100% keeps further creators out"


def test_a_plan_counts_its_chances_in_draws_that_it_was_not_chosen_by_too(tmp_path):
    rules = ("all engagements >= 500 in 75%", "niche:beauty count >= 1 in 60%")
    problem = problem_of(rows_of([100, 200, 300]), *rules, tmp_path=tmp_path)
    plan = plan_problem(problem, limits=FREE, solver=solver("highs"))
    chosen = {(pick.creator, pick.offer) for pick in plan.picks}
    texts = [problem.roster.text("creator", row) for row in range(len(problem))]
    bought = [row for row, name in enumerate(texts) if (name, problem.roster.text("offer", row)) in chosen]
    draws = scenarios_of(problem, count=10_000, seed=problem.campaign.scenarios.seed + 1)
    totals = draws.metrics["engagements"][bought].sum(axis=0)
    fresh = plan.rules[0].chance.fresh
    assert (fresh.draws, fresh.seed) == (10_000, draws.seed)
    assert fresh.share == Fraction(int((totals >= 500_000).sum()), 10_000)
    assert plan.rules[1].chance.fresh.share == 1
