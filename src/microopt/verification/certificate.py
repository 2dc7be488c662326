"""What the prices of a plan prove by themselves, which of its claims contradict them, and which rest on a solver."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, log10

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.campaign.goals import LEAST_COST
from microopt.plan.left_out import LeftOut
from microopt.plan.plan import Plan
from microopt.plan.proof import Proof
from microopt.plan.spread import EVEN
from microopt.plan.verification_result import Discrepancy
from microopt.planning.formulation.objective import Objective
from microopt.planning.left_out_schedules import bound_of_left_out
from microopt.quantities.kinds import decimal_fraction
from microopt.quantities.parse_and_format import format_count
from microopt.solver.backends.base import solver_title
from microopt.solver.core_dynamic_programming import CoreSolution, solve_core
from microopt.solver.distinct_columns import DistinctColumns
from microopt.solver.fingerprint import fingerprint
from microopt.solver.lexicographic import cheapest_by_prices, combine_objectives
from microopt.solver.outer_approximation import proof_tolerance
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.quota_expansion import expand
from microopt.solver.reduced_cost_fixing import PricedProgram, price_program
from microopt.solver.result import BRANCHING, PRICES_ALONE, REPEATABLE, Limit, SolveLimits, Termination

LIMITS = (None, *(limit.value for limit in Limit))


class CertificateCheck(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """A plan's value and its bound by prices, recomputed.

    Attributes
    ----------
    value, bound
        The value of the picks, and the bound that the plan states, in the program's integers.
    priced
        The program at the plan's prices.
    prices_prove_it
        Whether the prices alone prove the plan.
    proven
        Whether they do, or dynamic programming over what they leave undecided.
    cheapest
        Whether that proves that no cheaper plan is worth as much.
    rival
        A plan under the same rules that is better, or as good and cheaper, where one was found.
    left_out
        What is known of schedules that the program does not have.
    """

    program: IntegerProgram
    objective: Objective
    value: int
    bound: int
    priced: PricedProgram
    prices_prove_it: bool
    proven: bool
    cheapest: bool
    rival: Columns | None = None
    left_out: LeftOut | None = None

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of the program; at a million offers, the longest part of a proof's check."""
        return fingerprint(self.program)


def check_certificate(
    campaign: Campaign,
    program: IntegerProgram,
    objective: Objective,
    picks: Columns,
    stated: Plan,
    *,
    left_out: LeftOut | None = None,
) -> CertificateCheck:
    """Return what follows from a plan's picks and prices.

    The plan has a price for each row and each pool. Of a program with quotas, all of it is of the expanded program.

    Parameters
    ----------
    left_out
        What is known of schedules that the program does not have, recomputed; None where it has all.
    """
    expanded, chosen = expand(program), picks
    program, picks = expanded.program, expanded.complete(picks)
    prices = np.asarray(stated.proof.row_prices, dtype=float)
    priced = price_program(program, prices, np.asarray(stated.proof.pool_prices, dtype=float))
    others = bound_of_left_out(left_out, objective.unit)
    if others is not None:
        priced = replace(priced, exact_bound=max(priced.exact_bound, Fraction(others)))
    lexicographic = None if campaign.goal.name == LEAST_COST else combine_objectives(program)
    cheapest = lexicographic is not None and cheapest_by_prices(lexicographic, priced, picks)
    value = program.objective_value(picks)
    cheapest &= others is None or others < value
    by_prices = cheapest or priced.integer_bound - value <= proof_tolerance(program, priced.integer_bound)
    core, rival = CoreSolution(), None
    if not cheapest and (stated.proof.cheapest or stated.proof.proven_by in REPEATABLE):
        core, rival = _search_core(expanded.original, priced, chosen, stated.proof.proven_by)
    if others is not None and others >= value:  # a schedule that was left out may be better, or as good and cheaper
        core = replace(core, proven=core.proven and others == value, is_cheapest=False)
    return CertificateCheck(
        program=program,
        objective=objective,
        value=value,
        bound=round(stated.proof.bound / objective.unit),
        priced=priced,
        prices_prove_it=by_prices,
        proven=by_prices or core.proven,
        cheapest=cheapest or core.is_cheapest,
        rival=rival,
        left_out=left_out,
    )


