"""Dynamic programming over the core: plans in the order of what they lose against the prices.

At prices y with bound U(y), a plan is worth U(y), less the loss of each group that it decides against the selection of
the prices, less `|y_i|` times the slack of each row. So a plan worth at least L makes only moves whose losses add up to
at most U - L. Moves are made group by group, those of large loss first, because few of them fit together. Of two states
with the same sums of all tracked rows but one, the state that uses less of that one row and is worth no less dominates.
Only rows with a price are tracked; a row without a price is checked on the plan, and tracked if it is violated.

The limit on the loss starts small and grows: as soon as it admits a plan that loses no more than the limit, no plan is
better, and no solver's word is needed (dominance and core: Pisinger 1997; multiple choice: Sinha and Zoltners 1979).
All sums are integers. The losses are doubles: none is above its exact value, and the limit is raised by more than the
rounding errors of their sums.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct

from microopt.solver.arrays import MAX_SUM
from microopt.solver.core import Core
from microopt.solver.core_stages import Stages, plan_stages
from microopt.solver.core_states import Pairs, States
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram

MOST_STATES = 1_000_000  # of one stage, more than which are given up
MOST_SUCCESSORS = 4_000_000  # of the states of one stage: a group may have hundreds of columns
MOST_IN_ALL = 6_000_000  # states of all stages, which are kept until the plan is traced back
BASE_WORK, WORK_PER_COLUMN = 600_000, 150  # states of all limits, after which a solver is faster
MOST_WORK = 16_000_000  # such states of a plain knapsack, or of very many columns
LIMIT_WORK, STAGE_WORK = 5_000, 500  # states that take as long as the steps of a limit, and of a stage, themselves
PAIR_WORK = 0.5  # states that take as long as a pair of states
FIRST_MOVES = 12  # moves that the first limit on the loss admits
GROWTH = 1.6  # of that limit
CANDIDATES = 64  # plans of a limit that are checked against the rows that are not tracked


class CoreSolution(Struct, frozen=True, kw_only=True, eq=False):
    """The best plan that was found over a core.

    Attributes
    ----------
    columns
        Its columns in the whole program, or None.
    proven
        Whether no plan of the program is better.
    is_cheapest
        Whether no cheaper plan is as good.
    """

    columns: Columns | None = None
    proven: bool = False
    is_cheapest: bool = False


def solve_core(
    program: IntegerProgram,
    priced: PricedProgram,
    incumbent: Columns | None,
    must_stop: Callable[[], bool],
    *,
    most_work: int = MOST_WORK,
    least: int | None = None,
) -> CoreSolution:
    """Return the best plan, proven if few enough states suffice, or else the best plan known in the end.

    Parameters
    ----------
    incumbent
        The best plan known; only better ones, and cheaper ones that are as good, are looked for.
    must_stop
        Returns whether time is over.
    most_work
        States of all limits on the loss at which to give up.
    least
        What a plan must be worth to be of use where there is no incumbent: without such a plan, `proven` says that
        there is none.
    """
    if program.pools or program.integer is not None or program.has_soft_rows or not len(program):
        return CoreSolution(columns=incumbent)
    if np.count_nonzero(priced.prices) > 1:  # few states suffice for a plain knapsack, but a solver may need minutes
        most_work = min(most_work, BASE_WORK + WORK_PER_COLUMN * len(program))
    return _Deepening(
        core=Core.of(program, priced),
        best=incumbent,
        must_stop=must_stop,
        most_work=most_work,
        least=least,
    ).run()


class _Deepening(Struct, kw_only=True, eq=False):
    """The search with growing limits on the loss.

    Attributes
    ----------
    best
        The best plan known.
    tracked
        Positions of the rows that are part of a state.
    work
        States so far.
    """

    core: Core
    best: Columns | None
    must_stop: Callable[[], bool]
    most_work: int
    least: int | None
    tracked: set[int] = set()
    work: int = 0

    def run(self) -> CoreSolution:
        self.tracked = set(np.flatnonzero(self.core.priced.prices).tolist())
        losses = self.core.moves.loss
        limit = max(1.0, float(np.partition(losses, FIRST_MOVES)[FIRST_MOVES])) if len(losses) > FIRST_MOVES else np.inf
        while True:
            limit = min(limit, self._gap())
            has_all_moves = limit < self.core.reach or self.core.reach == np.inf
            stages = plan_stages(self.core, self.tracked, limit) if has_all_moves else None
            states = None if stages is None else self._explore(stages)
            if stages is None or states is None:
                return CoreSolution(columns=self.best)
            violated = self._take_best(stages, states)
            if violated & {field.row for field in stages.fields}:
                return CoreSolution(columns=self.best)  # a dominated state may be a plan where this one is none
            no_plan = bool(violated & self.tracked)  # of so small a loss: no move changes a row that is violated
            self.tracked |= violated
            if violated and not no_plan:
                continue
            if self._gap() <= limit:
                proven = self.best is not None or self.least is not None
                return CoreSolution(columns=self.best, proven=proven, is_cheapest=stages.scale > 1)
            limit *= GROWTH

    def _gap(self) -> float:
        """Return what the best plan known loses against the bound, or one of the least worth that is of use."""
        worth = self.least if self.best is None else self.core.whole.linear_objective(self.best)
        return np.inf if worth is None else max(0.0, float(self.core.priced.exact_bound - worth))

    def _explore(self, stages: Stages) -> States | None:
        """Return the states after all stages, or None if there are too many, or time is over."""
        self.work += LIMIT_WORK + len(stages.moves) * len(stages.fields)
        states, number = States.initial(stages), 0
        while number < len(stages.stages) and len(states):
            if self._is_too_wide(states, stages, number):
                return None
            states.advance(stages, number)
            if self._is_too_much(states):
                return None
            if number in stages.joins:
                number = self._advance_both_ways(states, stages, number)
                if not number:
                    return None
            number += 1
        return states

    def _advance_both_ways(self, states: States, stages: Stages, number: int) -> int:
        """Advance the states after the first stage of a join up to its end; return its last stage, 0 if given up."""
        join = stages.joins[number]
        after, others = join.end, States.unchanged(stages, join.fields)
        while number < after:
            advances = len(states) <= len(others)
            if self._is_too_wide(states if advances else others, stages, number + 1 if advances else after):
                return 0
            if advances:
                number += 1
                states.advance(stages, number)
            else:
                others.extend(stages, after)
                after -= 1
            if self._is_too_much(states if advances else others):
                return 0
        if after < join.end:
            if join.is_last:
                pairs = Pairs.of_best(join.field, states, others, stages.slack_range)
            else:
                pairs = Pairs.of(join.field, states, others, stages.limit)
            self.work += int(PAIR_WORK * pairs.count)
            if self._is_too_much(others):
                return 0
            states.join(others, pairs, join, stages)
        return 0 if self._is_too_much(states) else join.end

    def _is_too_wide(self, states: States, stages: Stages, number: int) -> bool:
        """Whether the states have too many successors by the moves of a stage to list them."""
        first, last = stages.stages[number]
        return len(states) * (last - first + 1) > MOST_SUCCESSORS

    def _is_too_much(self, states: States) -> bool:
        """Count the work of a stage, more for longer codes, and return whether it is too much, or time is over."""
        self.work += len(states) * len(states.code) + STAGE_WORK
        is_too_much = self.work > self.most_work or states.total > MOST_IN_ALL
        return is_too_much or len(states) > MOST_STATES or self.must_stop()

    def _take_best(self, stages: Stages, states: States) -> set[int]:
        """Take over the best plan, and return the rows that a better state violates."""
        better = np.flatnonzero((states.figure > self._figure(stages)) & stages.may_end(states.code))
        best_first = better[np.argsort(-states.figure[better], kind="stable")]
        violated: set[int] = set()
        for state in best_first[:CANDIDATES].tolist():
            plan = self.core.whole_plan(stages.moves[states.moves_of(state)])
            broken = {i for i, row in enumerate(self.core.whole.rows) if not row.holds(row.activity(plan))}
            if not broken:
                self.best = plan
                break
            violated = violated or broken
        return violated

    def _figure(self, stages: Stages) -> int:
        """Return the figure that a state with the best plan known would have, or more than a useless state has."""
        whole, selection = self.core.whole, self.core.whole_plan(np.zeros(0, dtype=np.intp))
        if self.best is None:
            if self.least is None:
                return -MAX_SUM
            return (self.least - whole.linear_objective(selection)) * stages.scale - stages.scale // 2 - 1
        value = whole.linear_objective(self.best) - whole.linear_objective(selection)
        if stages.scale == 1:
            return value
        return value * stages.scale - (whole.total_cost(self.best) - whole.total_cost(selection))
