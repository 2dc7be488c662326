"""What may an offer cost at most? The program whose plans choose that cost beside what else they buy.

The cost enters budget, spend, shares and means of it linearly: it is an amount, to be made as large as can be while the
plan is worth at least as much as it must be.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import EachRule
from microopt.campaign.metrics import canonical_measure
from microopt.planning.formulation.rules import FAMILIES, fixed, mean, share, total
from microopt.planning.formulation.rules.total import integer_bounds
from microopt.planning.problem import PlanningProblem
from microopt.solver.program import Constraint, IntegerProgram, IntegerVariable
from microopt.solver.result import WarmStart

UNLIMITED = 10**12  # cents: no cost of use is as large
LINEAR = (fixed.budget_rows, total.rows, share.rows, mean.rows)  # families into whose rows costs enter, one row a bound
NOTHING = np.zeros(0, dtype=np.intp)


class ObjectiveFloor(Struct, frozen=True, kw_only=True):
    """What a plan must be worth.

    Attributes
    ----------
    least
        In units of the whole program's value.
    by_cost
        What a cent of cost adds to the value: 0 where the goal counts no money, -1 where it is the least cost in cents.
    """

    lower: int
    per_cent: int = 0


class MoneyGrid(Struct, frozen=True, kw_only=True):
    """Costs `start + step * k`, cents: where fees are round, few cents can be the highest, and a proof is nearer."""

    start: int = 0
    step: int = 1


class OpenCost(Struct, frozen=True, kw_only=True, eq=False):
    """The program of the plans that buy one choice; its value tells the cost of one offer within it.

    Attributes
    ----------
    free
        (n,) which columns of the whole program its columns are.
    hint
        Prices that follow from those of the whole program.
    grid
        The costs that may be the highest.
    """

    program: IntegerProgram
    free: NDArray[np.bool_]
    warm_start: WarmStart
    grid: MoneyGrid

    def cost_from_objective(self, value: int) -> int | None:
        """Return the cost that a value, or a bound on it, tells, cents; None where nothing limits it."""
        return self.grid.start + self.grid.step * value if value < UNLIMITED // self.grid.step else None


class OpenCosts(Struct, frozen=True, kw_only=True, eq=False):
    """A case whose costs may be left open, one at a time.

    Attributes
    ----------
    case
        Without soft rules.
    program
        Of the case; its value is linear.
    prices
        (rows,) of the program, near those of least bound, or None.
    lines
        The program's rows, not in lowest terms, and of those that costs enter which of them it is.
    each
        Labels of rows of what every creator costs: what a choice is beyond them is not linear in its cost.
    """

    case: PlanningProblem
    program: IntegerProgram
    prices: NDArray[np.float64] | None
    rows: tuple[tuple[Constraint, int | None], ...]
    each_creator_labels: frozenset[str]

    def open_offer(self, row: int, floor: ObjectiveFloor | None) -> OpenCost:
        """Return the program with the cost of one offer left open.

        Parameters
        ----------
        row
            Of the case. What else its choice holds costs what it does.
        floor
            What a plan must be worth, None where any will do.
        """
        case, whole = self.case, self.program
        column, now = int(case.choice[row]), int(case.forecast.cost[row])
        free = whole.group != whole.group[column]
        kept, steps = np.flatnonzero(free), _cost_coefficients(case, row)
        rows: list[Constraint] = []
        times: dict[int, int] = {}
        for row, place in self.rows:
            step = 0 if place is None else steps[place]
            if step:
                times[len(rows)] = step
            bought = (
                0
                if row.label in self.each_creator_labels
                else int(row.coefficients_at(np.asarray([column]))[0]) - step * now
            )
            rows.append(_with_activity_used(row.restrict(kept, NOTHING), bought))
        for row in _each_creator_rows(case, int(case.forecast.cost[case.choice == column].sum()) - now):
            times[len(rows)] = 1
            rows.append(row)
        if floor is not None:
            if floor.per_cent:
                times[len(rows)] = floor.per_cent
            bought = int(whole.objective[column]) - floor.per_cent * now
            rows.append(_with_activity_used(_objective_floor(whole.objective[free], floor.lower), bought))
        inner = whole.restrict(free, np.asarray([column]))  # whom the choice reaches still count
        grid = _cost_grid(rows, times)
        for number, step in times.items():
            rows[number], times[number] = _with_activity_used(rows[number], step * grid.start), step * grid.step
        program = replace(
            inner,
            objective=np.zeros(len(inner), dtype=np.int64),
            rows=tuple(rows),
            integer=IntegerVariable(coefficients=times, upper=_max_steps(rows, times, UNLIMITED // grid.step)),
        )
        return OpenCost(program=program, free=free, warm_start=self._warm_start(times, len(rows), floor), grid=grid)

    def _warm_start(self, times: dict[int, int], rows: int, floor: ObjectiveFloor | None) -> WarmStart:
        """Return the prices by which money is worth as much here as it is there: the amount's own price is then 1."""
        if self.prices is None or floor is None or floor.per_cent:
            return WarmStart()
        prices = np.zeros(rows)
        units = [row.unit / whole.unit for (row, _), whole in zip(self.rows, self.program.rows, strict=True)]
        prices[: len(units)] = self.prices * np.asarray(units, dtype=float)
        one = sum(prices[number] * step for number, step in times.items())
        if one <= 0:
            return WarmStart()
        prices[-1] = -1.0
        return WarmStart(prices=prices / one)


