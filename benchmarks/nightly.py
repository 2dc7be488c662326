"""The gain of replanning: 90-day campaigns with a known truth, with the first plan only and with `replan`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.markdown import table
from benchmarks.nightly_campaign import COMMITMENT_DAYS, DAYS, LAST_REPLAN_DAY, Arm, Manager, Outcome
from benchmarks.nightly_files import make_first_plan, rows_by_offer
from benchmarks.nightly_truth import DECLINE_RATE, SHOCKS, Truth
from benchmarks.rosters import write_roster
from benchmarks.spec import Report, Size, Spec
from microopt import CampaignInput, campaign_from_input, read_roster
from microopt.analysis.estimates import student_quantile

BUDGET, RULES = 30_000, ("niche:beauty count 3..8", "tier:mega spend <= 50%")
FIRST_PLAN_ONLY = Arm(name="the first plan stays", replans=False, learns=False)
WITHOUT_RESULTS = Arm(name="declines are replaced", replans=True, learns=False)
WITH_RESULTS = Arm(name="**replan**: and results teach", replans=True, learns=True)
ARMS = (FIRST_PLAN_ONLY, WITHOUT_RESULTS, WITH_RESULTS)
NOTE = (
    "{seeds} rosters of {creators:,} creators, budget ${budget:,}, rules on a niche and a tier; each campaign once "
    "for each arm, with the same truth and luck. Assumed: the first forecast is right on average and as unsure as it "
    "says (each creator's engagement, views, clicks and conversions are drawn about it, and each post about them, as "
    "the defaults say they vary); "
    "`platforms differ`: all of a platform is off by a factor beside, log sd {engagements:g} of engagements, "
    "{impressions:g} of views, {clicks:g} of clicks a view, {conversions:g} of conversions a click; `as forecast`: by "
    "none, so that there is nothing to learn but luck. Creators are asked by lot, so that the budget is promised over "
    "{committed} of {days} days; {declines:.0%} decline, after 1 to 5 days; posts go out 3 to 14 days after; results "
    "come in by the platform's half-life. Plans are made anew every {every} nights up to day {last}. Totals are "
    "what came, on average. `more` is by how much the goal's true worth exceeds that of the first plan, `than "
    "replaced` that of the plans that know of declines and not of results: means over the rosters with 95% intervals "
    "of the pairs (Student's t). The worth is the mean over the creators' own luck, given what the platforms are off "
    "by: no arm can choose by that luck, since nobody is asked twice, and single large creators drown all else in what "
    "came."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A goal, the metric that is its total, and a truth."""

    goal: str
    metric: str
    truth: str
    shocks: Mapping[str, float]


CASES = (
    Case(goal="conversions", metric="conversions", truth="platforms differ", shocks=SHOCKS),
    Case(goal="engagement", metric="engagements", truth="platforms differ", shocks=SHOCKS),
    Case(goal="conversions", metric="conversions", truth="as forecast", shocks={}),
)


def run(size: Size) -> Report:
    """Run each campaign with each arm, and compare what they truly brought."""
    rows: list[Sequence[str]] = []
    missed: list[str] = []
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        for case in CASES:
            outcomes = [_outcomes(Path(folder), size, seed, case) for seed in size.seeds]
            rows += _rows(case, outcomes)
            missed += _missed(case, outcomes)
    header = ("goal, truth", "arm", "conversions", "engagements", "spend", "signed", "more", "than replaced")
    note = NOTE.format(
        seeds=len(size.seeds),
        creators=size.creators,
        budget=BUDGET,
        committed=COMMITMENT_DAYS,
        days=DAYS,
        last=LAST_REPLAN_DAY,
        declines=DECLINE_RATE,
        every=size.every,
        **SHOCKS,
    )
    return Report(text=f"{table(header, rows, left=2)}\n\n{note}", missed=tuple(missed))


def _missed(case: Case, outcomes: Sequence[Mapping[str, Outcome]]) -> Iterator[str]:
    """Yield what is below its bar."""
    if len(outcomes) < 2:
        return
    low = _gain(case, outcomes, WITH_RESULTS, FIRST_PLAN_ONLY)[1]
    high = _gain(case, outcomes, WITH_RESULTS, WITHOUT_RESULTS)[2]
    if case.shocks and not low > 0:
        yield f"goal {case.goal}: replanning is not shown to bring more than the first plan"
    if not case.shocks and high < 0:
        yield f"goal {case.goal}: results are shown to mislead where the forecast is right"


def _outcomes(folder: Path, size: Size, seed: int, case: Case) -> Mapping[str, Outcome]:
    """Return what each arm brought on the roster of a seed."""
    roster = read_roster(str(write_roster(folder, size.creators, seed)))
    campaign = campaign_from_input(CampaignInput(budget=str(BUDGET), goal=case.goal, rules=RULES))
    first, rows = make_first_plan(roster, campaign), rows_by_offer(roster)
    truth = Truth(roster, campaign, seed, case.shocks)
    return {
        arm.name: Manager(
            arm=arm, every=size.every, roster=roster, truth=truth, plan=first, campaign=campaign, rows=rows
        ).run()
        for arm in ARMS
    }


def _rows(case: Case, outcomes: Sequence[Mapping[str, Outcome]]) -> Iterator[Sequence[str]]:
    for arm in ARMS:
        own = [each[arm.name] for each in outcomes]
        totals = [np.mean([outcome.totals[name] for outcome in own]) for name in ("conversions", "engagements")]
        more = "" if arm is FIRST_PLAN_ONLY else _format_gain(_gain(case, outcomes, arm, FIRST_PLAN_ONLY))
        over_replaced = _format_gain(_gain(case, outcomes, arm, WITHOUT_RESULTS)) if arm is WITH_RESULTS else ""
        yield (
            f"{case.goal}, {case.truth}" if arm is FIRST_PLAN_ONLY else "",
            arm.name,
            f"{totals[0]:,.0f}",
            f"{totals[1]:,.0f}",
            f"${np.mean([outcome.spend for outcome in own]) / 100:,.0f}",
            f"{np.mean([outcome.signed for outcome in own]):.0f}",
            more,
            over_replaced,
        )


def _gain(case: Case, outcomes: Sequence[Mapping[str, Outcome]], arm: Arm, peer: Arm) -> tuple[float, float, float]:
    """Return how much more an arm brings than another: the mean over the pairs with its 95% interval."""
    pairs = [(each[arm.name].worth[case.metric], each[peer.name].worth[case.metric]) for each in outcomes]
    gains = np.asarray([value / base - 1 for value, base in pairs])
    if len(gains) < 2:
        return float(gains.mean()), float("nan"), float("nan")
    reach = student_quantile(len(gains) - 1) * float(gains.std(ddof=1)) / len(gains) ** 0.5
    return float(gains.mean()), float(gains.mean()) - reach, float(gains.mean()) + reach


def _format_gain(gain: tuple[float, float, float]) -> str:
    mean, low, high = gain
    if isnan(low):
        return f"{mean:+.1%}"
    return f"{mean:+.1%} ({low:+.1%} to {high:+.1%})"


SPEC = Spec(
    name="nightly",
    about="what replanning brings over the first plan, in simulated campaigns whose truth is known",
    full=Size(creators=200, seeds=tuple(range(1, 21)), every=7),
    smoke=Size(creators=100, seeds=(1,), every=30),
    run=run,
)
