"""Explain why a creator is in a plan or not: what the opposite would change, and the break-even fee."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from time import perf_counter
from typing import ClassVar

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.analysis.explain.break_even import NOT_SEARCHED, BreakEven, BreakEvenSearch
from microopt.analysis.session import PlanSession
from microopt.campaign.campaign import Campaign
from microopt.errors import Fault, NameSuggester, UsageError
from microopt.plan.difference import NOT_LOOKED_AT, Difference
from microopt.plan.plan import RosterFacts, RuleUse, Totals
from microopt.planning.audit import audit
from microopt.planning.counterfactuals import (
    compare_picks,
    creator_choices,
    creator_names,
    price_columns,
    solve_with_one,
    solve_without,
)
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import zero_objective
from microopt.planning.problem import PlanningProblem
from microopt.planning.purchase_causes import exclusion_reasons
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.planning.totals import sum_totals
from microopt.quantities.keys import match_key
from microopt.quantities.units import Approximate, Cents, Seconds
from microopt.roster.roster import Roster
from microopt.roster.selection import offers_linked
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.iis import find_iis
from microopt.solver.program import Columns, IntegerProgram, constraint
from microopt.solver.reduced_cost_fixing import PricedProgram
from microopt.solver.result import SolveLimits, SolveResult, Termination


class ExplainedOffer(Struct, frozen=True, kw_only=True):
    """One offer of an explained creator.

    Attributes
    ----------
    picked
        Whether the plan buys the offer.
    fee
        Cents for all units.
    """

    offer: str
    platform: str
    units: int
    picked: bool
    fee: Cents
    break_even: BreakEven


class CreatorExplanation(Struct, frozen=True, kw_only=True):
    """Why a creator is in the plan or not.

    Attributes
    ----------
    status
        Status of the best plan without the creator, or with: `optimal`, `feasible`, `infeasible`, `unknown`, or
        `not looked at`.
    change
        The difference of that plan from the current one, or None.
    binding
        Binding rules that count the creator.
    reasons
        Sentences why there is no such plan, or why no plan can have the creator.
    """

    creator: str
    tier: str
    picked: bool
    offers: tuple[ExplainedOffer, ...]
    status: str
    change: Difference | None = None
    binding: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    computed: ClassVar[tuple[str, ...]] = ("main",)

    @property
    def main(self) -> ExplainedOffer | None:
        """The offer that is bought, or the one closest to its break-even fee; None without offers."""
        candidates = [offer for offer in self.offers if offer.picked] or list(self.offers)
        return max(candidates, key=_fee_nearness) if candidates else None


def _fee_nearness(offer: ExplainedOffer) -> Fraction:
    fee = offer.break_even.fee
    return Fraction(-1) if fee is None else Fraction(fee, max(offer.fee, 1))


class Explanation(Struct, frozen=True, kw_only=True):
    """Why creators are in a plan or not.

    Attributes
    ----------
    objective
        Of the plan, in the unit of the goal.
    status
        Of the plan; the explanations are about this plan, proven or not.
    everyone
        Whether every pick of the plan is explained.
    seconds
        The total time.
    """

    campaign: Campaign
    roster: RosterFacts
    totals: Totals
    objective: Approximate
    status: str
    creators: tuple[CreatorExplanation, ...]
    everyone: bool
    seconds: Seconds
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "explain"
    computed: ClassVar[tuple[str, ...]] = ("finished",)

    @property
    def finished(self) -> bool:
        """Whether no limit or interrupt left anything open."""
        return all(
            creator.status in ("optimal", "infeasible")
            and all(_is_settled(offer.break_even) for offer in creator.offers)
            for creator in self.creators
        )


def _is_settled(break_even: BreakEven) -> bool:
    return break_even.exact or break_even.excluded_from is None or break_even.fee is None


class _ExplainContext(Struct, frozen=True, kw_only=True, eq=False):
    solved: SolvedProblem
    roster: Roster
    solver: Backend
    rules: tuple[RuleUse, ...]
    break_evens: BreakEvenSearch
    priced: PricedProgram | None

    @property
    def problem(self) -> PlanningProblem:
        return self.solved.problem

    @property
    def program(self) -> IntegerProgram:
        return self.solved.program

    @property
    def picks(self) -> Columns:
        return self.solved.picks


def explain(
    session: PlanSession,
    creators: Sequence[str] = (),
    *,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
) -> Explanation:
    """Explain why creators are in a plan or not, and at which fees that changes.

    Parameters
    ----------
    session
        A campaign with its plan.
    creators
        Names of creators; by default every creator of the plan.
    limits
        For the whole analysis; 60 seconds by default. Creators left out are marked as not looked at.
    solver
        CBC by default.

    Raises
    ------
    UsageError
        If a name is not in the roster.
    AuditError, BackendError
        If the solver fails.
    """
    solved, solver = session.solved, solver or load_backend()
    problem, result = solved.problem, solved.result
    assert result.columns is not None and result.objective is not None
    if creators:
        names = _known_creators(session.roster, creators)
    else:
        names = creator_names(problem, set(problem.choice_creators[result.columns].tolist()))
    context = _build_context(session, solver)
    time_budget, start = TimeBudget(limits or SolveLimits(seconds=60.0)), perf_counter()
    explanations = tuple(_explain_each(context, names, time_budget))
    return Explanation(
        campaign=problem.campaign,
        roster=problem.roster_facts,
        totals=sum_totals(problem, problem.select_rows(solved.program.mask(result.columns))),
        objective=result.objective * solved.objective.unit,
        status=solved.proof.status,
        creators=explanations,
        everyone=not creators,
        seconds=perf_counter() - start,
        warnings=session.warnings,
    )


def _build_context(session: PlanSession, solver: Backend) -> _ExplainContext:
    solved = session.solved
    result = solved.result
    assert result.columns is not None and result.objective is not None
    return _ExplainContext(
        solved=solved,
        roster=session.roster,
        solver=solver,
        rules=audit(solved.problem, solved.program, result.columns, result.objective),
        break_evens=BreakEvenSearch(solved=solved, solver=solver),
        priced=price_columns(solved),
    )


def _known_creators(roster: Roster, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names as written in the roster, without duplicates."""
    labels = {match_key(label): label.strip() for label in roster.texts["creator"].labels}
    for name in names:
        if match_key(name) not in labels and (linked := np.flatnonzero(offers_linked(roster, [name]))).size:
            labels[match_key(name)] = roster.texts["creator"][int(linked[0])].strip()
    unknown = [name for name in names if match_key(name) not in labels]
    if unknown:
        suggester = NameSuggester(labels.values())
        faults = [
            Fault(
                code="creator-unknown",
                message=f"the roster has no creator {name}",
                value=name,
                fix=suggester.suggest(name) or "check the spelling in the roster",
            )
            for name in unknown
        ]
        message = faults[0].message if len(faults) == 1 else f"{len(faults)} creators are not in the roster"
        raise UsageError(message, fix=faults[0].fix, faults=faults)
    return tuple(dict.fromkeys(labels[match_key(name)] for name in names))


