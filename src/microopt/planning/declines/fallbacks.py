"""Fallbacks of a plan: for each creator who may decline, whom to ask instead, the rest of the plan staying as it is.

They need no solver: a program with all but one column fixed is decided by comparing every other column with its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.calendar import WAVE
from microopt.campaign.campaign import RangeRule, include_label
from microopt.campaign.metrics import metrics_of
from microopt.plan.difference import Difference
from microopt.plan.fallbacks import Fallback, Substitute, SubstituteOffer
from microopt.planning.build_picks import display_order
from microopt.planning.counterfactuals import without_rows
from microopt.planning.declines.tight_rules import RuleRoom
from microopt.planning.problem import PlanningProblem
from microopt.planning.risk.goal_of_plan import tail_goal_of
from microopt.planning.solved import OfSolvedProblem, SolvedProblem
from microopt.quantities.keys import match_key
from microopt.roster.contract_status import kept_offers
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.single_conflict import conflict_of_place
from microopt.solver.substitution import ColumnSubstitute, Substitutions

NOBODY: Columns = np.zeros(0, dtype=np.intp)


def find_fallbacks(solved: SolvedProblem, count: int) -> tuple[Fallback, ...]:
    """Return the fallbacks of every creator of a plan who has not agreed yet, in the order of the plan.

    Substitutes are exact: of all offers of creators who are not in the plan, those with whom it keeps every rule and is
    worth most, of equal ones the cheaper. Whoever adds nothing to the plan without the creator is none. A requirement
    that a creator is in the plan ends where they decline. Whoever has an open offer is none: they were asked already.

    Parameters
    ----------
    count
        How many substitutes for each, at most.
    """
    if not count or not len(solved.picks):
        return ()
    return tuple(_FallbackSearch.of_plan(without_stability(solved)).fallbacks(count))


def substitutions_of(solved: SolvedProblem, *, barred: Columns | None = None) -> Substitutions:
    """Return the substitutes for single creators of a plan; a requirement of one creator ends where they decline.

    Parameters
    ----------
    barred
        Choices that are no substitutes.
    """
    program, picks = solved.program, solved.picks
    tail = tail_goal_of(solved)
    return Substitutions(
        program=program,
        plan=picks,
        waived=_waived_rows(program, picks, frozenset(map(include_label, solved.problem.campaign.include))),
        value=None if tail is None else tail.goal.objective_value,
        barred=barred,
    )


def broken_by_rest(substitutions: Substitutions, column: int) -> tuple[str, ...]:
    """Return which rules the rest of a plan breaks on its own."""
    program, waived = substitutions.program, substitutions.waived.get(column, frozenset())
    broken = set(program.violated_constraints(substitutions.plan[substitutions.plan != column]))
    if waived and broken:
        broken -= {program.rows[number].label for number in waived}
    return tuple(label for label in program.labels if label in broken) if broken else ()


def without_stability(solved: SolvedProblem) -> SolvedProblem:
    """Return the plan without the hard rules of a replan that keep creators in: they end where one of these declines.

    The next replan counts anew who is still available.
    """
    running = solved.problem.campaign.running
    labels = () if running is None else tuple(label for label in running.stability if "(soft" not in label)
    return replace(solved, program=without_rows(solved.program, labels)) if labels else solved


class _FallbackSearch(OfSolvedProblem, frozen=True, kw_only=True, eq=False):
    """A plan, and what is known of it once for all of its creators."""

    substitutions: Substitutions
    room: RuleRoom

    @classmethod
    def of_plan(cls, solved: SolvedProblem) -> _FallbackSearch:
        labels = {rule.label for rule in solved.problem.rules if isinstance(rule, RangeRule) and rule.soft is None}
        return cls(
            solved=solved,
            substitutions=substitutions_of(solved, barred=_asked(solved.problem)),
            room=RuleRoom.of_plan(solved.program, solved.picks, labels),
        )

    def fallbacks(self, count: int) -> Iterator[Fallback]:
        """Yield the fallbacks of everyone who may decline."""
        selection = self.problem.select_rows(self.solved.program.mask(self.solved.picks))
        agreed = kept_offers(self.problem.roster, self.problem.campaign.running)
        choices = self.problem.choice[display_order(self.problem, selection)]
        for column in dict.fromkeys(choices.tolist()):
            if not agreed[self.problem.rows_of(np.asarray([column]))].any():
                yield self._fallback(column, count)

    def _fallback(self, column: int, count: int) -> Fallback:
        rest, program = self.solved.picks[self.solved.picks != column], self.solved.program
        broken = broken_by_rest(self.substitutions, column)
        worth = None if broken else (self.substitutions.value or program.objective_value)(rest)
        found = self.substitutions.best(column, count, least=worth)
        if broken and not found:
            broken = conflict_of_place(self.substitutions, column)
        return Fallback(
            creator=self._name(column),
            substitutes=tuple(self._substitute(column, each) for each in found),
            without=None if worth is None else self._change(column, None, worth),
            broken=broken,
        )

    def _substitute(self, column: int, found: ColumnSubstitute) -> Substitute:
        problem = self.problem
        rows = problem.rows_of(np.asarray([found.column]))
        first = int(rows[0])
        return Substitute(
            creator=self._name(found.column),
            tier=problem.roster.texts["tier"][first].strip(),
            offers=tuple(_offer(problem, row) for row in rows.tolist()),
            acceptance=_acceptance(problem, first),
            change=self._change(column, found.column, found.objective),
            tight=self.room.newly_tight(column, found.column),
            niche=_niche(problem, first),
        )

    def _change(self, dropped: int, added: int | None, objective: int) -> Difference:
        """Return what the plan has more with one creator in place of another, or of nobody."""
        forecast, result = self.problem.forecast, self.solved.result
        assert result.objective is not None
        before = self.problem.rows_of(np.asarray([dropped]))
        after = NOBODY if added is None else self.problem.rows_of(np.asarray([added]))
        gain, value = (
            number * self.solved.objective.unit for number in (objective - result.objective, result.objective)
        )
        return Difference(
            objective=gain,
            share=gain / abs(value) if value else None,
            creators=0 if len(after) else -1,
            spend=_growth(forecast.cost, before, after),
            metrics={name: _growth(forecast.metrics[name], before, after) for name in metrics_of(forecast.metrics)},
            added=() if added is None else (self._name(added),),
            dropped=(self._name(dropped),),
        )

    def _name(self, column: int) -> str:
        row = int(self.problem.rows_of(np.asarray([column]))[0])
        return self.problem.roster.texts["creator"][row].strip()


def _asked(problem: PlanningProblem) -> Columns:
    """Return the choices of creators who were asked and may still say yes."""
    running = problem.campaign.running
    if running is None or not running.open_offers:
        return NOBODY
    asked = {match_key(each.creator) for each in running.open_offers}
    return np.flatnonzero(problem.any_by_choice(problem.roster.texts["creator"].contains_any(asked)))


def _growth(values: NDArray[np.int64], before: Columns, after: Columns) -> int:
    return int(values[after].sum()) - int(values[before].sum())


def _offer(problem: PlanningProblem, row: int) -> SubstituteOffer:
    roster = problem.roster
    return SubstituteOffer(
        offer=roster.text("offer", row).strip(),
        platform=roster.text("platform", row).strip(),
        units=1 if roster.units is None else int(roster.units[row]),
        fee=int(problem.forecast.fee[row]),
        cost=int(problem.forecast.cost[row]),
        wave=roster.text(WAVE, row) if roster.timing is not None else None,
    )


def _niche(problem: PlanningProblem, row: int) -> tuple[str, ...]:
    niche = problem.roster.texts.get("niche")
    return () if niche is None else tuple(filter(None, niche.label_values(int(niche.codes[row]))))


def _acceptance(problem: PlanningProblem, row: int) -> Fraction | None:
    """Return how likely a creator accepts, to the thousandth, None where it is not said."""
    stated = problem.roster.numbers.get("acceptance")
    return None if stated is None or not np.isfinite(stated[row]) else Fraction(round(float(stated[row]) * 1000), 1000)


def _waived_rows(program: IntegerProgram, picks: Columns, labels: frozenset[str]) -> Mapping[int, frozenset[int]]:
    """Return by pick the rows of these labels that only columns of its own group can keep."""
    waived: dict[int, frozenset[int]] = {}
    for number, row in enumerate(program.rows):
        if row.label in labels and len(row.columns) and len(np.unique(program.group[row.columns])) == 1:
            for pick in picks[program.group[picks] == program.group[row.columns[0]]].tolist():
                waived[pick] = waived.get(pick, frozenset()) | {number}
    return waived
