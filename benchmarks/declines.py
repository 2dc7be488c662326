"""The gain of planning for declines: campaigns with a known truth, by what they bring after answers and substitutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from benchmarks.markdown import table
from benchmarks.nightly import BUDGET, RULES
from benchmarks.nightly_truth import FACTORS, SHOCKS
from benchmarks.rosters import write_roster
from benchmarks.spec import Report, Size, Spec
from microopt import CampaignInput, Roster, campaign_from_input, read_roster
from microopt.analysis.estimates import student_quantile
from microopt.forecast.model import expected_results
from microopt.forecast.scenarios import draw_scenarios
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.build_problem import build_problem
from microopt.planning.declines.ask_in_rounds import ask_in_rounds
from microopt.planning.declines.choose import asking_of
from microopt.planning.declines.two_stage import substitutes_by_round
from microopt.planning.optimize import build_objective, solve_problem
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.solver.backends.base import load_backend
from microopt.solver.result import SolveLimits

NDFloat = NDArray[np.float64]
GOALS = {"engagement": "engagements", "conversions": "conversions"}  # the goal and the metric that is its total
DECLINES = (0.15, 0.30, 0.40)  # how many decline, on average over the creators
SPREAD = 0.12  # the standard deviation of a creator's chance to decline about it
OUTCOMES, FRESH_SEED = 1_000, 10_000  # of each campaign, and their seed: plans are made with seed 1
WORST = 0.1
JUDGED, LEAST_MEAN, LEAST_WORST = 0.30, 0.03, 0.10  # the declines at which these gains are aimed for
NOTE = (
    "{seeds} rosters of {creators:,} creators, budget ${budget:,}, rules on a niche and a tier. Each creator has a "
    "chance to decline of their own, drawn with a standard deviation of {spread:.0%} about the share in the first "
    "column; the plans know it. Each campaign is then run {outcomes:,} times, with answers and results that no plan "
    "has seen: another seed of `draw_scenarios`, times a factor of each platform that the forecast does not know, as "
    "large as in `nightly` and 1 on average. `alone`: the plan of means, nobody is replaced. `substitutes`: the plan "
    "of means; whoever declines is replaced in up to three rounds, never beyond the budget if all who are asked "
    "accept. **after declines**: the plan of `--after-declines`, with the same substitutes. `worst tenth` is the mean"
    " of the {worst:.0%} of the outcomes that bring least. Gains are means over the rosters with 95% intervals of the"
    " pairs (Student's t)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What an arm brings on one roster: the mean of the outcomes, that of the worst tenth, and the spend in cents."""

    mean: float
    worst: float
    spend: float


def run(size: Size) -> Report:
    """Plan each campaign by its means and after declines, and compare what the plans bring."""
    rows: list[Sequence[str]] = []
    missed: list[str] = []
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        paths = {seed: str(write_roster(Path(folder), size.creators, seed)) for seed in size.seeds}
        for goal in GOALS:
            for declines in DECLINES:
                results = [_results(read_roster(path), goal, declines, seed) for seed, path in paths.items()]
                rows += _rows(goal, declines, results)
                missed += _missed(goal, declines, results)
    note = NOTE.format(
        seeds=len(size.seeds),
        creators=size.creators,
        budget=BUDGET,
        spread=SPREAD,
        outcomes=OUTCOMES,
        worst=WORST,
    )
    return Report(text=f"{table(HEADER, rows, left=2)}\n\n{note}", missed=tuple(missed))


HEADER = (
    *("goal, declines", "arm", "mean", "worst tenth", "spend"),
    *(f"{name}: more than {peer}" for peer in ("alone", "substitutes") for name in ("mean", "worst tenth")),
)
ALONE, SUBSTITUTES, AFTER = ARMS = ("alone", "substitutes", "**after declines**")


def _results(roster: Roster, goal: str, declines: float, seed: int) -> Mapping[str, Result]:
    """Return what each arm brings on a roster."""
    roster = _with_acceptance(roster, declines, seed)
    means, after = (_solve(roster, goal, after_declines=wanted) for wanted in (False, True))
    problem, metric = means.problem, GOALS[goal]
    assert means.result.prices is not None
    asking = asking_of(problem, means.ideals, means.result.prices, build_objective)
    rounds = list(substitutes_by_round(asking))
    columns = np.unique(np.concatenate([means.picks, after.picks, *(each for lists in rounds for each in lists)]))
    accepted, worth = _outcomes(problem, columns, metric, seed)
    expected = np.asarray(problem.forecast.metrics[metric][columns])
    usual, chosen = ask_in_rounds(
        asking.accepting, [means.picks, after.picks], rounds, columns, accepted, worth, expected
    )
    alone = (problem.forecast.cost[means.picks][:, None] * accepted[np.searchsorted(columns, means.picks)]).sum(axis=0)
    return {
        ALONE: _measure(usual.alone, alone),
        SUBSTITUTES: _measure(usual.value, usual.cost),
        AFTER: _measure(chosen.value, chosen.cost),
    }


