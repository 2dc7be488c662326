"""Plans for the worst outcomes, against an enumeration of all plans with their true worst scenarios."""

import json
import re
from fractions import Fraction
from itertools import combinations, product
from math import ceil

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.tradeoff.risk_front import risk_front
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.risk_settings import ScenarioSettings
from microopt.campaign.settings import parse_campaign
from microopt.errors import CampaignError, UsageError
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import zero_objective
from microopt.planning.optimize import build_objective, optimize, solve_problem
from microopt.planning.risk import plan_for_worst, safest_of_means
from microopt.planning.risk.tail_figures import measure_plan
from microopt.planning.risk.tail_goal import build_tail_goal
from microopt.planning.scenario_values import goal_in_scenarios, scenarios_of
from microopt.readers.roster import read_roster
from microopt.rendering.data.json import object_json
from microopt.solver import worst_mean_state
from microopt.solver.result import SolveLimits
from microopt.verification.verify import verify
from tests.planning.builders import CALM, CSV, build_roster, campaigns, comparable, roster_rows, solver
from tests.scale import examples
from tests.verification.opponent import sealed

GOALS = ("balanced", "engagement", "conversions", "reach", "worth", "value:score", "profit")
SHARES = st.sampled_from([Fraction(1, 10), Fraction(1, 3), Fraction(9, 10)])
RULES = ("niche:beauty count 1..3", "all count 1..4", "each creator spend <= 60%")


def best_by_enumeration(problem, ideals):
    """Return the best true mean of the worst scenarios of all plans, in the goal's own unit, None without a plan."""
    objective = build_objective(problem, ideals)
    totals = {ideal.metric: ideal.total for ideal in ideals}
    values = goal_in_scenarios(problem, scenarios_of(problem), objective, totals)
    count = problem.campaign.scenarios.count
    worst = ceil(problem.campaign.worst_share * count)
    unit = objective.unit / worst
    zero = replace(objective, values=np.zeros_like(objective.values), unit=unit)
    program = formulate(problem, zero, by_means=True)
    best = None
    for size in range(problem.choice_count + 1):
        for plan in combinations(range(problem.choice_count), size):
            chosen = np.asarray(plan, dtype=np.intp)
            if program.violated_constraints(chosen):
                continue
            sums = sorted(int(values[chosen, number].sum()) for number in range(count))
            value = sum(sums[:worst]) + program.objective_value(chosen)
            best = value if best is None else max(best, value)
    return None if best is None else best * unit


@settings(CALM, max_examples=examples(60))
@given(st.data(), st.sampled_from(GOALS), SHARES, st.sampled_from([10, 17]), st.booleans())
def test_agrees_with_the_enumeration_of_all_plans(data, goal, share, count, declines):
    rows = data.draw(roster_rows(offers=8))
    campaign = data.draw(campaigns(rows, goal))
    roster = build_roster(rows)
    if declines:
        chance = data.draw(st.lists(st.sampled_from([0.3, 0.7, 1.0]), min_size=8, max_size=8))
        chances = np.asarray([chance[number % 8] for number in roster.creator_id.tolist()])
        roster = replace(roster, numbers={**roster.numbers, "acceptance": chances})
    campaign = replace(campaign, worst_share=share, scenarios=ScenarioSettings(count=count, seed=3))
    try:
        problem, _ = build_problem(roster, campaign)
        assume(problem.choice_count <= 9)
        solved = solve_problem(problem, limits=SolveLimits(), solver=solver("highs"))
    except CampaignError:
        return
    if isinstance(solved, Diagnosis):
        assert formulate(problem.without_soft_rules(), zero_objective(problem)) is not None
        return
    best = best_by_enumeration(problem, solved.ideals)
    assert solved.proof.objective == solved.proof.bound == best
    assert solved.proof.status == "optimal"
    assert solved.tail.plan.worst >= solved.tail.of_means.worst or any(
        getattr(rule, "soft", None) for rule in problem.rules
    )


def plan_of(tmp_path, text=CSV, **settings):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    given = {"budget": "3000", "goal": "engagement", "risk": "20%", "scenarios": 50, **settings}
    campaign = parse_campaign(CampaignInput(**given))
    return optimize(read_roster(str(path)), campaign, solver=solver("highs"))


def saved(plan, tmp_path):
    file = tmp_path / "plan.json"
    file.write_text(object_json(plan), encoding="utf-8")
    return file


@pytest.mark.parametrize("goal", ["engagement", "balanced", "conversions"])
def test_verify_recomputes_the_scenarios_and_the_tail(tmp_path, goal):
    plan = plan_of(tmp_path, goal=goal, rules=["all count 1..3"])
    assert plan.tail is not None and plan.proof.objective == plan.tail.plan.worst
    verification = verify(str(saved(plan, tmp_path)))
    assert verification.discrepancy is None, verification.discrepancy


