"""Why is a creator in the plan, or not? What the plan loses if it were otherwise, and the fee at which that changes.

Explanation: why creators are in a plan or not, and at which fee that changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from time import perf_counter

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.analysis.explain.break_even import UNKNOWN, BreakEven, BreakEvens
from microopt.analysis.session import PlanSession
from microopt.campaign.campaign import Campaign
from microopt.errors import Fault, NameSuggester, UsageError
from microopt.plan.difference import NOT_LOOKED_AT, Difference
from microopt.plan.plan import RosterFacts, RuleUse, Totals
from microopt.planning.audit import audit
from microopt.planning.barriers import exclusion_reasons
from microopt.planning.build_plan import facts_of, sum_totals
from microopt.planning.counterfactuals import (
    compare_picks,
    creator_columns,
    creator_names,
    price_columns,
    solve_with_one,
    solve_without,
)
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import zero_objective
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import match_key
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.iis import find_iis
from microopt.solver.program import Columns, IntegerProgram, constraint
from microopt.solver.reduced_cost_fixing import PricedProgram
from microopt.solver.result import SolveLimits, SolveResult, Termination


class ExplainedOffer(Struct, frozen=True, kw_only=True):
    """One offer of a creator.

    Attributes
    ----------
    picked
        Whether the plan buys it.
    fee
        Cents, of all units.
    """

    offer: str
    platform: str
    units: int
    picked: bool
    fee: int
    break_even: BreakEven


class Explained(Struct, frozen=True, kw_only=True):
    """Why a creator is in the plan, or not.

    Attributes
    ----------
    status
        Of the best plan without the creator, or with: `optimal`, `feasible`, `infeasible`, `unknown`, or
        `not looked at`.
    change
        What that plan has more than the plan at hand, None where there is none.
    binding
        Rules that leave no room and count the creator.
    reasons
        Why there is no such plan, or why the creator cannot be in any, in sentences.
    """

    creator: str
    tier: str
    picked: bool
    offers: tuple[ExplainedOffer, ...]
    status: str
    change: Difference | None = None
    binding: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def main(self) -> ExplainedOffer | None:
        """The offer that is bought, or the one whose fee is nearest to what would bring it in; None without offers."""
        mine = [offer for offer in self.offers if offer.picked] or list(self.offers)
        return max(mine, key=_nearness) if mine else None


def _nearness(offer: ExplainedOffer) -> Fraction:
    fee = offer.break_even.fee
    return Fraction(-1) if fee is None else Fraction(fee, max(offer.fee, 1))


class Explanation(Struct, frozen=True, kw_only=True):
    """Why creators are in a plan, or not.

    Attributes
    ----------
    value
        Of the plan, in the goal's unit.
    status
        Of the plan: what is told of creators is of the plan as it is, proven or not.
    everyone
        Whether every pick was asked for.
    seconds
        That it took.
    """

    campaign: Campaign
    roster: RosterFacts
    totals: Totals
    objective: Fraction
    status: str
    creators: tuple[Explained, ...]
    everyone: bool
    seconds: float
    warnings: tuple[str, ...] = ()

    @property
    def finished(self) -> bool:
        """Whether nothing was left open by a limit or an interrupt."""
        return all(
            one.status in ("optimal", "infeasible") and all(_told(offer.break_even) for offer in one.offers)
            for one in self.creators
        )


def _told(found: BreakEven) -> bool:
    return found.exact or found.excluded_from is None or found.fee is None


class _Question(Struct, frozen=True, kw_only=True, eq=False):
    answered: SolvedProblem
    roster: Roster
    solver: Backend
    rules: tuple[RuleUse, ...]
    break_evens: BreakEvens
    priced: PricedProgram | None

    @property
    def case(self) -> PlanningProblem:
        return self.answered.problem

    @property
    def program(self) -> IntegerProgram:
        return self.answered.program

    @property
    def picks(self) -> Columns:
        assert self.answered.result.columns is not None
        return self.answered.result.columns


def explain(
    asked: PlanSession,
    creators: Sequence[str] = (),
    *,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
) -> Explanation:
    """Return why creators are in a plan or not, and the fees at which that changes.

    Parameters
    ----------
    asked
        A campaign with its plan.
    creators
        By name; every creator of the plan where none is named.
    limits
        For all of it; 60 seconds by default. After the time, or an interrupt, what is left is told to be not looked at.
    solver
        CBC by default.

    Raises
    ------
    UsageError
        If the roster has no creator of a name.
    AuditError, BackendError
        If the solver fails.
    """
    answered, solver = asked.answered, solver or load_backend()
    case, answer = answered.problem, answered.result
    assert answer.columns is not None and answer.objective is not None
    names = (
        _known(asked.roster, creators)
        if creators
        else creator_names(case, set(case.choice_creators[answer.columns].tolist()))
    )
    question = _Question(
        answered=answered,
        roster=asked.roster,
        solver=solver,
        rules=audit(case, answered.program, answer.columns, answer.objective),
        break_evens=BreakEvens(answered=answered, solver=solver),
        priced=price_columns(answered),
    )
    stint, start = TimeBudget(limits or SolveLimits(seconds=60.0)), perf_counter()
    found = tuple(_each(question, names, stint))
    return Explanation(
        campaign=case.campaign,
        roster=facts_of(case),
        totals=sum_totals(case, case.select_rows(answered.program.mask(answer.columns))),
        objective=answer.objective * answered.objective.unit,
        status=answered.proof.status,
        creators=found,
        everyone=not creators,
        seconds=perf_counter() - start,
        warnings=asked.warnings,
    )


def _known(roster: Roster, creators: Sequence[str]) -> tuple[str, ...]:
    """Return names as the roster writes them, each once."""
    labels = {match_key(label): label.strip() for label in roster.texts["creator"].labels}
    unknown = [name for name in creators if match_key(name) not in labels]
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
    return tuple(dict.fromkeys(labels[match_key(name)] for name in creators))


def _each(question: _Question, names: Sequence[str], stint: TimeBudget) -> Iterator[Explained]:
    for number, name in enumerate(names):
        found = stint.run(partial(_one, question, name), name, 1 / (len(names) - number))
        yield found or _not_looked_at(question, name)


def _one(question: _Question, name: str, limits: SolveLimits) -> Explained:
    """Return why one creator is in or not."""
    columns = creator_columns(question.answered, name)
    if not len(columns):
        reasons = tuple(exclusion_reasons(question.roster, question.case.campaign, name))
        return Explained(
            creator=name, tier="", picked=False, offers=(), status=Termination.INFEASIBLE.value, reasons=reasons
        )
    start = perf_counter()
    picked = np.intersect1d(columns, question.picks)
    answered, solver = question.answered, question.solver
    if len(picked):
        other = solve_without(answered, columns, solver, limits)
    else:
        other = solve_with_one(answered, columns, solver, limits, priced=question.priced)
    rival = _rival(question, columns, picked, other, limits.remaining(start, 0.5))
    asked = picked if len(picked) else columns
    offers = tuple(
        _offer(question, at, picked=column in picked, found=_break_even(question, at, rival, limits.remaining(start)))
        for column in asked.tolist()
        for at in np.flatnonzero(question.case.choice == column).tolist()
    )
    told = Explained(
        creator=name,
        tier=_tier(question, columns),
        picked=bool(len(picked)),
        offers=offers,
        status=other.termination.value,
        binding=_binding(question, columns),
    )
    if other.columns is not None and other.objective is not None:
        unit = question.answered.objective.unit
        worth = (
            question.program.objective_value(question.picks) * unit,
            question.program.objective_value(other.columns) * unit,
        )
        return replace(told, change=compare_picks(question.case, question.picks, other.columns, worth))
    return replace(told, reasons=_reasons(question, columns, name, limits.remaining(start)))


def _not_looked_at(question: _Question, name: str) -> Explained:
    columns = creator_columns(question.answered, name)
    picked = np.intersect1d(columns, question.picks)
    rows = np.flatnonzero(np.isin(question.case.choice, picked if len(picked) else columns)).tolist()
    offers = tuple(_offer(question, at, picked=bool(len(picked)), found=UNKNOWN) for at in rows)
    return Explained(
        creator=name, tier=_tier(question, columns), picked=bool(len(picked)), offers=offers, status=NOT_LOOKED_AT
    )


def _tier(question: _Question, columns: Columns) -> str:
    mine = np.flatnonzero(np.isin(question.case.choice, columns))
    return question.case.roster.texts["tier"][int(mine[0])].strip() if len(mine) else ""


def _rival(
    question: _Question, columns: Columns, picked: Columns, other: SolveResult, limits: SolveLimits
) -> SolveResult:
    """Return the best plan without the choice that is asked about, which one with it has to be as good as."""
    if not len(picked):
        return replace(question.answered.result, termination=Termination.OPTIMAL)  # the plan as it is, proven or not
    if len(columns) == len(picked):
        return other
    known = () if other.columns is None else (other.columns,)
    return solve_without(
        question.answered, picked, question.solver, limits, *known
    )  # other choices of the creator may come instead


def _break_even(question: _Question, at: int, rival: SolveResult, limits: SolveLimits) -> BreakEven:
    if rival.termination not in (Termination.OPTIMAL, Termination.INFEASIBLE):
        return UNKNOWN
    return question.break_evens.of(at, rival.columns, limits)


def _offer(question: _Question, at: int, *, picked: bool, found: BreakEven) -> ExplainedOffer:
    roster = question.case.roster
    return ExplainedOffer(
        offer=roster.text("offer", at).strip(),
        platform=roster.text("platform", at).strip(),
        units=1 if roster.units is None else int(roster.units[at]),
        picked=picked,
        fee=int(question.case.forecast.fee[at]),
        break_even=found,
    )


def _binding(question: _Question, columns: Columns) -> tuple[str, ...]:
    """Return the rules that leave no room and count the creator, the budget too where money has a price."""
    binding = {use.label for use in question.rules if use.binding}
    prices = question.answered.result.prices
    labels = [
        line.label
        for number, line in enumerate(question.program.rows)
        if (line.label in binding or (line.label == "budget" and prices is not None and prices[number] > 0))
        and line.coefficients_at(columns).any()
    ]
    return tuple(dict.fromkeys(labels))


def _reasons(question: _Question, columns: Columns, name: str, limits: SolveLimits) -> tuple[str, ...]:
    """Return why no plan can have, or do without, a creator: labels of which each is needed."""
    mine = np.zeros(len(question.program), dtype=np.int64)
    mine[columns] = 1
    picked = bool(np.isin(columns, question.picks).any())
    label = f"without {name}" if picked else f"with {name}"
    hard = formulate(question.case.without_soft_rules(), zero_objective(question.case))
    asked = hard.with_row(constraint(label, mine, lower=None if picked else 1, upper=0 if picked else None))
    found = find_iis(asked, question.solver, limits, candidates=tuple(dict.fromkeys(line.label for line in asked.rows)))
    if found is None:
        return ()
    others = [other for other in found.labels if other != label]
    return (f"{label} {', '.join(others)} cannot {'all ' if len(others) > 1 else ''}be kept",) if others else ()
