"""Plans for the worst outcomes in draws that they were not chosen by, and what is said where they buy nothing more."""

from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from msgspec.structs import replace

from microopt.campaign.inputs import CampaignInput
from microopt.campaign.progress import CampaignProgress
from microopt.campaign.risk_settings import MOST_SEED
from microopt.campaign.settings import parse_campaign
from microopt.forecast import scenarios as forecast_scenarios
from microopt.planning import fresh_draws
from microopt.planning.build_problem import build_problem
from microopt.planning.optimize import build_objective, optimize, solve_problem
from microopt.planning.risk.tail_figures import build_tail
from microopt.planning.risk.tail_goal import build_tail_goal
from microopt.planning.scenario_values import goal_in_scenarios, scenarios_of
from microopt.readers.roster import read_roster
from microopt.rendering.data.json import object_json
from microopt.rendering.wording.plan_head import plan_head
from microopt.solver.result import SolveLimits
from microopt.verification.verify import verify
from tests.planning.builders import CSV, solver

LOSING = """creator,platform,followers,fee,engagement_rate,niche
@a,instagram,20000,500,3%,beauty
@b,instagram,50000,900,3%,beauty
@c,tiktok,120000,2500,4%,beauty
"""


def inputs(tmp_path, text=CSV, **settings):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    given = {"budget": "3000", "goal": "engagement", "risk": "20%", "scenarios": 50, "acceptance": "70%", **settings}
    return read_roster(str(path)), parse_campaign(CampaignInput(**given))


@pytest.mark.parametrize("goal", ["engagement", "balanced", "conversions"])
@pytest.mark.parametrize("seed", [7, MOST_SEED])
def test_both_plans_are_measured_in_all_draws_of_the_next_seed(tmp_path, goal, seed):
    problem, _ = build_problem(*inputs(tmp_path, goal=goal, seed=seed, one_offer_per="offer"))
    solved = solve_problem(problem, limits=SolveLimits(), solver=solver("highs"))
    fresh, share = solved.tail.fresh, Fraction(1, 5)
    assert (fresh.draws, fresh.seed) == (10_000, 8 if seed == 7 else 0)
    objective = build_objective(problem, solved.ideals)
    every = scenarios_of(problem, count=fresh.draws, seed=fresh.seed)
    values = goal_in_scenarios(problem, every, objective, {ideal.metric: ideal.total for ideal in solved.ideals})
    for picks, figures in ((solved.picks, fresh.plan), (np.asarray(solved.tail.means), fresh.of_means)):
        totals = sorted(values[picks].sum(axis=0).tolist())
        worst = ceil(share * fresh.draws)
        assert figures.mean == Fraction(sum(totals), fresh.draws) * objective.unit
        assert figures.worst == Fraction(sum(totals[:worst]), worst) * objective.unit


@pytest.mark.parametrize("one_offer_per", ["offer", "creator"])
def test_each_metric_of_a_balanced_goal_is_measured_in_its_own_worst_draws(tmp_path, one_offer_per):
    problem, _ = build_problem(*inputs(tmp_path, goal="balanced", one_offer_per=one_offer_per))
    tail = (solved := solve_problem(problem, limits=SolveLimits(), solver=solver("highs"))).tail
    every = scenarios_of(problem, count=10_000, seed=2)
    for picks, figures in ((solved.picks, tail.metrics), (np.asarray(tail.means), tail.metrics_of_means)):
        assert [each.metric for each in figures] == ["engagements", "conversions"]
        rows = np.isin(problem.choice, picks)
        for each in figures:
            totals = sorted(every.metrics[each.metric][rows].sum(axis=0).tolist())
            assert each.worst == Fraction(sum(totals[:2_000]), 2_000 * 1_000)
            assert each.mean == Fraction(int(problem.forecast.metrics[each.metric][rows].sum()), 1_000)


def test_the_weakest_rule_is_counted_in_all_draws_and_rules_of_replan_are_none_of_the_users(tmp_path):
    rules = ("all count >= 3", "all engagements >= 1", "all count >= 4 (soft 1%)")
    problem, _ = build_problem(*inputs(tmp_path, rules=rules))
    solved = solve_problem(problem, limits=SolveLimits(), solver=solver("highs"))
    weakest = solved.tail.fresh.weakest_rule
    every = scenarios_of(problem, count=10_000, seed=2)
    bought = np.isin(problem.choice, solved.picks)
    creators = problem.roster.creator_id[bought]
    accepted = np.array([every.accepted[bought][creators == one].any(axis=0) for one in np.unique(creators)])
    assert weakest.label == "all count >= 3"
    assert weakest.share == Fraction(int((accepted.sum(axis=0) >= 3).sum()), 10_000) < 1
    running = CampaignProgress(stability=("all count >= 3",))
    own = replace(problem, campaign=replace(problem.campaign, running=running))
    assert build_tail_of(own, solved).fresh.weakest_rule.label == "all engagements >= 1"
    calm, _ = build_problem(*inputs(tmp_path, acceptance=None, rules=("all count >= 1",)))
    assert solve_problem(calm, limits=SolveLimits(), solver=solver("highs")).tail.fresh.weakest_rule is None


def build_tail_of(problem, solved):
    goal = build_tail_goal(problem, build_objective(problem, solved.ideals), solved.ideals)
    return build_tail(problem, goal, solved.picks, solved.tail.means, solved.tail.sets)


def test_a_goal_that_has_a_unit_needs_no_figures_by_metric(tmp_path):
    assert optimize(*inputs(tmp_path)).tail.metrics == ()


def test_very_many_offers_are_drawn_as_often_as_memory_holds(tmp_path, monkeypatch):
    problem, _ = build_problem(*inputs(tmp_path))
    monkeypatch.setattr(forecast_scenarios, "MOST_CELLS", 2_000)
    assert fresh_draws.fresh_draws_of(problem, np.arange(4)).count == 500


def losing(tmp_path, **settings):
    earning = {"goal": "profit", "order_value": "6000", "margin": "60%", "acceptance": None}
    return optimize(*inputs(tmp_path, LOSING, **earning, **settings), solver=solver("highs"))


def test_an_empty_plan_says_that_every_other_one_loses_in_the_worst_outcomes(tmp_path):
    plan = losing(tmp_path)
    assert not plan.picks and plan.proof.status == "optimal" and plan.tail.of_means.mean > 0
    why = "no plan within your rules earns more than it costs in the worst outcomes that you plan for"
    assert plan.unspent_reason == why and f"the plan is empty: {why}" in plan.warnings
    assert "in the worst fifth of 50 scenarios." in " ".join(text for _, text in plan_head(plan))
    file = tmp_path / "plan.json"
    file.write_text(object_json(plan), encoding="utf-8")
    assert verify(str(file)).discrepancy is None


def test_a_plan_of_means_on_the_same_list_keeps_its_reasons(tmp_path):
    plan = optimize(*inputs(tmp_path, LOSING, goal="profit", order_value="20", margin="60%", risk=None))
    assert (
        plan.tail is None
        and plan.unspent_reason == "nobody who keeps the rules is expected to earn more than they cost"
    )


def test_money_left_by_a_plan_for_the_worst_outcomes_is_no_unfinished_search(tmp_path):
    for seed in range(1, 6):
        plan = losing(tmp_path, seed=seed)
        assert "the search ended" not in plan.unspent_reason