def _search_core(
    program: IntegerProgram, priced: PricedProgram, picks: Columns, proven_by: str
) -> tuple[CoreSolution, Columns | None]:
    """Return what dynamic programming proves of these picks, in exact integers and without a solver, or a better plan.

    Where that does not suffice and the plan is said to be proven by branching, it branches on large columns too. A plan
    that is as good and cheaper is a better one. Of a program with quotas, a proof of the program without them counts.
    """
    rules = program
    if program.quotas:
        program = replace(program, quotas=())
        priced = price_program(program, priced.prices[: len(program.rows)], priced.pool_prices)
    found = _solve_core(program, priced, picks, proven_by)
    if found.columns is None or rules.violated_constraints(found.columns):
        return CoreSolution(), None
    better = program.objective_value(found.columns) - program.objective_value(picks)
    saved = program.total_cost(picks) - program.total_cost(found.columns)
    if better > 0:
        return CoreSolution(), found.columns
    proven = CoreSolution(columns=picks, proven=found.proven, is_cheapest=found.is_cheapest and not saved)
    return proven, found.columns if saved > 0 else None


def _solve_core(program: IntegerProgram, priced: PricedProgram, picks: Columns, proven_by: str) -> CoreSolution:
    """Return what the core of a program proves, which is searched without copies of columns, as a search does."""
    if (distinct := DistinctColumns.of(program)) is not None:
        priced = price_program(distinct.program, priced.prices, priced.pool_prices)
        found = _solve_core(distinct.program, priced, np.sort(distinct.place[picks]), proven_by)
        return found if found.columns is None else replace(found, columns=distinct.columns[found.columns])
    found = solve_core(program, priced, picks, lambda: False)
    return found if found.proven or proven_by != BRANCHING else _branch(program, priced, picks)


def _branch(program: IntegerProgram, priced: PricedProgram, picks: Columns) -> CoreSolution:
    """Return what branching proves of these picks; relaxations by HiGHS suggest prices, which need no trust."""
    from microopt.solver.backends.highs import Highs
    from microopt.solver.branching import Branching
    from microopt.solver.search_state import SearchState

    state = SearchState(program=program, backend=Highs(), limits=SolveLimits(), priced=priced)
    state.update_incumbent(picks)
    return Branching(state, None).solution()


def check_dual_counts(program: IntegerProgram, stated: Plan) -> Iterator[Discrepancy]:
    """Yield where a plan does not have one price for each row, or for each pool."""
    rows = len(expand(program).program.rows)
    for key, count in (("row_prices", rows), ("pool_prices", len(program.pools))):
        given = len(getattr(stated.proof, key))
        if given != count:
            message = f"the plan has {given:,} of them, but its campaign needs {count:,}"
            yield Discrepancy(place=f"proof.{key}", message=message, stated=given, recomputed=count)


def recompute_proof(check: CertificateCheck, stated: Plan) -> Proof:
    """Return the proof of a plan: recomputed where it can be, and the rest as the plan states it."""
    unit = check.objective.unit
    return replace(
        stated.proof,
        objective=check.value * unit,
        bound=check.bound * unit,
        row_prices=tuple(check.priced.prices.tolist()),
        pool_prices=tuple(check.priced.pool_prices.tolist()),
        price_bound=check.priced.integer_bound * unit,
        program=check.fingerprint,
        left_out=check.left_out,
    )


def certificate_discrepancies(check: CertificateCheck, stated: Plan) -> Iterator[Discrepancy]:
    """Yield the statements about the proof that the picks and the prices contradict."""
    proof, claimed = recompute_proof(check, stated), stated.proof
    bound, value, price_bound = (_json_number(figure) for figure in (claimed.bound, proof.objective, proof.price_bound))
    for key, whose in (
        ("objective", "its picks bring"),
        ("price_bound", "its prices show"),
        ("bound", "the nearest possible value is"),
    ):
        if getattr(claimed, key) != getattr(proof, key):
            figure, recomputed = _json_number(getattr(claimed, key)), _json_number(getattr(proof, key))
            message = f"the plan says {figure!r}, but {whose} {recomputed!r}"
            yield Discrepancy(place=f"proof.{key}", message=message, stated=figure, recomputed=recomputed)
    if check.bound < check.value:
        message = f"the plan says {bound!r}, but is itself better, at {value!r}"
        yield Discrepancy(place="proof.bound", message=message, stated=bound, recomputed=value)
    others = bound_of_left_out(check.left_out, check.objective.unit)
    if others is not None and check.bound < others:
        most = _json_number(others * check.objective.unit)
        message = f"the plan says {bound!r}, but plans with schedules that it did not look at may bring {most!r}"
        yield Discrepancy(place="proof.bound", message=message, stated=bound, recomputed=most)
    if check.bound > check.priced.integer_bound:
        message = f"the plan says {bound!r}, but its prices show {price_bound!r}"
        yield Discrepancy(place="proof.bound", message=message, stated=bound, recomputed=price_bound)
    yield from _claims_refuted_by_rival(check, claimed)
    yield from _unsupported_claims(check, claimed)


