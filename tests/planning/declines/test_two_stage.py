"""Plans after declines: compared with all first offers, all answers, and the policy of substitutes."""

import json
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.decline_settings import DeclineSettings
from microopt.campaign.risk_settings import ScenarioSettings
from microopt.errors import CampaignError, UsageError
from microopt.plan.codec import CODEC
from microopt.plan.plan import Plan
from microopt.planning.build_plan import build_plan
from microopt.planning.build_problem import build_problem
from microopt.planning.declines.choose import NOBODY_DECLINES, asking_of, refuse_after_declines, wrong_claims
from microopt.planning.declines.freed_value import freed_objective
from microopt.planning.declines.if_accepted import acceptance_of_choices
from microopt.planning.declines.two_stage import SHARES, bounds_if_known, measure
from microopt.planning.optimize import build_objective, optimize, solve_problem
from tests.planning.builders import CALM, FREE, build_campaign, build_roster, roster_rows, solver
from tests.solver.builders import subsets

AFTER = DeclineSettings(after_declines=True)


def row(creator, fee, rate=0.05, acceptance=1.0, **facts):
    words = {"platform": "instagram", "offer": "reel", "niche": "food", "region": "", "brands": "", "conflicts": ""}
    own = {"creator": creator, "fee": fee, "rate": rate, "followers": 20_000, "hours": None, "score": 1}
    return words | own | {"max_units": None, "volume_discount": "", "acceptance": acceptance} | facts


def roster_of(rows):
    roster = build_roster(rows)
    acceptance = np.asarray([each["acceptance"] for each in rows], dtype=float)
    return replace(roster, numbers={**roster.numbers, "acceptance": acceptance})


def solve(rows, *rules, declines=AFTER, count=40, **facts):
    campaign = build_campaign(*rules, declines=declines, scenarios=ScenarioSettings(count=count), **facts)
    problem, _ = build_problem(roster_of(rows), campaign)
    return solve_problem(problem, limits=FREE, solver=solver("highs"))


def names(solved):
    return sorted(solved.problem.roster.texts["creator"][rows] for rows in solved.problem.rows_of(solved.picks))


def asking(solved):
    return asking_of(solved.problem, solved.ideals, np.asarray(solved.proof.row_prices), build_objective)


RISKY = [
    row("anna", 10_000, 0.08, 0.4),
    row("ben", 10_000, 0.05),
    row("cleo", 10_000, 0.045),
    row("dora", 10_000, 0.04),
]


def test_whoever_brings_most_if_they_accept_is_asked_first_where_others_can_take_their_place():
    assert names(solve(RISKY, declines=None, budget=10_000)) == ["ben"]
    solved = solve(RISKY, budget=10_000)
    assert names(solved) == ["anna"]
    after = solved.after_declines
    assert after.value > after.of_means >= after.of_means_alone and after.share > 0
    assert (after.scenarios, after.seed, after.rounds) == (40, 1, 3) and after.rules_kept == 40


def test_the_proof_says_how_much_better_a_plan_is_if_nobody_is_replaced():
    means, solved = solve(RISKY, declines=None, budget=10_000), solve(RISKY, budget=10_000)
    assert solved.proof.status == "feasible" and solved.proof.bound == means.proof.objective
    assert solved.proof.objective < solved.proof.bound and solved.proof.limit is None
    plan = build_plan(solved)
    assert plan.is_settled and plan.status == "feasible"


def test_nothing_changes_where_everybody_accepts_and_the_plan_says_so():
    rows = [each | {"acceptance": 1.0} for each in RISKY]
    with_flag, without = solve(rows, budget=20_000), solve(rows, declines=None, budget=20_000)
    assert with_flag.after_declines is None and np.array_equal(with_flag.picks, without.picks)
    assert NOBODY_DECLINES in build_plan(with_flag).notes and NOBODY_DECLINES not in build_plan(without).notes
    assert build_plan(with_flag).after_declines is None


def test_the_order_of_the_roster_does_not_matter():
    one, other = solve(RISKY, budget=20_000), solve(RISKY[::-1], budget=20_000)
    assert names(one) == names(other) and one.after_declines == other.after_declines


@pytest.mark.parametrize("goal", ["engagement", "conversions", "balanced", "reach", "worth", "value:score"])
def test_goals_that_add_up_are_measured_after_declines(goal):
    rows = [each | {"score": 2 if each["creator"] == "anna" else 1} for each in RISKY]
    after = solve(rows, goal=goal, budget=20_000).after_declines
    assert after.value >= after.of_means >= after.of_means_alone and after.bound >= after.value > 0


def test_profit_does_not_pay_whoever_declines():
    facts = {"order_value": 4_000, "margin": Fraction(1, 2)}
    rows = [row("anna", 100, 0.08, 0.5), row("ben", 100, 0.05)]
    solved = solve(rows, goal="profit", budget=10_000, **facts)
    problem = solved.problem
    paid = (problem.forecast.kept_revenue / acceptance_of_choices(problem) - problem.forecast.cost)[solved.picks]
    accepted = asking(solved).accepted(solved.picks)
    assert float(solved.after_declines.of_means_alone) == pytest.approx(
        float(paid @ accepted.mean(axis=1)) / 100, rel=1e-4
    )


@pytest.mark.parametrize("facts", [{"goal": "net reach"}, {"goal": "least cost", "budget": None}])
def test_goals_that_do_not_add_up_are_refused(facts):
    from tests.planning.builders import POOLS

    with pytest.raises(CampaignError) as caught:
        solve(RISKY, audience=POOLS, **facts)
    assert caught.value.code == "declines-goal" and caught.value.fix


