"""Simulate a plan: draw what its picks may bring, all at once, and count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np
from msgspec.structs import replace

from microopt.analysis.session import PlanSession
from microopt.analysis.simulation.chances import chances, overspending, planned_total
from microopt.analysis.simulation.distributions import (
    exact_sum,
    histogram,
    integer_distribution,
    ratio_distribution,
)
from microopt.analysis.simulation.result import Distribution, Simulation
from microopt.analysis.simulation.risk_shares import risk_shares
from microopt.campaign.earnings import MONEY_RATIOS, PROFIT, ratio_name
from microopt.campaign.goals import BALANCED_METRICS, LEAST_COST, MEASURE_OF_GOAL, parse_goal
from microopt.campaign.metrics import NET_REACH, metrics_of
from microopt.errors import CampaignError, UsageError
from microopt.forecast.scenarios import Scenarios, draw_scenarios
from microopt.plan.expectations import Expectation
from microopt.planning.fresh_draws import fresh_seed
from microopt.planning.measures import find_measure
from microopt.planning.optimize import build_objective
from microopt.planning.outcomes.net_reach import total_of
from microopt.planning.outcomes.outcomes import CREATORS, Integers, Outcomes
from microopt.planning.problem import PlanningProblem, restrict
from microopt.planning.ratios import find_ratio
from microopt.planning.scenario_values import goal_in_scenarios
from microopt.planning.totals import sum_totals
from microopt.solver.result import Report

DRAWS = 10_000
LEAST_DRAWS, MOST_DRAWS = 100, 1_000_000
MOST_CELLS = 30_000_000  # offers times draws: each takes some 90 bytes, 2.7 GB in all
LARGEST_SEED = 2**63 - 1
SCORE = "score"  # what a balanced goal adds up


def simulate(
    session: PlanSession,
    *,
    draws: int = DRAWS,
    seed: int | None = None,
    targets: Mapping[str, Fraction] | None = None,
    expectations: Sequence[Expectation] = (),
    report: Report = lambda *_: None,
) -> Simulation:
    """Return what a plan may bring.

    Parameters
    ----------
    draws
        How many outcomes to simulate.
    seed
        By default that of the fresh draws, so that plans with and without risk meet the same outcomes.
    targets
        By measure, a least total in the user's units whose chance is asked for.
    expectations
        Whose chances are asked for.

    Raises
    ------
    UsageError
        If the plan is empty, or there are no draws, or more than memory holds.
    CampaignError
        If the roster or the campaign knows no such measure.
    """
    problem, rows = plan_problem(session)
    if seed is None:
        seed = fresh_seed(problem.campaign)
    check_draws(draws, seed, offers=len(problem))
    wanted = {_total_name(problem, name): least for name, least in (targets or {}).items()}
    report("drawing outcomes", None, None)
    whole = session.solved.problem
    scenarios = draw_scenarios(whole.roster, whole.campaign, whole.forecast, count=draws, seed=seed, rows=rows)
    outcomes = Outcomes(problem=problem, scenarios=replace(scenarios, rows=None))  # they are all rows of this problem
    planned = expected_outcome(problem)
    report("counting outcomes", None, None)
    goal_measures = measures_of_goal(problem)
    events = chances(outcomes, planned, targets=wanted, expectations=expectations, goal_measures=goal_measures)
    report("finding who carries the risk", None, None)
    risk_measure, values = _risk_values(session, outcomes)
    return Simulation(
        campaign=problem.campaign,
        roster=whole.roster_facts,
        totals=sum_totals(problem, outcomes.every_row),
        draws=draws,
        seed=seed,
        goal_measures=goal_measures,
        distributions=(*_distributions(outcomes, goal_measures),),
        histograms=tuple(histogram(name, total_of(outcomes, name), outcomes.scale(name)) for name in goal_measures),
        targets=wanted,
        chances=events,
        overspending=overspending(outcomes),
        risk_measure=risk_measure,
        risk=risk_shares(outcomes, values),
        warnings=session.warnings,
    )


def plan_problem(session: PlanSession) -> tuple[PlanningProblem, Integers]:
    """Return the problem of the offers that a plan buys alone, and their rows in the whole problem.

    Raises
    ------
    UsageError
        If it buys none.
    """
    problem, picks = session.solved.problem, session.solved.picks
    chosen = np.zeros(problem.choice_count, dtype=bool)
    chosen[picks[picks < problem.choice_count]] = True  # further columns are no choices
    if not chosen.any():
        fix = "make a plan with at least one creator, such as with a larger budget"
        raise UsageError("the plan is empty: there is nothing to simulate", fix=fix, code="plan-empty")
    return restrict(problem, chosen, problem.campaign), np.flatnonzero(problem.select_rows(chosen))


def check_draws(draws: int, seed: int | None, *, offers: int = 1) -> None:
    """Check that there are draws, and no more than memory holds.

    Raises
    ------
    UsageError
        If not.
    """
    most = min(MOST_DRAWS, MOST_CELLS // max(offers, 1))
    if draws < LEAST_DRAWS:
        message = f"--draws {draws} is too few to say how likely anything is"
        fix = f"give {LEAST_DRAWS} or more, such as --draws {DRAWS}"
        raise UsageError(message, fix=fix, code="draws-range")
    if draws > most:
        of_plan = f" of a plan of {offers:,} offers" if most < MOST_DRAWS else ""
        message = f"--draws {draws:,}{of_plan} would take too much memory: at most {most:,} are simulated"
        raise UsageError(message, fix=f"give fewer, such as --draws {min(most, DRAWS)}", code="draws-range")
    if seed is not None and not 0 <= seed <= LARGEST_SEED:
        fix = f"give a whole number from 0 to {LARGEST_SEED}, such as --seed 1"
        raise UsageError(f"--seed {seed} is out of range", fix=fix, code="seed-range")


def parse_targets(amounts: Mapping[str, str]) -> dict[str, Fraction]:
    """Parse the least totals whose chance is asked for, by measure; see `flag_values.parse_amounts`.

    Raises
    ------
    CampaignError
        If one is not an amount above 0, or is of a ratio, which is not reached by adding up.
    """
    for name, amount in amounts.items():
        if ratio := ratio_name(name):
            sign = "<=" if ratio in MONEY_RATIOS else ">="
            fix = f"ask for it with --expect '{ratio} {sign} {amount}'"
            raise CampaignError(f"--target {name}: {ratio} is a ratio, not a total", fix=fix, code="target-amount")
    return dict(parse_goal(None, {}, amounts).targets)


def measures_of_goal(problem: PlanningProblem) -> tuple[str, ...]:
    """Return the totals that the goal of a campaign is about."""
    goal = problem.campaign.goal
    if goal.name == "balanced":
        return BALANCED_METRICS
    if goal.name in ("worth", LEAST_COST):
        wanted = goal.worths or goal.targets
        return tuple(dict.fromkeys(_total_name(problem, name) for name in wanted))
    return (_total_name(problem, goal.column or MEASURE_OF_GOAL.get(goal.name, goal.name)),)


def _total_name(problem: PlanningProblem, measure: str) -> str:
    """Return the name of a total: `creators` for the count, and a column as the roster writes it.

    Raises
    ------
    CampaignError
        If the roster or the campaign knows no such measure.
    """
    if measure == NET_REACH and problem.campaign.audience is not None:
        return NET_REACH
    name = find_measure(problem, measure).name
    return CREATORS if name == "count" else name


def expected_outcome(problem: PlanningProblem) -> Outcomes:
    """Return the one outcome in which everybody accepts and every offer brings what is expected of it."""
    forecast = problem.forecast
    scenarios = Scenarios(
        seed=0,
        count=1,
        metrics={name: amounts[:, None] for name, amounts in forecast.metrics.items()},
        accepted=np.ones((len(problem), 1), dtype=bool),
        cost=forecast.cost[:, None],
        revenue=None if forecast.revenue is None else forecast.revenue[:, None],
    )
    return Outcomes(problem=problem, scenarios=scenarios)


def _distributions(outcomes: Outcomes, goal_measures: Sequence[str]) -> Iterator[Distribution]:
    """Yield the distribution of each total: who accepts, money, metrics, and what else the goal is about."""
    problem = outcomes.problem
    forecast, audience = problem.forecast, problem.campaign.audience
    has_revenue, has_profit = (
        known is not None and not (known < 0).any() for known in (forecast.revenue, forecast.kept_revenue)
    )
    names = [CREATORS, "spend", *metrics_of(forecast.metrics), *([NET_REACH] if audience is not None else [])]
    names += [*(["revenue"] if has_revenue else []), *([PROFIT] if has_revenue and has_profit else [])]
    for name in dict.fromkeys((*names, *goal_measures)):
        planned, totals = planned_total(outcomes, name), total_of(outcomes, name)
        yield integer_distribution(name, totals, outcomes.scale(name), planned, high_is_worst=name == "spend")
    if has_revenue and (ratio := find_ratio(problem, "roas")):
        above, below = (outcomes.total(side.name) for side in (ratio.above, ratio.below))
        spend = exact_sum(ratio.below.weights)
        planned_roas = Fraction(exact_sum(ratio.above.weights), spend) * ratio.factor if spend else None
        roas = ratio_distribution(ratio.name, above, below, ratio.factor, planned_roas)
        yield from [] if roas is None else [roas]


def _risk_values(session: PlanSession, outcomes: Outcomes) -> tuple[str, Integers]:
    """Return what the risk is about, and what each creator adds to it in each outcome, (choices, outcomes).

    A goal of least cost is at risk in its first target; net reach, which does not add up, in gross reach.
    """
    problem, goal = outcomes.problem, outcomes.problem.campaign.goal
    if goal.name in ("balanced", "worth"):
        objective, name = build_objective(problem, session.solved.ideals), SCORE if goal.name == "balanced" else "worth"
        ideals = {ideal.metric: ideal.total for ideal in session.solved.ideals}
        return name, goal_in_scenarios(problem, outcomes.scenarios, objective, ideals)
    name = measures_of_goal(problem)[0]
    name = "reach" if name == NET_REACH else name
    return name, outcomes.amounts_by_choice(name)