def _explain_each(
    context: _ExplainContext, names: Sequence[str], time_budget: TimeBudget
) -> Iterator[CreatorExplanation]:
    for number, name in enumerate(names):
        explanation = time_budget.run(partial(_explain_creator, context, name), name, 1 / (len(names) - number))
        yield explanation or _unexplained(context, name)


def _explain_creator(context: _ExplainContext, name: str, limits: SolveLimits) -> CreatorExplanation:
    """Explain one creator."""
    columns = creator_choices(context.solved, name)
    if not len(columns):
        reasons = tuple(exclusion_reasons(context.roster, context.problem.campaign, name))
        return CreatorExplanation(
            creator=name, tier="", picked=False, offers=(), status=Termination.INFEASIBLE.value, reasons=reasons
        )
    start = perf_counter()
    picked = np.intersect1d(columns, context.picks)
    solved, solver = context.solved, context.solver
    if len(picked):
        counterfactual = solve_without(solved, columns, solver, limits)
    else:
        counterfactual = solve_with_one(solved, columns, solver, limits, priced=context.priced)
    rival = _rival_plan(context, columns, picked, counterfactual, limits.remaining(start, 0.5))
    columns_shown = picked if len(picked) else columns
    offers = tuple(
        _build_offer(
            context,
            row_index,
            picked=column in picked,
            break_even=_offer_break_even(context, row_index, rival, limits.remaining(start)),
        )
        for column in columns_shown.tolist()
        for row_index in np.flatnonzero(context.problem.choice == column).tolist()
    )
    explanation = CreatorExplanation(
        creator=name,
        tier=_creator_tier(context, columns),
        picked=bool(len(picked)),
        offers=offers,
        status=counterfactual.termination.value,
        binding=_binding_rules(context, columns),
    )
    if counterfactual.columns is not None and counterfactual.objective is not None:
        unit = context.solved.objective.unit
        values = (
            context.program.objective_value(context.picks) * unit,
            context.program.objective_value(counterfactual.columns) * unit,
        )
        return replace(
            explanation, change=compare_picks(context.problem, context.picks, counterfactual.columns, values)
        )
    return replace(explanation, reasons=_impossibility_reasons(context, columns, name, limits.remaining(start)))


