"""Build a plan from a solved problem: audit, picks, totals, mix by tier, likely ranges, and why money is unspent."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Ideal
from microopt.campaign.metrics import METRICS
from microopt.forecast.forecast import Origin
from microopt.forecast.plausibility import find_suspicions_of_plan
from microopt.plan.plan import NetReach, Pick, Plan, Totals
from microopt.planning.audience_overlap import build_overlap
from microopt.planning.audit import audit
from microopt.planning.baselines import engagement_rate_baseline
from microopt.planning.further_offers import creators_with_further_offers
from microopt.planning.likely_ranges import Ranges, likely_ranges
from microopt.planning.problem import PlanningProblem
from microopt.planning.share_caps import caps_below_total
from microopt.planning.solved import SolvedProblem
from microopt.planning.totals import sum_totals
from microopt.planning.unspent_money import unspent_reason
from microopt.quantities.parse_and_format import format_money

RANGED_METRICS = ("engagements", "conversions")  # whose likely range each pick has
Mask = NDArray[np.bool_]


def build_plan(solved: SolvedProblem, *, warnings: tuple[str, ...] = (), campaign_sha256: str | None = None) -> Plan:
    """Return the plan of a solved problem, after its audit.

    Parameters
    ----------
    warnings
        Warnings about the campaign and the roster, to be kept with the plan.
    campaign_sha256
        SHA-256 of the campaign file, None where there is none.

    Raises
    ------
    AuditError
        If the solver's result does not hold.
    """
    problem, program, result = solved.problem, solved.program, solved.result
    assert result.columns is not None and result.objective is not None
    chosen = program.mask(result.columns)
    rules = audit(problem, program, result.columns, result.objective)
    selection = problem.select_rows(chosen)
    ranges = plan_ranges(problem, selection)
    picks = build_picks(problem, selection, ranges)
    return Plan(
        campaign=problem.campaign,
        campaign_sha256=campaign_sha256,
        roster=problem.roster_facts,
        picks=picks,
        totals=sum_totals(problem, selection),
        mix=build_tier_mix(problem, selection),
        rules=rules,
        baseline=None if problem.campaign.goal.targets else engagement_rate_baseline(problem, program),
        ideals=solved.ideals,
        proof=solved.proof,
        unspent_reason=unspent_reason(problem, program, chosen),
        assumed=assumed_shares(problem, selection),
        net_reach=build_net_reach(problem, selection),
        creators_with_further_offers=creators_with_further_offers(problem, program, result),
        likely=ranges.correlated,
        suspicions=find_suspicions_of_plan(problem.roster, problem.campaign, selection, problem.forecast.usual_fee),
        notes=(*problem.roster.notes, *problem.forecast.notes, *_conflict_notes(problem)),
        warnings=(*warnings, *_zero_ideal_warnings(solved.ideals, picks), *empty_plan_warning(problem, picks)),
    )


def build_picks(problem: PlanningProblem, selection: Mask, ranges: Ranges | None = None) -> tuple[Pick, ...]:
    """Return the offers bought, by tier from the largest, then by expected engagements.

    Parameters
    ----------
    ranges
        Their likely ranges, as `plan_ranges` returns them; without them picks have none.
    """
    picks = (_pick(problem, row) for row in display_order(problem, selection))
    if ranges is None:
        return tuple(picks)
    likely = ({name: each[name] for name in RANGED_METRICS} for each in ranges.picks)
    return tuple(replace(pick, likely=own) for pick, own in zip(picks, likely, strict=True))


def plan_ranges(problem: PlanningProblem, selection: Mask) -> Ranges:
    """Return the likely ranges of the offers bought, in the order in which a plan lists them."""
    return likely_ranges(problem, np.asarray(display_order(problem, selection), dtype=np.intp))


def display_order(problem: PlanningProblem, selection: Mask) -> list[int]:
    """Return the rows of the offers bought in the order in which a plan lists them."""
    position = {name: number for number, name in enumerate(_tier_order(problem))}
    tier, engagements = problem.roster.texts["tier"], problem.forecast.metrics["engagements"]
    return sorted(
        np.flatnonzero(selection).tolist(), key=lambda row: (position[tier[row]], -int(engagements[row]), row)
    )


def _tier_order(problem: PlanningProblem) -> list[str]:
    """Return tier names from the largest."""
    bands = list(problem.campaign.tiers.names)
    others = sorted(set(problem.roster.texts["tier"].labels) - set(bands))
    return [*reversed(bands), *others]


def _pick(problem: PlanningProblem, row: int) -> Pick:
    roster, expected = problem.roster, problem.forecast
    niche = roster.texts.get("niche")
    return Pick(
        creator=_creator_name(problem, row),
        offer=roster.text("offer", row).strip(),
        platform=roster.text("platform", row).strip(),
        tier=roster.texts["tier"][row],
        niche=tuple(value for value in niche.label_values(int(niche.codes[row])) if value) if niche is not None else (),
        region=roster.text("region", row).strip(),
        followers=int(roster.numbers["followers"][row]),
        units=1 if roster.units is None else int(roster.units[row]),
        fee=int(expected.fee[row]),
        cost=int(expected.cost[row]),
        fee_estimated=bool(expected.origins["fee"][row] == Origin.ESTIMATED),
        metrics={name: int(expected.metrics[name][row]) for name in METRICS},
        usual_fee=None if expected.usual_fee is None else int(expected.usual_fee[row]),
        fee_high=expected.fee_high is not None and bool(expected.fee_high[row]),
        revenue=None if expected.revenue is None or expected.revenue[row] < 0 else int(expected.revenue[row]),
        extra_costs={name: int(line[row]) for name, line in expected.extra_costs.items() if line[row]},
        origins={name: Origin(int(expected.origins[name][row])).label for name in METRICS},
    )


def _creator_name(problem: PlanningProblem, row: int) -> str:
    return problem.roster.texts["creator"][row].strip()


def build_tier_mix(problem: PlanningProblem, selection: Mask) -> dict[str, Totals]:
    """Return the sums over the offers bought by tier, from the largest."""
    tier = problem.roster.texts["tier"]
    labels = {code: tier.labels[code] for code in np.unique(tier.codes[selection]).tolist()}
    codes = {name: [code for code, label in labels.items() if label == name] for name in _tier_order(problem)}
    return {name: sum_totals(problem, selection & np.isin(tier.codes, own)) for name, own in codes.items() if own}


def build_net_reach(problem: PlanningProblem, selection: Mask) -> NetReach | None:
    """Return how many different people the offers bought reach, None where the campaign gives no pools."""
    if problem.campaign.audience is None:
        return None
    gross = problem.forecast.metrics["reach"]
    overlap = build_overlap(problem.roster, gross, problem.campaign.audience)
    people = min(overlap.net_reach(selection), int(gross[selection].sum()))
    impressions = int(problem.forecast.metrics["impressions"][selection].sum())
    return NetReach(
        people=people,
        at_least=min(people, int(gross[selection].max(initial=0))),
        at_most=int(gross[selection].sum()),
        frequency=Fraction(impressions, people) if people else None,
        outside_pools=int(overlap.outside[selection].sum()),
    )


def assumed_shares(problem: PlanningProblem, selection: Mask) -> dict[str, float]:
    """Return the share of expected results that rests on benchmarks rather than on the roster's own figures."""
    shares = {}
    for name in ("engagements", "conversions"):
        values = problem.forecast.metrics[name][selection].astype(float)
        assumed = problem.forecast.origins[name][selection] >= Origin.DEFAULT
        shares[name] = float(values[assumed].sum() / values.sum()) if values.sum() else 0.0
    return shares


