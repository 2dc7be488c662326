"""Choose the schedules that a problem looks at, and keep why no other is needed; repeat it for the check of a plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from fractions import Fraction
from math import ceil, floor

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import EachRule, Rule
from microopt.campaign.metrics import canonical_measure
from microopt.campaign.wave_rules import GAP
from microopt.plan.left_out import LeftOut
from microopt.plan.plan import Pick
from microopt.planning.even_waves import even_out
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import IDEAL_TOTAL, BuildObjective
from microopt.planning.once_per_creator import charge_once_per_creator
from microopt.planning.problem import PlanningProblem, SomeSchedules
from microopt.planning.schedule_pool.found_schedules import FoundSchedules
from microopt.planning.schedule_pool.grid import Integers
from microopt.planning.schedule_pricing.alike import by_place, copies_of, kinds_by_rules, told_apart
from microopt.planning.schedule_pricing.best_schedules import best_of_each, find_within, in_order
from microopt.planning.schedule_pricing.case_problem import CaseProblem, case_problem
from microopt.planning.schedule_pricing.case_rows import CaseRow, case_rows
from microopt.planning.schedule_pricing.generate import generate, keep_near, least_values
from microopt.planning.schedule_pricing.relaxation import LARGEST, PricedSchedules, Relaxation, RulePrices
from microopt.planning.schedule_pricing.room import fitting_posts, room_of
from microopt.solver.backends.base import Backend
from microopt.solver.program import Columns
from microopt.solver.result import SolveLimits

MOST_KEPT = 40_000  # posts of the schedules that a program has


class ScheduleSearch(Struct, kw_only=True, eq=False):
    """The search for the schedules of one problem, for one goal after the other.

    Attributes
    ----------
    kinds
        The kind of each post for any goal, None where each schedule is looked at.
    known
        The schedules of the last relaxation, from which the next begins.
    shown
        The schedules of the problem that was returned last.
    plans
        The schedules of the plans that were found for any goal, which every further problem has too.
    """

    problem: PlanningProblem
    some: SomeSchedules
    cases: CaseProblem
    rows: list[CaseRow]
    kinds: Integers | None
    known: FoundSchedules | None = None
    shown: FoundSchedules | None = None
    plans: list[FoundSchedules] = []

    @classmethod
    def of(cls, problem: PlanningProblem) -> ScheduleSearch | None:
        """Return the search of a problem, None where it has all schedules, or not those of its pool."""
        some = problem.schedules
        if some is None or not some.is_pool_of(problem):
            return None
        cases = case_problem(problem, some.pool)
        rows = case_rows(cases)
        return cls(problem=problem, some=some, cases=cases, rows=rows, kinds=kinds_by_rules(cases, rows))

    def relaxation(self, build_objective: BuildObjective) -> tuple[Relaxation, Fraction]:
        """Return the relaxation for a goal, and what one unit of it is worth."""
        objective = build_objective(self.cases)
        values = objective.values
        if self.cases.campaign.goal.name == "balanced" and objective.unit == Fraction(1, IDEAL_TOTAL):
            values = values + 1  # a schedule is rounded as a whole: it may be more than the sum of its posts
        relaxation = self._relaxation(values, self.problem.rules, self.rows)
        if self.kinds is None:
            return relaxation, objective.unit
        kinds = by_place(self.some.pool, told_apart(self.kinds, objective.values))
        return replace(relaxation, kinds=kinds), objective.unit

    def _relaxation(self, objective: Integers, rules: Iterable[Rule], rows: list[CaseRow]) -> Relaxation:
        pool, limits = self.some.pool, hard_limits(rules)
        possible = pool.within(limits.most_posts) & (True if self.some.possible is None else self.some.possible)
        possible = fitting_posts(rows, possible)
        return Relaxation(
            pool=pool,
            grid=pool.grid.with_gap(limits.gap),
            rows=rows,
            objective=objective,
            possible=possible,
            room=room_of(pool, rows, possible),
        )

    def conflict(self, labels: Collection[str], solver: Backend, remaining: Callable[[], SolveLimits]) -> bool:
        """Whether it is proven that no plan, whatever its schedules, keeps the rules with these labels."""
        rules = [rule for rule in self.problem.rules if rule.label in labels]
        rows = [row for row in self.rows if row.row.label in labels]
        relaxation = self._relaxation(np.zeros(len(self.cases), dtype=np.int64), rules, rows)
        return generate(relaxation, None, solver, remaining).priced.total < 0

    def look(
        self,
        build_objective: BuildObjective,
        solver: Backend,
        remaining: Callable[[], SolveLimits],
        is_long: Callable[[], bool],
    ) -> PlanningProblem:
        """Return the problem with the schedules that can be in a best plan for a goal; see `generate`."""
        relaxation, unit = self.relaxation(build_objective)
        generated = generate(relaxation, self.known, solver, remaining, is_long)
        self.known = generated.known
        kept, loss = keep_near(generated.priced, MOST_KEPT) if generated.is_feasible else (None, 0)
        extra = tuple(dict.fromkeys(row for plan in self.plans for row in plan.numbers()))
        with_few = self.some.pool.grid.slots is not None  # the best that prices show may then be no schedules
        stated = LeftOut(schedules=0, looked_at=0, loss=loss, with_few=with_few, extra=extra)
        return self._with(kept, generated.priced, unit, stated)

    def remember(self, columns: Columns) -> None:
        """Keep the schedules of a plan of the problem that was returned last."""
        if self.shown is not None:
            self.plans.append(self.shown.take(columns))

    def known_columns(self) -> tuple[Columns, ...]:
        """Return the plans that were found for any goal, as columns of the problem that was returned last."""
        if self.shown is None or not self.plans:
            return ()
        place = {row: number for number, row in enumerate(self.shown.numbers())}
        found = [[place.get(row, -1) for row in plan.numbers()] for plan in self.plans]
        return tuple(np.asarray(sorted(columns), dtype=np.intp) for columns in found if -1 not in columns)

    def look_wider(self, shown: PlanningProblem, build_objective: BuildObjective) -> PlanningProblem | None:
        """Return a problem that lacks a plan with the schedules of few posts; None if it has them."""
        stated = None if shown.schedules is None else shown.schedules.left_out
        if stated is None or stated.with_few:
            return None
        return self.repeat(build_objective, replace(stated, with_few=True))

    def repeat(self, build_objective: BuildObjective, stated: LeftOut) -> PlanningProblem | None:
        """Return the problem that a plan was made from, by the prices that it states; None if there is none such."""
        relaxation, unit = self.relaxation(build_objective)
        if len(stated.prices) != len(self.rows) or stated.loss >= LARGEST:
            return None
        prices = RulePrices(numbers=stated.prices, bits=stated.bits)
        if not relaxation.is_exact(prices):
            return None
        priced = relaxation.price(prices)
        if stated.loss <= 0:
            return self._with(None, priced, unit, replace(stated, loss=0))
        kept = find_within(priced.posts, least_values(priced, stated.loss - 1), 2 * MOST_KEPT)
        return None if kept is None else self._with(kept, priced, unit, stated)

    def move_evenly(
        self, shown: PlanningProblem, build_objective: BuildObjective, columns: Columns, last: Sequence[Pick]
    ) -> tuple[PlanningProblem, Columns] | None:
        """Return the problem with copies of a plan's schedules that spread it evenly over the waves, and these.

        None where no other plan is as even, or schedules have no copies that were not looked at.
        """
        stated = None if shown.schedules is None else shown.schedules.left_out
        relaxation, _ = self.relaxation(build_objective)
        if self.shown is None or stated is None or relaxation.kinds is None:
            return None
        priced = relaxation.price(RulePrices(numbers=stated.prices, bits=stated.bits))
        chosen = self.shown.take(columns)
        copies = copies_of(priced.posts, self.some.pool, chosen, relaxation.worth(priced, chosen))
        among = with_schedules(self.problem, self.some, copies, stated)
        program = formulate(among, build_objective(among), by_means=True)
        moved = copies.take(even_out(among, program, _places(chosen, copies), last))
        extra = tuple(dict.fromkeys((*stated.extra, *moved.numbers())))
        again = self.repeat(build_objective, replace(stated, extra=extra))
        return None if again is None else (again, _places(moved, self.shown))

    def _with(
        self, kept: FoundSchedules | None, priced: PricedSchedules, unit: Fraction, stated: LeftOut
    ) -> PlanningProblem:
        """Return the problem with the schedules kept, and those that are stated beside the prices.

        Where none are kept, it has the best of each creator, and those of few posts.
        """
        with_few, grid = stated.with_few or kept is None, self.some.pool.grid
        if kept is None:
            kept = best_of_each(priced.posts)
            kept = kept.take(self.some.pool.in_different_slots(kept))
        extra = self.some.pool.schedules_of(stated.extra)
        kept = in_order([kept, extra, *([self.some.few] if with_few else [])], grid)
        self.shown = kept
        most = ((priced.total - stated.loss) >> priced.prices.bits) * unit
        left_out = LeftOut(
            schedules=self.some.pool.schedules,
            looked_at=len(kept),
            prices=priced.prices.numbers,
            bits=priced.prices.bits,
            loss=stated.loss,
            with_few=with_few,
            extra=extra.numbers(),
            bound=most,
        )
        return with_schedules(self.problem, self.some, kept, left_out)


def _places(some: FoundSchedules, among: FoundSchedules) -> Columns:
    """Return where schedules are among others, ascending."""
    place = {row: number for number, row in enumerate(among.numbers())}
    return np.asarray(sorted(place[row] for row in some.numbers()), dtype=np.intp)


def with_schedules(
    problem: PlanningProblem, some: SomeSchedules, kept: FoundSchedules, left_out: LeftOut
) -> PlanningProblem:
    """Return the problem with these schedules as its choices."""
    rows, choice = some.pool.rows_of(kept)
    roster, forecast = some.pool.cases.take(rows), charge_once_per_creator(some.pool.forecast.take(rows), choice)
    state = replace(some, roster=roster, forecast=forecast, left_out=left_out)
    return replace(problem, roster=roster, forecast=forecast, choice=choice, schedules=state)


def with_single_posts(problem: PlanningProblem, some: SomeSchedules) -> PlanningProblem:
    """Return the problem with every single post as a choice, and no other schedule."""
    grid = some.pool.grid
    fits = (grid.row >= 0) & (grid.units <= grid.most_posts)
    if some.possible is not None:
        cases = some.pool.case[:, :, 0].max(axis=2)
        fits &= (cases >= 0) & some.possible[cases]
    creators, places = np.nonzero(fits)
    assert (some.pool.case[creators, places, 0, grid.steps[grid.units[creators, places]]] >= 0).all()
    first_alone = np.full((len(creators), grid.most_posts), -1, dtype=np.int64)
    first_alone[:, 0] = places
    found = FoundSchedules(creators=creators, places=first_alone, values=np.zeros(len(creators), dtype=np.int64))
    return with_schedules(problem, some, found, LeftOut(schedules=some.pool.schedules, looked_at=len(found)))


class HardLimits(Struct, frozen=True, kw_only=True):
    """What rules demand of the schedule of every creator.

    Attributes
    ----------
    gap
        The least number of waves from one wave with a post to the next; 1 allows any.
    most_posts
        None for no limit.
    """

    gap: int = 1
    most_posts: int | None = None


def hard_limits(rules: Iterable[Rule]) -> HardLimits:
    """Return what rules on each creator, in all waves together, demand of every schedule."""
    of_everyone = [rule for rule in rules if isinstance(rule, EachRule) and not rule.selector.clauses]
    gaps = [rule.bounds.low for rule in of_everyone if rule.measure == GAP]
    counts = [rule.bounds.high for rule in of_everyone if canonical_measure(rule.measure) == "count"]
    return HardLimits(
        gap=max((ceil(low) for low in gaps if low is not None), default=1),
        most_posts=min((floor(high) for high in counts if high is not None), default=None),
    )