def _unexplained(context: _ExplainContext, name: str) -> CreatorExplanation:
    columns = creator_choices(context.solved, name)
    picked = np.intersect1d(columns, context.picks)
    rows = np.flatnonzero(np.isin(context.problem.choice, picked if len(picked) else columns)).tolist()
    offers = tuple(
        _build_offer(context, row_index, picked=bool(len(picked)), break_even=NOT_SEARCHED) for row_index in rows
    )
    return CreatorExplanation(
        creator=name,
        tier=_creator_tier(context, columns),
        picked=bool(len(picked)),
        offers=offers,
        status=NOT_LOOKED_AT,
    )


def _creator_tier(context: _ExplainContext, columns: Columns) -> str:
    rows = np.flatnonzero(np.isin(context.problem.choice, columns))
    return context.problem.roster.texts["tier"][int(rows[0])].strip() if len(rows) else ""


def _rival_plan(
    context: _ExplainContext, columns: Columns, picked: Columns, counterfactual: SolveResult, limits: SolveLimits
) -> SolveResult:
    """Return the best plan without the creator's current choice: a plan with it must be worth as much."""
    if not len(picked):
        return replace(context.solved.result, termination=Termination.OPTIMAL)  # the current plan, proven or not
    if len(columns) == len(picked):
        return counterfactual
    initial = () if counterfactual.columns is None else (counterfactual.columns,)
    return solve_without(
        context.solved, picked, context.solver, limits, *initial
    )  # other choices of the creator can replace it


def _offer_break_even(context: _ExplainContext, row_index: int, rival: SolveResult, limits: SolveLimits) -> BreakEven:
    if rival.termination not in (Termination.OPTIMAL, Termination.INFEASIBLE):
        return NOT_SEARCHED
    return context.break_evens.find(row_index, rival.columns, limits)


def _build_offer(context: _ExplainContext, row_index: int, *, picked: bool, break_even: BreakEven) -> ExplainedOffer:
    roster = context.problem.roster
    return ExplainedOffer(
        offer=roster.text("offer", row_index).strip(),
        platform=roster.text("platform", row_index).strip(),
        units=1 if roster.units is None else int(roster.units[row_index]),
        picked=picked,
        fee=int(context.problem.forecast.fee[row_index]),
        break_even=break_even,
    )


def _binding_rules(context: _ExplainContext, columns: Columns) -> tuple[str, ...]:
    """Return the binding rules that count the creator, and the budget if its dual price is positive."""
    binding = {use.label for use in context.rules if use.binding}
    prices = context.solved.result.prices
    labels = [
        line.label
        for number, line in enumerate(context.program.rows)
        if (line.label in binding or (line.label == "budget" and prices is not None and prices[number] > 0))
        and line.coefficients_at(columns).any()
    ]
    return tuple(dict.fromkeys(labels))


def _impossibility_reasons(
    context: _ExplainContext, columns: Columns, name: str, limits: SolveLimits
) -> tuple[str, ...]:
    """Return why no plan can have, or do without, a creator: an irreducible set of conflicting rules."""
    coefficients = np.zeros(len(context.program), dtype=np.int64)
    coefficients[columns] = 1
    picked = bool(np.isin(columns, context.picks).any())
    label = f"without {name}" if picked else f"with {name}"
    hard = formulate(context.problem.without_soft_rules(), zero_objective(context.problem))
    lower, upper = (None, 0) if picked else (1, None)
    conflicting = hard.with_row(constraint(label, coefficients, lower=lower, upper=upper))
    candidates = tuple(dict.fromkeys(line.label for line in conflicting.rows))
    iis = find_iis(conflicting, context.solver, limits, candidates=candidates)
    others = [] if iis is None else [other_label for other_label in iis.labels if other_label != label]
    return (f"{label} {', '.join(others)} cannot {'all ' if len(others) > 1 else ''}be kept",) if others else ()