def _claims_refuted_by_rival(check: CertificateCheck, claimed: Proof) -> Iterator[Discrepancy]:
    """Yield the statement that no plan is better, or none cheaper, where one was found."""
    if check.rival is None:
        return
    rival = check.program.objective_value(check.rival)
    if rival > check.bound:
        bound, value = (_json_number(figure) for figure in (claimed.bound, rival * check.objective.unit))
        message = f"the plan says {bound!r}, but another plan under its rules gives {value!r}"
        yield Discrepancy(place="proof.bound", message=message, stated=bound, recomputed=value)
    elif claimed.cheapest and rival == check.value:
        cost = check.program.total_cost(check.rival) / 100
        message = f"the plan says that no cheaper plan is as good, but one costs {cost:.2f}"
        yield Discrepancy(place="proof.cheapest", message=message, stated=True, recomputed=False)


def _json_number(figure: Fraction) -> float | str:
    """Return a figure as a double where one holds it, else as a plan file states it: exactly."""
    number = float(figure)
    return number if decimal_fraction(number) == figure else str(figure)


def _unsupported_claims(check: CertificateCheck, claimed: Proof) -> Iterator[Discrepancy]:
    """Yield the statements about status, limit and solver that do not follow from the value and the bounds."""
    near = check.bound - check.value <= proof_tolerance(check.program, check.bound)
    facts = f"branch and bound of {solver_title(claimed.backend, claimed.version)}"
    if (claimed.confirmed_by or claimed.unconfirmed) and claimed.proven_by.startswith("branch and bound of "):
        facts = claimed.proven_by  # the bound may be the second solver's
    of_left_out = check.left_out is not None and check.bound == check.priced.integer_bound  # which prices show
    if claimed.proven_by in REPEATABLE or (of_left_out and claimed.proven_by == PRICES_ALONE):
        facts = claimed.proven_by
    for key, value, recomputed in (
        ("status", claimed.status, (Termination.OPTIMAL if near else Termination.FEASIBLE).value),
        ("proven_by", claimed.proven_by, PRICES_ALONE if check.prices_prove_it else facts),
    ):
        if value != recomputed:
            message = f"the plan says {value!r}, but its value and bounds give {recomputed!r}"
            yield Discrepancy(place=f"proof.{key}", message=message, stated=value, recomputed=recomputed)
    if claimed.cheapest and not (near and check.program.has_linear_objective):
        message = "the plan says that no plan is cheaper, but is not proven exactly enough for that"
        yield Discrepancy(place="proof.cheapest", message=message, stated=True, recomputed=False)
    if claimed.limit not in LIMITS:
        yield Discrepancy(place="proof.limit", message=f"{claimed.limit!r} is not a limit", stated=claimed.limit)
    if claimed.confirmed_by and (
        claimed.unconfirmed or claimed.confirmed_by == solver_title(claimed.backend, claimed.version)
    ):
        message = "a solver cannot confirm itself, and a plan cannot be both confirmed and unconfirmed"
        yield Discrepancy(place="proof.confirmed_by", message=message, stated=claimed.confirmed_by)
    for place, count in (("proof.core_size", claimed.core_size), ("proof.seconds", claimed.seconds)):
        if count < 0:
            yield Discrepancy(place=place, message=f"the plan says {count}, which is below 0", stated=count)


