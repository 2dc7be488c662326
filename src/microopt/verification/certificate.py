"""What the certificate of a plan shows by itself, which of its claims contradict it, and which rest on a solver."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor, log10

import numpy as np
from msgspec import Struct

from microopt.campaign.campaign import Campaign
from microopt.campaign.goals import LEAST_COST
from microopt.plan.document.plan import PlanDocument
from microopt.plan.plan import Proof
from microopt.plan.verification_result import Discrepancy
from microopt.planning.formulation.objective import Objective
from microopt.quantities.parse_and_format import print_count
from microopt.solver.backends.base import title_of
from microopt.solver.fingerprint import fingerprint
from microopt.solver.lexicographic import cheapest_by_prices, combine_objectives
from microopt.solver.outer_approximation import room
from microopt.solver.program import IntegerProgram, Picks
from microopt.solver.reduced_cost_fixing import PricedProgram, price
from microopt.solver.result import ALONE, Limit, Termination

LIMITS = (None, *(limit.value for limit in Limit))


class CertificateCheck(Struct, frozen=True, kw_only=True, eq=False):
    """A plan's value and its bound by prices, recomputed.

    Attributes
    ----------
    value, bound
        Of the picks, and as the plan tells it, in the program's integers.
    priced
        The program at the plan's prices.
    alone
        Whether the prices prove the plan.
    cheapest
        Whether they show that no cheaper plan is worth as much.
    """

    program: IntegerProgram
    objective: Objective
    value: int
    bound: int
    priced: PricedProgram
    alone: bool
    cheapest: bool


def check_certificate(
    campaign: Campaign, program: IntegerProgram, objective: Objective, picks: Picks, said: PlanDocument
) -> CertificateCheck:
    """Return what follows from a plan's picks and prices.

    The plan has a price for each row and each pool.
    """
    prices = np.asarray(said.certificate.row_prices, dtype=float)
    priced = price(program, prices, np.asarray(said.certificate.pool_prices, dtype=float))
    joined = None if campaign.goal.name == LEAST_COST else combine_objectives(program)
    cheapest = joined is not None and cheapest_by_prices(joined, priced, picks)
    value = program.objective_value(picks)
    return CertificateCheck(
        program=program,
        objective=objective,
        value=value,
        bound=round(Fraction(said.bound) / objective.unit),
        priced=priced,
        alone=cheapest or priced.floor - value <= room(program, priced.floor),
        cheapest=cheapest,
    )


def check_dual_counts(program: IntegerProgram, said: PlanDocument) -> Iterator[Discrepancy]:
    """Yield that a plan has not one price for each row, or each pool."""
    for key, count in (("row_prices", len(program.rows)), ("pool_prices", len(program.pools))):
        given = len(getattr(said.certificate, key))
        if given != count:
            told = f"the plan has {given:,} of them, its campaign asks for {count:,}"
            yield Discrepancy(place=f"certificate.{key}", message=told, said=given, found=count)


def proof_of(shown: CertificateCheck, said: PlanDocument) -> Proof:
    """Return the proof of a plan: what can be recomputed so, and the rest as the plan claims it."""
    unit = shown.objective.unit
    return Proof(
        status=said.status,
        limit=said.limit,
        objective=shown.value * unit,
        bound=shown.bound * unit,
        shown_by=said.solver.shown_by,
        cheapest=said.solver.cheapest_shown,
        row_prices=tuple(shown.priced.prices.tolist()),
        pool_prices=tuple(shown.priced.pool_prices.tolist()),
        price_bound=shown.priced.floor * unit,
        core=said.solver.core,
        backend=said.solver.backend,
        version=said.solver.version,
        seconds=said.solver.seconds,
        program=fingerprint(shown.program),
        failure=said.solver.failure or "",
        confirmed_by=said.solver.confirmed_by or "",
        unconfirmed=said.solver.unconfirmed or "",
    )


def certificate_discrepancies(shown: CertificateCheck, said: PlanDocument) -> Iterator[Discrepancy]:
    """Yield what a plan says of its proof and what its picks and prices contradict."""
    proof = proof_of(shown, said)
    for place, told, found, whose in (
        ("objective", said.objective, float(proof.objective), "its picks bring"),
        ("certificate.bound", said.certificate.bound, float(proof.price_bound), "its prices show"),
        ("bound", said.bound, float(proof.bound), "the nearest that a plan can be worth is"),
    ):
        if told != found:
            message = f"the plan says {told!r}, {whose} {found!r}"
            yield Discrepancy(place=place, message=message, said=told, found=found)
    if shown.bound < shown.value:
        message = f"the plan says {said.bound!r}, and is itself better, at {float(proof.objective)!r}"
        yield Discrepancy(place="bound", message=message, said=said.bound, found=float(proof.objective))
    if shown.bound > shown.priced.floor:
        message = f"the plan says {said.bound!r}, its prices show {float(proof.price_bound)!r}"
        yield Discrepancy(place="bound", message=message, said=said.bound, found=float(proof.price_bound))
    yield from _words(shown, said)


def _words(shown: CertificateCheck, said: PlanDocument) -> Iterator[Discrepancy]:
    """Yield what of status, limit and solver does not follow from value and bounds."""
    solver = said.solver
    near = shown.bound - shown.value <= room(shown.program, shown.bound)
    facts = f"branch and bound of {title_of(solver.backend, solver.version)}"
    if (solver.confirmed_by or solver.unconfirmed) and solver.shown_by.startswith("branch and bound of "):
        facts = solver.shown_by  # the bound may be the second solver's
    for place, told, found in (
        ("status", said.status, (Termination.OPTIMAL if near else Termination.FEASIBLE).value),
        ("solver.stop", solver.stop, said.status),
        ("solver.shown_by", solver.shown_by, ALONE if shown.alone else facts),
    ):
        if told != found:
            message = f"the plan says {told!r}, its value and bounds say {found!r}"
            yield Discrepancy(place=place, message=message, said=told, found=found)
    if solver.cheapest_shown and not (near and shown.program.exact):
        message = "that no plan is cheaper cannot be shown of a plan that is not proven to the unit"
        yield Discrepancy(place="solver.cheapest_shown", message=message, said=True, found=False)
    if said.limit not in LIMITS:
        yield Discrepancy(place="limit", message=f"there is no limit {said.limit!r}", said=said.limit)
    if solver.confirmed_by and (solver.unconfirmed or solver.confirmed_by == title_of(solver.backend, solver.version)):
        message = "no solver confirms itself, and what is confirmed is not unconfirmed"
        yield Discrepancy(place="solver.confirmed_by", message=message, said=solver.confirmed_by)
    for place, count in (("solver.core", solver.core), ("solver.seconds", solver.seconds)):
        if count < 0:
            yield Discrepancy(place=place, message=f"the plan says {count}, which is below 0", said=count)


def within(shown: CertificateCheck) -> float:
    """Return how far a plan may be from the best possible by its prices alone, as a share of their bound."""
    if shown.alone:
        return 0.0
    return (shown.priced.floor - shown.value) / max(1, abs(shown.priced.floor))


def sentences_shown(shown: CertificateCheck, least: bool) -> Iterator[str]:
    """Yield what a plan's prices show without a solver.

    Parameters
    ----------
    least
        Whether the goal is the least cost.
    """
    if not shown.alone:
        share = _share_up(within(shown))
        yield f"it costs at most {share} more than it must" if least else f"it is within {share} of the best possible"
    elif shown.program.exact:
        yield "no plan within its rules costs less" if least else "no plan within its rules is better"
    else:
        yield "it is within a millionth of the best possible"
    if shown.cheapest:
        yield "no cheaper plan is as good"


def sentences_resting(shown: CertificateCheck, said: PlanDocument, campaign: Campaign) -> Iterator[str]:
    """Yield what a plan claims and its prices do not show."""
    if not shown.alone:
        if said.status == Termination.OPTIMAL.value:
            yield "that nothing lies between"
        elif shown.bound < shown.priced.floor:
            proof = proof_of(shown, said)
            yield f"that it is within {_share_up(proof.gap)} of the best possible"
    if said.solver.confirmed_by:
        yield f"that {said.solver.confirmed_by} has confirmed it"
    if said.repair is not None:
        smaller = ", and that no smaller change would do" if said.repair.least_shown else ""
        yield f"that what was asked before the repair has no plan{smaller}"
    if said.rule_prices:
        yield "what the plan would be without each of its rules"
    if campaign.running is not None:
        yield "the states and results of creators, which were told"
    if said.replan is not None:
        yield "why who came and left since the last plan, and what that gains"
    least = campaign.goal.name == LEAST_COST
    if said.solver.cheapest_shown and not shown.cheapest and not least:
        yield "that no cheaper plan is as good"
    if said.ideals and not campaign.ideals:
        named = [("" if metric == LEAST_COST else metric, bound) for metric, bound in said.ideal_bounds.items()]
        best = " and ".join(f"{print_count(bound)} {metric}".rstrip() for metric, bound in named)
        yield f"that no plan {'costs less' if least else 'brings more'} than {best}, its ideals"


def _share_up(share: float) -> str:
    """Print a share in percent, two digits of it, rounded up."""
    percent = share * 100
    if percent <= 0:
        return "0%"
    digits = max(0, 1 - floor(log10(percent)))
    return f"{ceil(percent * 10**digits) / 10**digits:.{digits}f}%"
