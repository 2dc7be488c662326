"""The plan where one creator declines and one other, or nobody, takes the place: exact, and known without a solver.

It is the best plan that keeps the rest wherever no two others fit, and else one that is at least as good as shown.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from microopt.planning.declines.fallbacks import broken_by_rest, substitutions_of, without_stability
from microopt.planning.solved import SolvedProblem
from microopt.solver.program import Columns
from microopt.solver.single_conflict import conflict_of_place
from microopt.solver.substitution import Substitutions


class WithOneInstead(Struct, frozen=True, kw_only=True, eq=False):
    """The best plan with one creator, or nobody, in place of another.

    Attributes
    ----------
    picks
        Its choices, None if nobody alone can take the place.
    objective
        What it is worth, as the program counts.
    is_best
        Whether no two others fit, so that no other plan that keeps the rest is better, or possible.
    clash
        Where nobody can take the place and no two others fit: labels of rules that cannot all be kept.
    """

    picks: Columns | None
    objective: int | None
    is_best: bool
    clash: tuple[str, ...]


class SingleSubstitutes(Struct, frozen=True, kw_only=True, eq=False):
    """The substitutes for single creators of a plan; no other offers of its creators are among them."""

    substitutions: Substitutions

    @classmethod
    def of_plan(cls, solved: SolvedProblem) -> SingleSubstitutes:
        """Return those of a plan."""
        creators = solved.problem.choice_creators
        own = np.flatnonzero(np.isin(creators, creators[solved.picks]))
        return cls(substitutions=substitutions_of(without_stability(solved), barred=own))

    def best(self, column: int) -> WithOneInstead:
        """Return the best plan with one creator, or nobody, in place of a pick; of equal ones that with nobody."""
        substitutions = self.substitutions
        rest = substitutions.plan[substitutions.plan != column]
        broken = broken_by_rest(substitutions, column)
        worth = None if broken else (substitutions.value or substitutions.program.objective_value)(rest)
        found = next(iter(substitutions.best(column, 1, least=worth)), None)
        picks = None if worth is None else rest
        if found is not None:
            picks, worth = np.sort(np.append(rest, found.column)), found.objective
        limits = self._limits_to_one(rest, column)
        clash: tuple[str, ...] = ()
        if picks is None and limits is not None:
            conflict = {*conflict_of_place(substitutions, column), *limits}
            clash = tuple(label for label in substitutions.program.labels if label in conflict)
        return WithOneInstead(picks=picks, objective=worth, is_best=limits is not None, clash=clash)

    def _limits_to_one(self, rest: Columns, column: int) -> tuple[str, ...] | None:
        """Return the label of a row that leaves no room for two others, whoever they are; None if two may fit.

        Where there are no two others, no row is needed for that.
        """
        program, waived = self.substitutions.program, self.substitutions.waived.get(column, frozenset())
        candidates = self.substitutions.others
        if len(candidates) < 2:
            return ()
        left_out = waived | program.augmented_rows
        for number, row in enumerate(program.rows):
            if row.upper is None or row.penalty is not None or number in left_out:
                continue
            smallest = np.partition(row.coefficients_at(candidates), 1)[:2]
            if smallest.min() >= 0 and int(smallest.sum()) > row.upper - row.activity(rest):
                return (row.label,)
        return None