def _with_acceptance(roster: Roster, declines: float, seed: int) -> Roster:
    """Return the roster with the chance that each creator accepts, drawn from a beta distribution."""
    weight = declines * (1 - declines) / SPREAD**2 - 1
    random = np.random.default_rng([seed, round(100 * declines)])
    by_creator = random.beta((1 - declines) * weight, declines * weight, roster.creators)
    acceptance = np.clip(by_creator[roster.creator_id], 0.01, 1.0)
    return replace(roster, numbers={**roster.numbers, "acceptance": acceptance})


def _solve(roster: Roster, goal: str, *, after_declines: bool) -> SolvedProblem:
    inputs = CampaignInput(budget=str(BUDGET), goal=goal, rules=RULES, after_declines=after_declines)
    problem, _ = build_problem(roster, campaign_from_input(inputs))
    solved = solve_problem(problem, limits=SolveLimits(seconds=60.0), solver=load_backend())
    assert not isinstance(solved, Diagnosis)
    return solved


def _outcomes(
    problem: PlanningProblem, columns: NDArray[np.intp], metric: str, seed: int
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return who accepts and what they bring, in thousandths, (columns, outcomes) each."""
    rows = problem.rows_of(columns)
    assert len(rows) == len(columns)
    drawn = draw_scenarios(
        problem.roster, problem.campaign, problem.forecast, count=OUTCOMES, seed=FRESH_SEED + seed, rows=rows
    )
    platform = expected_results(problem.roster, problem.campaign).deliverables.platform[rows]
    random, off = np.random.default_rng([FRESH_SEED, seed]), np.zeros(drawn.accepted.shape)
    for name in FACTORS.get(metric, (metric,)):
        off += (random.normal(0, SHOCKS[name], (3, OUTCOMES)) - SHOCKS[name] ** 2 / 2)[platform]
    return drawn.accepted, np.rint(drawn.metrics[metric] * np.exp(off)).astype(np.int64)


def _measure(values: NDArray[np.int64], cost: NDArray[np.int64]) -> Result:
    worst = np.sort(values)[: round(WORST * len(values))]
    return Result(mean=float(values.mean()) / 1000, worst=float(worst.mean()) / 1000, spend=float(cost.mean()))


def _rows(goal: str, declines: float, results: Sequence[Mapping[str, Result]]) -> Iterator[Sequence[str]]:
    for arm in ARMS:
        own = [each[arm] for each in results]
        peers = {ALONE: (), SUBSTITUTES: (ALONE,), AFTER: (ALONE, SUBSTITUTES)}[arm]
        gains = [_gain(results, arm, peer, name) for peer in peers for name in ("mean", "worst")]
        yield (
            f"{goal}, {declines:.0%}" if arm == ALONE else "",
            arm,
            f"{np.mean([result.mean for result in own]):,.0f}",
            f"{np.mean([result.worst for result in own]):,.0f}",
            f"${np.mean([result.spend for result in own]) / 100:,.0f}",
            *(*map(_format_gain, gains), *[""] * 4)[:4],
        )


def _missed(goal: str, declines: float, results: Sequence[Mapping[str, Result]]) -> Iterator[str]:
    """Yield what is below its bar."""
    if len(results) < 2:
        return
    where = f"goal {goal}, {declines:.0%} declines"
    if _gain(results, AFTER, SUBSTITUTES, "mean")[2] < 0:
        yield f"{where}: the plan after declines is shown to bring less than the plan of means with substitutes"
    if declines == JUDGED:
        for name, least in (("mean", LEAST_MEAN), ("worst", LEAST_WORST)):
            gain = _gain(results, AFTER, ALONE, name)[0]
            if gain < least:
                yield f"{where}: {gain:+.1%} of the {name} instead of {least:+.0%}"


def _gain(results: Sequence[Mapping[str, Result]], arm: str, peer: str, name: str) -> tuple[float, float, float]:
    """Return how much more an arm brings than another: the mean over the pairs with its 95% interval."""
    gains = np.asarray([getattr(each[arm], name) / getattr(each[peer], name) - 1 for each in results])
    mean = float(gains.mean())
    if len(gains) < 2:
        return mean, float("nan"), float("nan")
    reach = student_quantile(len(gains) - 1) * float(gains.std(ddof=1)) / len(gains) ** 0.5
    return mean, mean - reach, mean + reach


def _format_gain(gain: tuple[float, float, float]) -> str:
    mean, low, high = gain
    return f"{mean:+.1%}" if isnan(low) else f"{mean:+.1%} ({low:+.1%} to {high:+.1%})"


SPEC = Spec(
    name="declines",
    about="what planning for declines brings over the plan of means, out of sample, where the truth is known",
    full=Size(creators=200, seeds=tuple(range(1, 21))),
    smoke=Size(creators=100, seeds=(1,)),
    run=run,
)