@pytest.mark.parametrize(
    ("rules", "facts"), [((), {"worst_share": Fraction(1, 10)}), (("all engagements >= 10 in 90%",), {})]
)
def test_the_worst_outcomes_and_chances_are_refused(rules, facts):
    with pytest.raises(CampaignError) as caught:
        solve(RISKY, *rules, **facts)
    assert caught.value.code == "declines-goal"


def test_studies_of_plans_before_declines_are_refused():
    refuse_after_declines(build_campaign(), "a frontier")
    with pytest.raises(UsageError, match="a frontier measures plans before declines"):
        refuse_after_declines(build_campaign(declines=AFTER), "a frontier")


def test_rules_are_not_priced_by_the_mean():
    campaign = build_campaign("all count >= 1", declines=AFTER, budget=25_000)
    with pytest.raises(UsageError, match="--price-rules measures plans before declines"):
        optimize(roster_of(RISKY), campaign, limits=FREE, solver=solver("highs"), price_rules=True)


def test_a_rule_that_declines_break_is_said_to_be_broken():
    rows = [row("anna", 10_000, 0.08, 0.5, niche="beauty"), row("ben", 10_000, 0.05)]
    after = solve(rows, "niche:beauty count >= 1", budget=20_000).after_declines
    assert 0 < after.rules_kept < after.scenarios


acceptances = st.lists(st.sampled_from((0.3, 0.5, 0.8, 0.95, 1.0)), min_size=7, max_size=7)
rule_sets = st.sampled_from(((), ("all count <= 2",), ("all count >= 2 (soft 2%)",), ("niche:food spend <= 60%",)))


@settings(CALM, max_examples=8)
@given(roster_rows(offers=5, creators="abcd"), acceptances, rule_sets, st.sampled_from(("engagement", "balanced")))
def test_no_first_offers_beat_the_bound_and_the_plan_of_means_never_beats_the_choice(rows, acceptance, rules, goal):
    rows = [each | {"acceptance": share} for each, share in zip(rows, acceptance, strict=False)]
    solved = solve(rows, *rules, goal=goal, count=4, budget=60_000)
    if getattr(solved, "after_declines", None) is None:
        return
    asked, after = asking(solved), solved.after_declines
    means = np.asarray(after.means, dtype=np.intp)
    every = [np.flatnonzero(chosen) for chosen in subsets(asked.means)]
    outcomes = measure(asked, [solved.picks, means, *every])
    unit, totals = asked.objective.unit, [int(outcome.value.sum()) for outcome in outcomes]
    bounds = bounds_if_known(asked)
    assert max(totals) <= int(bounds.sum()) and all((each.value <= bounds).all() for each in outcomes)
    assert totals[0] >= totals[1]
    assert after.value == Fraction(totals[0], 4) * unit and after.of_means == Fraction(totals[1], 4) * unit
    for share in SHARES:
        objective = freed_objective(solved.problem, asked.objective, asked.uses, share, solved.objective.ideal)
        best = max((int(objective.values[plan].sum()) for plan in every), default=0)
        rivals = [plan for plan in every if int(objective.values[plan].sum()) == best]
        if len(rivals) == 1 and not rules:  # soft rules add penalties
            assert totals[0] >= int(measure(asked, rivals)[0].value.sum())


def exact_mean(solved, plan, scenarios):
    """Return the mean of a plan over all answers, each as often as it is likely."""
    asked, acceptance = asking(solved), acceptance_of_choices(solved.problem)
    answers = np.asarray(list(product((False, True), repeat=len(acceptance)))).T
    likely = np.where(answers, acceptance[:, None], 1 - acceptance[:, None]).prod(axis=0)
    every = replace(asked, accept=lambda rows: answers[rows], scenarios=answers.shape[1])
    return float(measure(every, [plan])[0].value @ likely) * float(asked.objective.unit)


def test_many_draws_come_near_the_mean_over_all_answers():
    rows = [each | {"acceptance": share} for each, share in zip(RISKY, (0.4, 0.7, 0.8, 0.9), strict=True)]
    solved = solve(rows, budget=20_000, count=4_000)
    means = np.asarray(solved.after_declines.means, dtype=np.intp)
    chosen = exact_mean(solved, solved.picks, 4_000)
    assert float(solved.after_declines.value) == pytest.approx(chosen, rel=0.03)
    assert chosen >= exact_mean(solved, means, 4_000) * 0.99


def test_a_plan_keeps_what_it_brings_after_declines_in_its_file():
    plan = build_plan(solve(RISKY, budget=20_000))
    again = CODEC.decode(json.loads(json.dumps(CODEC.encode(replace(plan, picks=())))), Plan)
    assert again.after_declines.means == plan.after_declines.means
    assert float(again.after_declines.value) == float(plan.after_declines.value)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"share": Fraction(-1)}, "share"),
        ({"share": Fraction(99)}, "share"),
        ({"candidates": 0}, "share"),
        ({"means": (0, 1, 2, 3)}, "means"),
        ({"means": (2, 1)}, "means"),
        ({"means": (-1,)}, "means"),
        ({"share": Fraction(0)}, "means"),
    ],
)
def test_claims_that_cannot_be_so_are_named(changes, key):
    solved = solve(RISKY, budget=10_000)
    claims = replace(solved.after_declines, **changes)
    found = list(wrong_claims(solved.problem, solved.program, solved.picks, claims))
    assert [place for place, _ in found] == [key]
    assert not list(wrong_claims(solved.problem, solved.program, solved.picks, solved.after_declines))


def test_a_plan_says_what_it_brings_after_declines_if_and_only_if_that_is_asked_for():
    solved, means = solve(RISKY, budget=10_000), solve(RISKY, declines=None, budget=10_000)
    assert list(wrong_claims(solved.problem, solved.program, solved.picks, None))
    assert list(wrong_claims(means.problem, means.program, means.picks, solved.after_declines))
