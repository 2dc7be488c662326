"""Audited picks -> Plan: totals, the mix by tier, what is unspent and why, and the habit it is held to."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.campaign import Ideal
from microopt.campaign.metrics import METRICS
from microopt.forecast.forecast import Origin
from microopt.plan.plan import NetReach, Pick, Plan, Proof, RosterFacts, Totals
from microopt.planning.audience_overlap import overlap
from microopt.planning.audit import audit
from microopt.planning.baselines import engagement_rate_habit
from microopt.planning.held_back import held_back
from microopt.planning.problem import PlanningProblem
from microopt.quantities.parse_and_format import print_money
from microopt.solver.program import IntegerProgram
from microopt.solver.result import SolveResult


def build_plan(
    case: PlanningProblem,
    program: IntegerProgram,
    answer: SolveResult,
    proof: Proof,
    *,
    ideals: tuple[Ideal, ...],
    warnings: tuple[str, ...],
    campaign_sha256: str | None,
) -> Plan:
    """Return the plan of an answer, after its audit.

    Raises
    ------
    AuditError
        If the answer does not hold.
    """
    assert answer.picks is not None and answer.value is not None
    chosen = program.chosen(answer.picks)
    rules = audit(case, program, answer.picks, answer.value)
    bought = case.rows(chosen)
    picks, spent = picks_of(case, bought), totals(case, bought)
    habit = None if case.campaign.goal.targets else engagement_rate_habit(case, program)
    return Plan(
        campaign=case.campaign,
        campaign_sha256=campaign_sha256,
        roster=facts_of(case),
        picks=picks,
        totals=spent,
        mix=mix_of(case, bought),
        rules=rules,
        habit=habit,
        ideals=ideals,
        proof=proof,
        unspent_reason=_unspent_reason(case, program, chosen),
        assumed=assumed(case, bought),
        net_reach=net_reach(case, bought),
        held_back=held_back(case, program, answer),
        notes=(*case.roster.notes, *case.forecast.notes, *_kept_conflicts(case)),
        warnings=(*warnings, *_dropped_ideals(ideals, picks), *empty_warning(case, picks)),
    )


def _kept_conflicts(case: PlanningProblem) -> tuple[str, ...]:
    """Say which conflicts of the roster the plan keeps: no rule of the campaign asks for them."""
    if not case.conflicts:
        return ()
    ids = case.roster.creator_id
    names = {int(ids[row]): case.roster.texts["creator"][row].strip() for row in np.unique(ids, return_index=True)[1]}
    pairs = [
        f"{names[holder]} and {conflict.name}"
        for conflict in case.conflicts
        for holder in sorted(conflict.holders)
        if holder in names
    ]
    shown = ", ".join(pairs[:3]) + (f", and {len(pairs) - 3:,} more pairs" if len(pairs) > 3 else "")
    return (f"the roster's conflicts keep apart {shown}",) if pairs else ()


def facts_of(case: PlanningProblem) -> RosterFacts:
    """Return what a report says of the case's roster."""
    currency = case.campaign.currency or case.roster.currency or "USD"
    return RosterFacts(
        source=case.roster.source, offers=case.offers, creators=case.creators, filtered=case.filtered, currency=currency
    )


def totals(case: PlanningProblem, bought: NDArray[np.bool_]) -> Totals:
    """Return the sums over the offers bought."""
    return Totals(
        creators=len(np.unique(case.roster.creator_id[bought])),
        spend=int(case.forecast.cost[bought].sum()),
        metrics={name: int(case.forecast.metrics[name][bought].sum()) for name in METRICS},
        revenue=_revenue(case, bought),
    )


def _revenue(case: PlanningProblem, bought: NDArray[np.bool_]) -> int | None:
    """Return the revenue of the offers bought, None where that of one is not known."""
    if case.forecast.revenue is None or (case.forecast.revenue[bought] < 0).any():
        return None
    return int(case.forecast.revenue[bought].sum())


def picks_of(case: PlanningProblem, bought: NDArray[np.bool_]) -> tuple[Pick, ...]:
    """Return the offers bought, by tier from the largest, then by expected engagements."""
    return tuple(_pick(case, row) for row in shown_order(case, bought))


def _tier_order(case: PlanningProblem) -> list[str]:
    """Return tier names from the largest."""
    known = list(case.campaign.tiers.names)
    others = sorted(set(case.roster.texts["tier"].labels) - set(known))
    return [*reversed(known), *others]


