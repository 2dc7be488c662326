"""Parse the goal of a campaign: a name, worths, or targets."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from microopt.campaign.campaign import GOALS, Goal
from microopt.campaign.earnings import MONEY_RATIOS, PROFIT, ratio_name
from microopt.campaign.metrics import METRICS, NET_REACH, TARGET_GOALS, TARGET_METRICS, canonical_measure
from microopt.errors import CampaignError, UsageError, did_you_mean
from microopt.quantities.keys import header_key
from microopt.quantities.parse_and_format import parse_amount, parse_priced

LEAST_COST = "least cost"
BALANCED_METRICS = ("engagements", "conversions")  # what the balanced goal adds up, each as a share of its ideal
MONEY_GOALS = ("worth", LEAST_COST, PROFIT)  # whose value is an amount of money
METRIC_OF_GOAL = {"engagement": "engagements", "conversions": "conversions", "reach": "reach"}
MEASURE_OF_GOAL = {**METRIC_OF_GOAL, **TARGET_GOALS}
GOAL_ALIASES = {"revenue": "profit", "roas": "profit"}  # words for which another goal is suggested


def parse_goal(name: str | None, worth: Mapping[str, str], target: Mapping[str, str]) -> Goal:
    """Return the goal that a name, worths or targets stand for.

    Raises
    ------
    CampaignError
        If a metric is unknown, or an amount is not one.
    UsageError
        If more than one of the three is given.
    """
    given = [kind for kind, present in (("goal", name is not None), ("worth", worth), ("target", target)) if present]
    if len(given) > 1:
        fix = f"keep one and drop the others: {', '.join(f'--{kind}' for kind in given)}"
        raise UsageError(f"{' and '.join(given)} both set the goal", fix=fix, code="goal-twice")
    _check_repeats("worth", [canonical_measure(metric) for metric in worth])
    _check_repeats("target", [_parse_target_measure(kind) for kind in target])
    if worth:
        return Goal(
            name="worth",
            worths={canonical_measure(metric): _parse_worth(metric, text) for metric, text in worth.items()},
        )
    if target:
        return Goal(
            name=LEAST_COST,
            targets={_parse_target_measure(kind): _parse_target(kind, text) for kind, text in target.items()},
        )
    return Goal() if name is None else Goal(name=_parse_goal_name(name))


def _check_repeats(kind: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            message = f"{kind}: {name} is given twice"
            fix = f"give it once, such as --{kind} {name.replace(' ', '-')}=30"
            raise UsageError(message, fix=fix, code="given-twice")


def _parse_goal_name(name: str) -> str:
    column = name.removeprefix("value:")
    if column != name and column:
        return name
    by_key = {header_key(goal).rstrip("s"): goal for goal in GOALS}  # engagements is engagement
    if goal := by_key.get(header_key(name).rstrip("s")):
        return goal
    if (measure := canonical_measure(name)) in TARGET_METRICS:
        return measure.replace("_", " ")
    short = GOAL_ALIASES.get(name)
    known_goals = f"use {', '.join(GOALS)} or value:COLUMN; for the lowest cost, give --target METRIC=N"
    fix = f"did you mean {short}?" if short else did_you_mean(name, GOALS) or known_goals
    raise CampaignError(f"there is no goal {name!r}", fix=fix, code="goal-unknown")


def _parse_worth(name: str, text: str) -> Fraction:
    if canonical_measure(name) not in (*METRICS, *TARGET_METRICS):
        fix = did_you_mean(name, METRICS) or f"use one of: {', '.join(METRICS)}"
        raise CampaignError(f"worth: {name!r} is not a metric", fix=fix, code="worth-unknown")
    try:
        worth = parse_priced(text)
    except ValueError:
        fix = "write it like conversions=30"
        raise CampaignError(f"worth of {name}: {text!r} is not an amount", fix=fix, code="worth-amount") from None
    if worth < 0:
        fix = f"give an amount of 0 or more, such as {name}=30"
        raise CampaignError(f"worth of {name} is below zero", fix=fix, code="worth-amount")
    return worth


def _parse_target_measure(name: str) -> str:
    _refuse_ratio(name)
    normalized = name.strip().casefold().replace("_", " ").replace("-", " ")
    return NET_REACH if normalized == NET_REACH else canonical_measure(name.strip())


def _refuse_ratio(name: str) -> None:
    """Refuse a ratio as a target: a plan that buys nothing has none, and costs least."""
    if ratio := ratio_name(name):
        fix = f"limit it with a rule: --rule 'all {ratio} {'<=' if ratio in MONEY_RATIOS else '>='} ...'"
        message = f"target of {name}: {ratio} is a ratio, and not reached by adding up"
        raise CampaignError(message, fix=fix, code="target-amount")


def _parse_target(name: str, text: str) -> Fraction:
    try:
        amount = parse_amount(text)
    except ValueError:
        amount = Fraction(0)
    if amount <= 0:
        fix = "write it like --target engagements=50k"
        raise CampaignError(f"target of {name}: {text!r} is not an amount above 0", fix=fix, code="target-amount")
    return amount