def gap_by_prices(check: CertificateCheck) -> float:
    """Return how far a plan may be from the best possible by its prices alone, as a share of their bound."""
    if check.proven:
        return 0.0
    return (check.priced.integer_bound - check.value) / max(1, abs(check.priced.integer_bound))


def proven_sentences(check: CertificateCheck, minimizes_cost: bool, *, is_for_declines: bool = False) -> Iterator[str]:
    """Yield what a plan's prices prove without a solver.

    Parameters
    ----------
    minimizes_cost
        Whether the goal is the least cost.
    is_for_declines
        Whether the plan was chosen for what it brings after declines: another may bring more if nobody is replaced.
    """
    if not check.proven and is_for_declines:
        more = _format_more(check.priced.integer_bound, check.value)
        yield f"if nobody is replaced, another plan brings at most {more} more, by prices alone"
    elif not check.proven:
        share = _format_rounded_up(gap_by_prices(check))
        yield (
            f"it costs at most {share} more than it must"
            if minimizes_cost
            else f"it is within {share} of the best possible"
        )
    elif check.program.has_linear_objective:
        yield "no plan under its rules costs less" if minimizes_cost else "no plan under its rules is better"
    else:
        yield "it is within a millionth of the best possible"
    if check.cheapest:
        yield "no cheaper plan is as good"


def unproven_sentences(check: CertificateCheck, stated: Plan, campaign: Campaign) -> Iterator[str]:
    """Yield what a plan claims and its prices do not prove."""
    minimizes_cost = campaign.goal.name == LEAST_COST
    if not check.proven:
        if stated.proof.status == Termination.OPTIMAL.value:
            yield f"that no plan {'costs less' if minimizes_cost else 'is better'}"
        elif check.bound < check.priced.integer_bound:
            yield _unproven_gap(check, stated)
    if stated.proof.confirmed_by:
        yield f"that {stated.proof.confirmed_by} has confirmed it"
    if stated.repair is not None:
        smaller = ", and that no smaller change is enough" if stated.repair.minimal else ""
        yield f"that no plan was possible before the repair{smaller}"
    if stated.after_declines is not None:
        yield "that the plan of averages, with which it is compared after declines, is the best one before them"
    if stated.spread is not None and stated.spread.status != EVEN:
        cap = f"{float(stated.spread.cap):.0%}"
        yield f"what the plan would bring with nobody above {cap}, and that no such plan is better"
    if stated.rule_prices:
        yield "what the plan would be without each of its rules"
    yield from _of_running_campaign(stated, campaign)
    if stated.proof.cheapest and not check.cheapest and not minimizes_cost:
        yield "that no cheaper plan is as good"
    if stated.ideals and not campaign.ideals:
        named = [("" if ideal.metric == LEAST_COST else ideal.metric, ideal.bound / 1000) for ideal in stated.ideals]
        best = " and ".join(f"{format_count(bound)} {metric}".rstrip() for metric, bound in named)
        yield f"that no plan {'costs less' if minimizes_cost else 'brings more'} than {best} (its ideals)"


def _of_running_campaign(stated: Plan, campaign: Campaign) -> Iterator[str]:
    """Yield what a plan of a running campaign says of its results and of the plan before it."""
    if campaign.running is not None:
        yield "the states and results of creators, as you reported them"
    if stated.replan is not None:
        yield "why creators were added and dropped since the last plan, and what that gains"
        if stated.replan.moved:
            yield "what moved between waves, and why"


def _unproven_gap(check: CertificateCheck, stated: Plan) -> str:
    if stated.is_chosen_for_declines:
        more = _format_more(check.bound, check.value)
        return f"that another plan brings at most {more} more if nobody is replaced, by the solver's search"
    return f"that it is within {_format_rounded_up(recompute_proof(check, stated).gap)} of the best possible"


def _format_more(bound: int, value: int) -> str:
    """Return how much more than a plan another can bring at most, as the plan says it."""
    return f"{ceil(10_000 * Fraction(bound - value, max(1, abs(value)))) / 100:,.2f}%"


def _format_rounded_up(share: float) -> str:
    """Format a share as a percentage with two significant digits, rounded up."""
    percent = share * 100
    if percent <= 0:
        return "0%"
    digits = max(0, 1 - floor(log10(percent)))
    return f"{ceil(percent * 10**digits) / 10**digits:.{digits}f}%"