def net_reach(case: PlanningProblem, bought: NDArray[np.bool_]) -> NetReach | None:
    """Return how many different people the offers bought reach, None where no pools are given."""
    if case.campaign.audience is None:
        return None
    gross = case.forecast.metrics["reach"]
    found = overlap(case.roster, gross, case.campaign.audience)
    people = min(found.net(bought), int(gross[bought].sum()))
    views = int(case.forecast.metrics["impressions"][bought].sum())
    return NetReach(
        people=people,
        least=min(people, int(gross[bought].max(initial=0))),
        most=int(gross[bought].sum()),
        frequency=Fraction(views, people) if people else None,
        outside=int(found.outside[bought].sum()),
    )


def shown_order(case: PlanningProblem, bought: NDArray[np.bool_]) -> list[int]:
    """Return the rows of the offers bought in the order in which a plan shows them."""
    place = {name: number for number, name in enumerate(_tier_order(case))}
    tier, engaged = case.roster.texts["tier"], case.forecast.metrics["engagements"]
    return sorted(np.flatnonzero(bought).tolist(), key=lambda row: (place[tier[row]], -int(engaged[row]), row))


def _pick(case: PlanningProblem, row: int) -> Pick:
    roster, expected = case.roster, case.forecast
    niche = roster.texts.get("niche")
    return Pick(
        creator=roster.texts["creator"][row].strip(),
        offer=roster.text("offer", row).strip(),
        platform=roster.text("platform", row).strip(),
        tier=roster.texts["tier"][row],
        niche=tuple(value for value in niche.parts(int(niche.codes[row])) if value) if niche is not None else (),
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
        origins={name: Origin(int(expected.origins[name][row])).told for name in METRICS},
    )


def mix_of(case: PlanningProblem, bought: NDArray[np.bool_]) -> dict[str, Totals]:
    """Return the sums over the offers bought by tier, from the largest."""
    tier = case.roster.texts["tier"]
    held = {code: tier.labels[code] for code in np.unique(tier.codes[bought]).tolist()}
    codes = {name: [code for code, label in held.items() if label == name] for name in _tier_order(case)}
    return {name: totals(case, bought & np.isin(tier.codes, mine)) for name, mine in codes.items() if mine}


def _unspent_reason(case: PlanningProblem, program: IntegerProgram, chosen: NDArray[np.bool_]) -> str:
    """Say why what is left of the budget buys nothing more."""
    if case.campaign.budget is None or case.campaign.goal.targets:
        return "the targets are met"
    left = case.campaign.budget - int(program.cost[chosen].sum())
    others = ~np.isin(program.group, program.group[chosen]) & program.can_increase_objective()
    currency = facts_of(case).currency
    if not chosen.any() and int(program.cost.min()) > left:
        return f"the cheapest offer needs {print_money(int(program.cost.min()), currency)}"
    if not left:
        return "the budget is spent to the cent"
    if not others.any():
        nothing = "nothing that keeps the rules adds to the goal"
        return "every creator that adds to the goal is already in" if chosen.any() else nothing
    cheapest = int(program.cost[others].min())
    if cheapest > left:
        return f"the cheapest offer that would add to the plan needs {print_money(cheapest, currency)}"
    return "the rules, not the budget, keep further creators out"


def assumed(case: PlanningProblem, bought: NDArray[np.bool_]) -> dict[str, float]:
    """Return the share of expected results that rests on benchmarks rather than on the roster's own figures."""
    shares = {}
    for name in ("engagements", "conversions"):
        values = case.forecast.metrics[name][bought].astype(float)
        assumed = case.forecast.origins[name][bought] >= Origin.DEFAULT
        shares[name] = float(values[assumed].sum() / values.sum()) if values.sum() else 0.0
    return shares


def _dropped_ideals(ideals: tuple[Ideal, ...], picks: tuple[Pick, ...]) -> tuple[str, ...]:
    dropped = [ideal.metric for ideal in ideals if not ideal.total and picks]
    return tuple(f"the ideal of {metric} is zero and drops out of the goal" for metric in dropped)


def empty_warning(case: PlanningProblem, picks: tuple[Pick, ...]) -> tuple[str, ...]:
    """Say why a plan is empty, where it is."""
    if picks:
        return ()
    cheapest = int(case.sums(case.forecast.cost).argmin())
    row, currency = int(np.searchsorted(case.choice, cheapest)), facts_of(case).currency
    name, cost = case.roster.texts["creator"][row].strip(), int(case.sums(case.forecast.cost)[cheapest])
    if case.campaign.budget is None or cost <= case.campaign.budget:
        return ("the plan is empty: nothing that keeps the rules adds to the goal",)
    return (f"the plan is empty: the cheapest offer is {name} at {print_money(cost, currency)}",)