ALTERED = {
    "the mean of the worst": ("tail", "plan", "worst", 10**6),
    "the mean": ("tail", "plan", "mean", 10**6),
    "what the plan of means brings": ("tail", "of_means", "worst", 1),
    "the fresh draws": ("tail", "fresh", "draws", 9_999),
    "what it brings in fresh draws": ("tail", "fresh", "plan", {"mean": 10**6, "worst": 10**6}),
    "what the plan of means brings in them": ("tail", "fresh", "of_means", {"mean": 1, "worst": 1}),
    "the rule it keeps least often": ("tail", "fresh", "weakest_rule", {"label": "all count <= 5", "share": 0.95}),
    "what it brings of each metric": ("tail", "metrics", None, [{"metric": "reach", "mean": 1, "worst": 1}]),
    "what safety raises": ("tail", "raises", None, 0.17),
    "the plan of means": ("tail", "means", None, [0, 1, 2, 3, 4]),
    "the sets": ("tail", "sets", None, []),
    "no set of their own": ("tail", "sets", None, [list(range(10))]),
    "sets beyond the scenarios": ("tail", "sets", None, [list(range(91, 101))]),
    "a set of too few": ("tail", "sets", None, [[0]]),
    "the seed": ("campaign", "scenarios", "seed", 2),
    "the share": ("campaign", "worst_share", None, 0.1),
    "the number of scenarios": ("tail", "scenarios", None, 200),
    "no tail": ("tail", None, None, None),
    "the objective": ("proof", "objective", None, 10**6),
    "the bound": ("proof", "bound", None, 1),
}


@pytest.mark.parametrize("what", ALTERED)
def test_verify_refuses_a_plan_that_was_altered(tmp_path, what):
    plan = plan_of(tmp_path, rules=["all count 1..3"])
    value = json.loads(object_json(plan))
    room, key, inner, changed = ALTERED[what]
    if key is None:
        value[room] = changed
    elif inner is None:
        value[room][key] = changed
    else:
        value[room][key][inner] = changed
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(sealed(value)), encoding="utf-8")
    assert verify(str(file)).discrepancy is not None


def test_the_same_plan_whenever_it_is_made(tmp_path):
    first, second = (comparable(plan_of(tmp_path)) for _ in range(2))
    assert first == second


def test_more_caution_never_brings_less_in_the_worst_scenarios(tmp_path):
    plan = plan_of(tmp_path)
    assert plan.tail.plan.worst >= plan.tail.of_means.worst
    assert plan.tail.plan.mean <= plan.tail.of_means.mean


def test_a_share_of_nearly_all_scenarios_is_the_mean_of_nearly_all(tmp_path):
    plan = plan_of(tmp_path, risk="99%", scenarios=10)
    assert plan.tail.worst == 10


