"""How the pools of `[audience]` fit a roster, and what the campaign asks of net reach."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from microopt.campaign.campaign import Campaign, EachRule, RangeRule
from microopt.campaign.metrics import NET_REACH
from microopt.errors import CampaignError, Fault, did_you_mean
from microopt.planning.audience_overlap import overlap
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import print_count
from microopt.roster.roster import Roster
from microopt.roster.selection import text_column

SHOWN = 5


def misfits_of_audience(roster: Roster, campaign: Campaign) -> tuple[list[Fault], list[str]]:
    """Return what is wrong with the pools, and with what is asked of net reach, and warnings."""
    faults = list(_asked(campaign))
    if campaign.audience is None:
        return faults, []
    try:
        column = text_column(roster, campaign.audience.by)
    except CampaignError as error:
        return [*faults, Fault(code=error.code, message=f"[audience]: {error.message}", fix=error.fix)], []
    known = column.known()
    keys = {match_key(value) for value in known}
    warnings = []
    for name in campaign.audience.size:
        if match_key(name) not in keys:
            hint = did_you_mean(name, known)
            told = f"[audience]: no offer has {campaign.audience.by} {name!r}" + (f" ({hint})" if hint else "")
            warnings.append(told)
    return faults, [*warnings, *_taken_of_gross(campaign)]


def misfits_of_reach(case: PlanningProblem) -> Iterator[str]:
    """Yield what is odd about what offers reach of their pools."""
    if case.campaign.audience is None:
        return
    reach = case.forecast.metrics["reach"]
    found = overlap(case.roster, reach, case.campaign.audience)
    names = {(case.roster.texts["creator"][row].strip(), pool): int(reach[row]) for row, pool in found.crowded}
    for (name, pool), people in list(names.items())[:SHOWN]:
        size = f"the {case.campaign.audience.size[pool]:,} people of the pool {pool}"
        told = f"[audience]: {size} are too few for {name}, who reaches {print_count(people / 1000)} in all"
        yield f"{told}: 99% of the pool is taken"
    if len(names) > SHOWN:
        yield f"[audience]: {len(names) - SHOWN:,} more creators reach as many people as a pool of theirs holds"
    outside = len(np.unique(case.roster.creator_id[found.outside > 0]))
    if outside:
        yield f"[audience]: {outside:,} creators are in none of the pools; their reach is taken not to overlap"


def _asked(campaign: Campaign) -> Iterator[Fault]:
    """Yield a fault for each wish that net reach cannot serve."""
    rules = [rule for rule in campaign.rules if isinstance(rule, RangeRule | EachRule) and rule.measure == NET_REACH]
    for rule in rules:
        if isinstance(rule, EachRule) or rule.mean:
            message, fix = f"rule {rule.label!r}: net reach is of a whole plan", "write reach, which is gross"
            yield Fault(code="net-reach", message=message, fix=fix)
    wanted = [f"goal {NET_REACH}"] if campaign.goal.name == NET_REACH else []
    wanted += [f"target {NET_REACH}"] if NET_REACH in campaign.goal.targets else []
    wanted += [f"rule {rule.label!r}" for rule in rules]
    if wanted and campaign.audience is None:
        fix = "give the pools: --audience niche:beauty=2M, or [audience] in the campaign file"
        message = f"{wanted[0]}: net reach needs the sizes of the audiences"
        yield Fault(code="audience-missing", message=message, fix=fix)


def _taken_of_gross(campaign: Campaign) -> Iterator[str]:
    for rule in campaign.rules:
        if not isinstance(rule, RangeRule) or rule.measure != NET_REACH or rule.mean:
            continue
        if rule.bounds.percent or rule.bounds.high is not None:
            what = "a share" if rule.bounds.percent else "a cap"
            yield f"rule {rule.label!r}: {what} of net reach is taken of gross reach, which counts overlaps twice"