def _conflict_notes(problem: PlanningProblem) -> tuple[str, ...]:
    """Name the roster's conflicts that the plan respects, since no rule of the campaign mentions them."""
    if not problem.conflicts:
        return ()
    ids = problem.roster.creator_id
    names = {int(ids[row]): _creator_name(problem, row) for row in np.unique(ids, return_index=True)[1]}
    pairs = [
        f"{names[holder]} and {conflict.name}"
        for conflict in problem.conflicts
        for holder in sorted(conflict.holders)
        if holder in names
    ]
    shares = ", ".join(pairs[:3]) + (f", and {len(pairs) - 3:,} more pairs" if len(pairs) > 3 else "")
    return (f"conflicts in your list keep these apart: {shares}",) if pairs else ()


def _zero_ideal_warnings(ideals: tuple[Ideal, ...], picks: tuple[Pick, ...]) -> tuple[str, ...]:
    dropped = [ideal.metric for ideal in ideals if not ideal.total and picks]
    return tuple(f"no plan brings any {metric}, so the goal leaves them out" for metric in dropped)


def empty_plan_warning(problem: PlanningProblem, picks: tuple[Pick, ...]) -> tuple[str, ...]:
    """Say why a plan is empty, where it is."""
    if picks:
        return ()
    if reason := caps_below_total(problem):
        return (f"the plan is empty: {reason}",)
    costs = problem.sum_by_choice(problem.forecast.cost)
    cheapest = int(costs.argmin())
    cost, spendable = int(costs[cheapest]), problem.campaign.spendable
    if spendable is None or cost <= spendable:
        return ("the plan is empty: nothing that keeps the rules adds to the goal",)
    name = _creator_name(problem, int(np.searchsorted(problem.choice, cheapest)))
    return (f"the plan is empty: the cheapest offer is {name} at {format_money(cost, problem.currency)}",)