def test_a_second_solver_is_told_to_have_checked_nothing(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(CSV, encoding="utf-8")
    campaign = parse_campaign(CampaignInput(budget="3000", goal="engagement", risk="averse"))
    plan = optimize(read_roster(str(path)), campaign, solver=solver("highs"), second=solver("cbc"))
    assert not plan.proof.confirmed_by and "worst outcomes" in plan.proof.unconfirmed


def test_prices_of_rules_are_refused_and_not_answered_by_the_mean(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(CSV, encoding="utf-8")
    campaign = parse_campaign(CampaignInput(budget="3000", goal="engagement", risk="averse", rules=["all count 1..2"]))
    with pytest.raises(UsageError, match="worst"):
        optimize(read_roster(str(path)), campaign, price_rules=True)


def test_a_formulation_by_the_mean_is_refused_unless_it_is_asked_for(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(CSV, encoding="utf-8")
    campaign = parse_campaign(CampaignInput(budget="3000", goal="engagement", risk="averse"))
    problem, _ = build_problem(read_roster(str(path)), campaign)
    objective = build_objective(problem, ())
    with pytest.raises(UsageError, match="mean"):
        formulate(problem, objective)
    assert len(formulate(problem, objective, by_means=True)) == problem.choice_count


def test_a_mix_of_mean_and_worst_counts_both(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(CSV, encoding="utf-8")
    campaign = parse_campaign(CampaignInput(budget="3000", goal="engagement", risk="averse"))
    problem, _ = build_problem(read_roster(str(path)), campaign)
    objective = build_objective(problem, ())
    mixed = build_tail_goal(problem, objective, (), Fraction(1, 3))
    whole = build_tail_goal(problem, objective, ())
    picks = np.asarray([0, 2])
    mean = int(objective.values[picks].sum()) * objective.unit
    worst = whole.goal.objective_value(picks) * whole.objective.unit
    assert mixed.goal.objective_value(picks) * mixed.objective.unit == Fraction(2, 3) * mean + Fraction(1, 3) * worst


TWINS = """creator,platform,followers,fee,engagement_rate,niche
@a,instagram,20000,500,3%,beauty
@b,tiktok,20000,500,3%,beauty
@c,instagram,20000,500,3%,beauty
@d,youtube,20000,500,3%,beauty
@e,instagram,20000,500,3%,beauty
@f,tiktok,20000,500,3%,beauty
"""


def means_by_enumeration(problem):
    """Return the most that any plan of at most three choices expects, and the best worst scenarios of such plans."""
    objective = build_objective(problem, ())
    values = goal_in_scenarios(problem, scenarios_of(problem), objective)
    worst = ceil(problem.campaign.worst_share * problem.campaign.scenarios.count)
    plans = [
        (int(objective.values[list(plan)].sum()), sum(sorted(values[list(plan)].sum(axis=0).tolist())[:worst]))
        for plan in combinations(range(problem.choice_count), 3)
    ]
    mean, tail = max(plans)
    return mean * objective.unit, tail * objective.unit / worst, len({each for each in plans if each[0] == mean})


@pytest.mark.parametrize("seed", range(1, 6))
def test_safety_is_compared_with_the_safest_of_the_plans_that_are_best_on_average(tmp_path, seed):
    path = tmp_path / "roster.csv"
    path.write_text(TWINS, encoding="utf-8")
    given = {"budget": "1500", "goal": "engagement", "risk": "20%", "scenarios": 40, "seed": seed}
    roster, campaign = read_roster(str(path)), parse_campaign(CampaignInput(**given, rules=["all count = 3"]))
    problem, _ = build_problem(roster, campaign)
    mean, worst, ties = means_by_enumeration(problem)
    assert ties > 1
    plan = optimize(roster, campaign, solver=solver("highs"))
    assert (plan.tail.of_means.mean, plan.tail.of_means.worst) == (mean, worst)
    front = risk_front(roster, campaign, steps=3, limits=SolveLimits(), solver=solver("highs"))
    assert (front.points[0].mean, front.points[0].worst) == (mean, worst)
    assert front.points[0].fresh == plan.tail.fresh.of_means.worst
    assert verify(str(saved(plan, tmp_path))).discrepancy is None


def test_where_many_choices_are_open_swaps_find_a_safer_plan_of_the_same_mean(tmp_path, monkeypatch):
    monkeypatch.setattr(safest_of_means, "FEW", 0)
    path = tmp_path / "roster.csv"
    path.write_text(TWINS, encoding="utf-8")
    given = {"budget": "1500", "goal": "engagement", "risk": "20%", "scenarios": 40, "rules": ["all count = 3"]}
    problem, _ = build_problem(read_roster(str(path)), parse_campaign(CampaignInput(**given)))
    solved = solve_problem(problem, limits=SolveLimits(), solver=solver("highs"))
    tail = build_tail_goal(problem, build_objective(problem, ()), ())
    means, mean = set(solved.tail.means), solved.tail.of_means.mean
    for out, into in product(means, set(range(problem.choice_count)) - means):
        other = measure_plan(tail, np.asarray(sorted(means - {out} | {into})))
        assert other.mean < mean or other.worst <= solved.tail.of_means.worst


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_plan_that_is_best_on_average_too_is_compared_with_itself(tmp_path, monkeypatch, seed):
    """Where nobody has looked for the safest of equal plans, the search for the worst outcomes may find a safer one."""
    monkeypatch.setattr(plan_for_worst, "safest_of_means", lambda means, *_: means)
    path = tmp_path / "roster.csv"
    path.write_text(re.sub("tiktok|youtube", "instagram", TWINS), encoding="utf-8")
    given = {"budget": "1500", "goal": "engagement", "risk": "20%", "scenarios": 40, "seed": seed}
    problem, _ = build_problem(read_roster(str(path)), parse_campaign(CampaignInput(**given, rules=["all count = 3"])))
    solved = solve_problem(problem, limits=SolveLimits(), solver=solver("highs"))
    assert list(solved.tail.means) == solved.picks.tolist()
    assert solved.tail.of_means == solved.tail.plan


CREATORS = "creator,platform,followers,fee,engagement_rate\n" + "".join(
    f"@c{n},{('instagram', 'tiktok')[n % 2]},{20_000 + 7_919 * n % 50_000},{300 + 37 * n % 400},{2 + n % 4}%\n"
    for n in range(12)
)


def test_a_root_that_is_still_cut_after_its_last_round_has_a_bound(tmp_path, monkeypatch):
    expected = plan_of(tmp_path, CREATORS)
    monkeypatch.setattr(worst_mean_state, "ROUNDS", 1)
    plan = plan_of(tmp_path, CREATORS)
    assert plan.proof.objective == expected.proof.objective <= plan.proof.bound
    assert verify(str(saved(plan, tmp_path))).discrepancy is None
