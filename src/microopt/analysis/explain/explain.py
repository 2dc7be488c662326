"""Why is a creator in the plan, or not? What the plan loses if it were otherwise, and the fee at which that changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from time import perf_counter

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.analysis.explain.break_even import UNKNOWN, BreakEvens
from microopt.analysis.explain.result import BreakEven, Explained, ExplainedOffer, Explanation
from microopt.analysis.session import PlanSession
from microopt.errors import Fault, UsageError, did_you_mean
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.plan.plan import RuleUse
from microopt.planning.audit import audit
from microopt.planning.barriers import exclusion_reasons
from microopt.planning.between import difference, names_of
from microopt.planning.build_plan import facts_of, totals
from microopt.planning.counterfactuals import columns_of, priced, with_one, without
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import nothing
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import match_key
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend, backend
from microopt.solver.iis import find_iis
from microopt.solver.program import IntegerProgram, Picks, row
from microopt.solver.reduced_cost_fixing import PricedProgram
from microopt.solver.result import SolveLimits, SolveResult, Termination


class _Question(Struct, frozen=True, kw_only=True, eq=False):
    answered: SolvedProblem
    roster: Roster
    solver: Backend
    rules: tuple[RuleUse, ...]
    break_evens: BreakEvens
    priced: PricedProgram | None

    @property
    def case(self) -> PlanningProblem:
        return self.answered.case

    @property
    def program(self) -> IntegerProgram:
        return self.answered.program

    @property
    def picks(self) -> Picks:
        assert self.answered.answer.picks is not None
        return self.answered.answer.picks


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
    answered, solver = asked.answered, solver or backend()
    case, answer = answered.case, answered.answer
    assert answer.picks is not None and answer.value is not None
    names = _known(asked.roster, creators) if creators else names_of(case, set(case.creator[answer.picks].tolist()))
    question = _Question(
        answered=answered,
        roster=asked.roster,
        solver=solver,
        rules=audit(case, answered.program, answer.picks, answer.value),
        break_evens=BreakEvens(answered=answered, solver=solver),
        priced=priced(answered),
    )
    stint, start = TimeBudget(limits or SolveLimits(seconds=60.0)), perf_counter()
    found = tuple(_each(question, names, stint))
    return Explanation(
        campaign=case.campaign,
        roster=facts_of(case),
        totals=totals(case, case.rows(answered.program.chosen(answer.picks))),
        value=answer.value * answered.objective.unit,
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
        faults = [
            Fault(
                code="creator-unknown",
                message=f"the roster has no creator {name}",
                value=name,
                fix=did_you_mean(name, labels.values()) or "check the spelling in the roster",
            )
            for name in unknown
        ]
        message = faults[0].message if len(faults) == 1 else f"{len(faults)} creators are not in the roster"
        raise UsageError(message, fix=faults[0].fix, faults=faults)
    return tuple(dict.fromkeys(labels[match_key(name)] for name in creators))


def _each(question: _Question, names: Sequence[str], stint: TimeBudget) -> Iterator[Explained]:
    for number, name in enumerate(names):
        found = stint.work(partial(_one, question, name), name, 1 / (len(names) - number))
        yield found or _not_looked_at(question, name)


def _one(question: _Question, name: str, limits: SolveLimits) -> Explained:
    """Return why one creator is in or not."""
    columns = columns_of(question.answered, name)
    if not len(columns):
        reasons = tuple(exclusion_reasons(question.roster, question.case.campaign, name))
        return Explained(
            creator=name, tier="", picked=False, offers=(), status=Termination.INFEASIBLE.value, reasons=reasons
        )
    start = perf_counter()
    picked = np.intersect1d(columns, question.picks)
    answered, solver = question.answered, question.solver
    if len(picked):
        other = without(answered, columns, solver, limits)
    else:
        other = with_one(answered, columns, solver, limits, nearness=question.priced)
    rival = _rival(question, columns, picked, other, limits.left(start, 0.5))
    asked = picked if len(picked) else columns
    offers = tuple(
        _offer(question, at, picked=column in picked, found=_break_even(question, at, rival, limits.left(start)))
        for column in asked.tolist()
        for at in np.flatnonzero(question.case.choice == column).tolist()
    )
    told = Explained(
        creator=name,
        tier=_tier(question, columns),
        picked=bool(len(picked)),
        offers=offers,
        status=other.stop.value,
        binding=_binding(question, columns),
    )
    if other.picks is not None and other.value is not None:
        unit = question.answered.objective.unit
        worth = (
            question.program.objective_value(question.picks) * unit,
            question.program.objective_value(other.picks) * unit,
        )
        return replace(told, change=difference(question.case, question.picks, other.picks, worth))
    return replace(told, reasons=_reasons(question, columns, name, limits.left(start)))


def _not_looked_at(question: _Question, name: str) -> Explained:
    columns = columns_of(question.answered, name)
    picked = np.intersect1d(columns, question.picks)
    rows = np.flatnonzero(np.isin(question.case.choice, picked if len(picked) else columns)).tolist()
    offers = tuple(_offer(question, at, picked=bool(len(picked)), found=UNKNOWN) for at in rows)
    return Explained(
        creator=name, tier=_tier(question, columns), picked=bool(len(picked)), offers=offers, status=NOT_LOOKED_AT
    )


def _tier(question: _Question, columns: Picks) -> str:
    mine = np.flatnonzero(np.isin(question.case.choice, columns))
    return question.case.roster.texts["tier"][int(mine[0])].strip() if len(mine) else ""


def _rival(question: _Question, columns: Picks, picked: Picks, other: SolveResult, limits: SolveLimits) -> SolveResult:
    """Return the best plan without the choice that is asked about, which one with it has to be as good as."""
    if not len(picked):
        return replace(question.answered.answer, stop=Termination.OPTIMAL)  # the plan as it is, proven or not
    if len(columns) == len(picked):
        return other
    known = () if other.picks is None else (other.picks,)
    return without(
        question.answered, picked, question.solver, limits, *known
    )  # other choices of the creator may come instead


def _break_even(question: _Question, at: int, rival: SolveResult, limits: SolveLimits) -> BreakEven:
    if rival.stop not in (Termination.OPTIMAL, Termination.INFEASIBLE):
        return UNKNOWN
    return question.break_evens.of(at, rival.picks, limits)


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


def _binding(question: _Question, columns: Picks) -> tuple[str, ...]:
    """Return the rules that leave no room and count the creator, the budget too where money has a price."""
    binding = {use.label for use in question.rules if use.binding}
    prices = question.answered.answer.prices
    labels = [
        line.label
        for number, line in enumerate(question.program.rows)
        if (line.label in binding or (line.label == "budget" and prices is not None and prices[number] > 0))
        and line.at(columns).any()
    ]
    return tuple(dict.fromkeys(labels))


def _reasons(question: _Question, columns: Picks, name: str, limits: SolveLimits) -> tuple[str, ...]:
    """Return why no plan can have, or do without, a creator: labels of which each is needed."""
    mine = np.zeros(len(question.program), dtype=np.int64)
    mine[columns] = 1
    picked = bool(np.isin(columns, question.picks).any())
    label = f"without {name}" if picked else f"with {name}"
    hard = formulate(question.case.hard(), nothing(question.case))
    asked = hard.with_row(row(label, mine, lower=None if picked else 1, upper=0 if picked else None))
    found = find_iis(asked, question.solver, limits, among=tuple(dict.fromkeys(line.label for line in asked.rows)))
    if found is None:
        return ()
    others = [other for other in found.labels if other != label]
    return (f"{label} {', '.join(others)} cannot {'all ' if len(others) > 1 else ''}be kept",) if others else ()