def open_costs(case: PlanningProblem, program: IntegerProgram, prices: NDArray[np.float64] | None = None) -> OpenCosts:
    """Return a case with its rows as costs may be taken out of them.

    Parameters
    ----------
    program
        Of the case; no row is soft, and all value is linear.
    """
    assert program.has_linear_objective and not program.has_soft_rows
    lines: list[tuple[Constraint, int | None]] = []
    places = count()
    for family in FAMILIES:
        lines += [(row, next(places) if family in LINEAR else None) for row in family(case)]
    lines += [(row, None) for row in program.rows[len(lines) :]]  # of net reach
    spends = frozenset(rule.label for rule in case.rules if _limits_spend(rule))
    return OpenCosts(case=case, program=program, prices=prices, rows=tuple(lines), each_creator_labels=spends)


def _cost_coefficients(case: PlanningProblem, row: int) -> list[int]:
    """Return what a cent more of an offer's cost adds to each row that costs enter."""
    rows = np.flatnonzero(case.choice == case.choice[row])
    cost = case.forecast.cost[rows]
    mine = replace(
        case,
        roster=case.roster.take(rows),
        forecast=case.forecast.take(rows),
        choice=np.zeros(len(rows), dtype=np.int32),
    )
    sums = []
    for more in (0, 1):
        dearer = replace(mine.forecast, cost=cost + more * (rows == row))
        lines = [row for family in LINEAR for row in family(replace(mine, forecast=dearer))]
        sums.append([int(row.coefficients.sum()) for row in lines])
    return [after - before for before, after in zip(*sums, strict=True)]


def _limits_spend(rule: object) -> bool:
    return isinstance(rule, EachRule) and canonical_measure(rule.measure) == "spend"


def _each_creator_rows(case: PlanningProblem, rest: int) -> Iterator[Constraint]:
    """Yield the rows that keep what every creator costs within its range.

    Parameters
    ----------
    rest
        What else the choice holds costs so much.
    """
    for rule in case.rules:
        if isinstance(rule, EachRule) and _limits_spend(rule):
            lower, upper = integer_bounds(rule.bounds, (case.campaign.budget or 0) if rule.of_budget else 100)
            zeros = NOTHING.astype(np.int64)
            yield _with_activity_used(
                Constraint(label=rule.label, columns=NOTHING, coefficients=zeros, lower=lower, upper=upper), rest
            )


def _cost_grid(rows: list[Constraint], times: dict[int, int]) -> MoneyGrid:
    """Return the costs that may be the highest: where one row alone caps the cost, what it leaves of sums of others."""
    caps = [(number, limit) for number, step in times.items() if (limit := _cost_cap(rows[number], step)) is not None]
    if len(caps) != 1 or abs(times[caps[0][0]]) != 1:
        return MoneyGrid()
    number, limit = caps[0]
    step = int(np.gcd.reduce(rows[number].coefficients, initial=0))
    return MoneyGrid(start=limit % step, step=step) if step else MoneyGrid()


def _cost_cap(row: Constraint, step: int) -> int | None:
    """Return what `abs(step) * amount` and the rest of a row are at most; None where the row caps no amount."""
    if step > 0:
        return row.upper
    return None if row.lower is None else -row.lower


def _max_steps(rows: list[Constraint], times: dict[int, int], unlimited: int) -> int:
    """Return what no plan can choose more of: solvers err beside numbers that are far larger than they need be."""
    most = unlimited
    for number, step in times.items():
        limit, sign = _cost_cap(rows[number], step), 1 if step > 0 else -1
        if limit is not None:
            least = int(np.minimum(sign * rows[number].coefficients, 0).sum())
            most = min(most, (limit - least) // abs(step))
    return max(most, 0)


def _objective_floor(value: NDArray[np.int64], least: int) -> Constraint:
    columns = np.flatnonzero(value)
    return Constraint(label="value", columns=columns, coefficients=value[columns], lower=least)


def _with_activity_used(row: Constraint, amount: int) -> Constraint:
    """Return a row of which so much is used already."""
    return replace(
        row,
        lower=None if row.lower is None else row.lower - amount,
        upper=None if row.upper is None else row.upper - amount,
    )
