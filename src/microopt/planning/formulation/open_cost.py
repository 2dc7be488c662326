"""The highest cost at which an offer stays in a plan: a program whose plans choose that cost along with their columns.

The cost enters the rows of budget, spend, shares and means linearly. So it is a general integer variable, which each
plan makes as large as it can while its objective stays at or above a floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import EachRule
from microopt.campaign.earnings import PROFIT, TARGET_SHARE, ratio_name
from microopt.campaign.metrics import canonical_measure
from microopt.planning.each_amounts import rows_of_rule
from microopt.planning.formulation.rules import FAMILIES, fixed, mean, ratio, share, total
from microopt.planning.formulation.rules.total import integer_bounds
from microopt.planning.measures import find_measure
from microopt.planning.problem import PlanningProblem
from microopt.planning.ratios import find_ratio, spend_limits
from microopt.roster.roster import find_number_column
from microopt.solver.constraint import Constraint
from microopt.solver.integer_variable import IntegerVariable
from microopt.solver.program import IntegerProgram
from microopt.solver.result import WarmStart

UNLIMITED = 10**12  # cents; no cost of practical use is as large
LINEAR = (
    fixed.budget_rows,
    total.rows,
    share.rows,
    mean.rows,
    ratio.rows,
)  # families whose rows contain costs, one row per bound
NOTHING = np.zeros(0, dtype=np.intp)


class ObjectiveFloor(Struct, frozen=True, kw_only=True):
    """The least objective that a plan must have.

    Attributes
    ----------
    lower
        In units of the whole program's objective.
    per_cent
        What one cent of cost adds to the objective: 0 if the goal does not count money, -1 if the goal is the least
        cost in cents.
    """

    lower: int
    per_cent: int = 0


class MoneyGrid(Struct, frozen=True, kw_only=True):
    """Costs `start + step * k` in cents: if fees are round, few costs can be the highest, and a proof is easier."""

    start: int = 0
    step: int = 1


class OpenCost(Struct, frozen=True, kw_only=True, eq=False):
    """The program of plans with one choice selected; its objective determines the cost of one offer of that choice.

    Attributes
    ----------
    free
        (n,) mask of the whole program's columns that are columns of this program.
    warm_start
        Prices derived from those of the whole program.
    grid
        The costs that can be the highest.
    """

    program: IntegerProgram
    free: NDArray[np.bool_]
    warm_start: WarmStart
    grid: MoneyGrid

    def cost_from_objective(self, objective: int) -> int | None:
        """Return the cost in cents for an objective or a bound on it; None if nothing limits the cost."""
        return self.grid.start + self.grid.step * objective if objective < UNLIMITED // self.grid.step else None


class OpenCosts(Struct, frozen=True, kw_only=True, eq=False):
    """A planning problem whose costs can be left open, one at a time.

    Attributes
    ----------
    problem
        Without soft rules.
    program
        The program of the problem; its objective is linear.
    prices
        (rows,) dual prices of the program near those of least bound, or None.
    rows
        The program's rows, not in lowest terms, each with its position among the rows that contain costs, or None.
    each_creator_labels
        Labels of rules on the spend of every creator: the violation of such a rule is not linear in a choice's cost.
    """

    problem: PlanningProblem
    program: IntegerProgram
    prices: NDArray[np.float64] | None
    rows: tuple[tuple[Constraint, int | None], ...]
    each_creator_labels: frozenset[str]

    def open_offer(self, offer: int, floor: ObjectiveFloor | None, also: Sequence[int] = ()) -> OpenCost:
        """Return the program with the cost of one offer left open.

        Parameters
        ----------
        offer
            Row of the problem. The other offers of its choice keep their costs.
        floor
            The least objective of a plan, or None if any plan will do.
        also
            Other rows of the choice whose costs rise and fall with that of the offer, cent by cent.
        """
        problem, full_program = self.problem, self.program
        column, cost = int(problem.choice[offer]), int(problem.forecast.cost[offer])
        free = full_program.group != full_program.group[column]
        opened = np.asarray([offer, *also])
        rows, coefficients = self._rows_without_offers(opened, np.flatnonzero(free))
        for row, times in _each_creator_rows(problem, problem.choice == column, opened):
            coefficients[len(rows)] = times
            rows.append(row)
        if floor is not None:
            per_cent = floor.per_cent * len(opened)
            if per_cent:
                coefficients[len(rows)] = per_cent
            selected = int(full_program.objective[column]) - per_cent * cost
            rows.append(_objective_row(full_program.objective[free], floor.lower).with_offset(selected))
        inner = full_program.restrict(free, np.asarray([column]))  # people whom the choice reaches still count
        grid = _cost_grid(rows, coefficients)
        for number, step in coefficients.items():
            rows[number], coefficients[number] = rows[number].with_offset(step * grid.start), step * grid.step
        program = replace(
            inner,
            objective=np.zeros(len(inner), dtype=np.int64),
            rows=tuple(rows),
            integer=IntegerVariable(
                coefficients=coefficients, upper=_max_steps(rows, coefficients, UNLIMITED // grid.step)
            ),
        )
        warm_start = self._warm_start(coefficients, len(rows), floor)
        return OpenCost(program=program, free=free, warm_start=warm_start, grid=grid)

    def _rows_without_offers(
        self, offers: NDArray[np.intp], columns: NDArray[np.intp]
    ) -> tuple[list[Constraint], dict[int, int]]:
        """Return the rows over these columns with the choice of offers selected, but the cost of the first taken out.

        It is taken out of each of the offers, which cost so much, or that more or less.

        The second value is the coefficient of the cost in each row that contains it, by position.
        """
        column, cost = np.asarray([self.problem.choice[offers[0]]]), int(self.problem.forecast.cost[offers[0]])
        steps = _cost_coefficients(self.problem, offers)
        rows: list[Constraint] = []
        coefficients: dict[int, int] = {}
        for row, position in self.rows:
            step = 0 if position is None else steps[position]
            if step:
                coefficients[len(rows)] = step
            selected = 0
            if row.label not in self.each_creator_labels:
                selected = int(row.coefficients_at(column)[0]) - step * cost
            rows.append(row.restrict(columns, NOTHING).with_offset(selected))
        return rows, coefficients

    def _warm_start(self, coefficients: dict[int, int], count: int, floor: ObjectiveFloor | None) -> WarmStart:
        """Return prices scaled so that money is worth as much as in the whole program and the variable's price is 1.

        Parameters
        ----------
        count
            How many rows the program has.
        """
        if self.prices is None or floor is None or floor.per_cent:
            return WarmStart()
        prices = np.zeros(count)
        units = [row.unit / full_row.unit for (row, _), full_row in zip(self.rows, self.program.rows, strict=True)]
        prices[: len(units)] = self.prices * np.asarray(units, dtype=float)
        variable_price = sum(prices[number] * step for number, step in coefficients.items())
        if variable_price <= 0:
            return WarmStart()
        prices[-1] = -1.0
        return WarmStart(prices=prices / variable_price)


def open_costs(
    problem: PlanningProblem, program: IntegerProgram, prices: NDArray[np.float64] | None = None
) -> OpenCosts:
    """Return a problem with the rows from which costs can be taken out.

    Parameters
    ----------
    program
        The program of the problem; no row is soft, and the objective is linear.
    """
    assert program.has_linear_objective and not program.has_soft_rows
    rows: list[tuple[Constraint, int | None]] = []
    positions = count()
    for family in FAMILIES:
        rows += [(row, next(positions) if family in LINEAR else None) for row in family(problem)]
    rows += [(row, None) for row in program.rows[len(rows) :]]  # the rows of net reach
    labels = frozenset(rule.label for rule in problem.rules if _limits_spend(problem, rule))
    return OpenCosts(problem=problem, program=program, prices=prices, rows=tuple(rows), each_creator_labels=labels)


def _cost_coefficients(problem: PlanningProblem, opened: NDArray[np.intp]) -> list[int]:
    """Return what one more cent of the cost of each of some offers of a choice adds to each row that contains costs."""
    offers = np.flatnonzero(problem.choice == problem.choice[opened[0]])
    cost = problem.forecast.cost[offers]
    choice = replace(
        problem,
        roster=problem.roster.take(offers),
        forecast=problem.forecast.take(offers),
        choice=np.zeros(len(offers), dtype=np.int32),
    )
    sums = []
    for cents in (0, 1):
        forecast = replace(choice.forecast, cost=cost + cents * np.isin(offers, opened))
        rows = [row for family in LINEAR for row in family(replace(choice, forecast=forecast))]
        sums.append([int(row.coefficients.sum()) for row in rows])
    return [after - before for before, after in zip(*sums, strict=True)]


def _limits_spend(problem: PlanningProblem, rule: object) -> bool:
    """Whether a rule on each creator depends on what they cost; a column called profit does not."""
    if not isinstance(rule, EachRule):
        return False
    if canonical_measure(rule.measure) == PROFIT:
        return find_number_column(problem.roster, rule.measure) is None
    return ratio_name(rule.measure) not in (None, TARGET_SHARE) or canonical_measure(rule.measure) == "spend"


def _each_creator_rows(
    problem: PlanningProblem, choice: NDArray[np.bool_], opened: NDArray[np.intp]
) -> Iterator[tuple[Constraint, int]]:
    """Yield the rows that keep the spend of every creator within its range, with how many open costs each has.

    Parameters
    ----------
    choice
        (rows,) the offers of the choice.
    opened
        Those of them whose cost is open.
    """
    cost = problem.forecast.cost
    for rule in problem.rules:
        if isinstance(rule, EachRule) and _limits_spend(problem, rule):
            counted = choice & rows_of_rule(problem, rule)
            times = int(counted[opened].sum())
            if not times:
                continue  # a rule on another wave
            lower, upper = _spend_limits(problem, rule, counted)
            other_cost = int(cost[counted].sum()) - times * int(cost[opened[0]])
            no_coefficients = NOTHING.astype(np.int64)
            row = Constraint(label=rule.label, columns=NOTHING, coefficients=no_coefficients, lower=lower, upper=upper)
            yield row.with_offset(other_cost), times


def _spend_limits(problem: PlanningProblem, rule: EachRule, choice: NDArray[np.bool_]) -> tuple[int | None, int | None]:
    """Return the least and the most cents that a choice may cost by a rule on spend, profit or a ratio of spend."""
    ratio = find_ratio(problem, rule.measure)
    if ratio is not None:
        other = ratio.below if ratio.above.name == "spend" else ratio.above
        return spend_limits(ratio, rule.bounds, int(other.weights[choice].sum()))
    lower, upper = integer_bounds(rule.bounds, (problem.campaign.budget or 0) if rule.of_budget else 100)
    measure = find_measure(problem, rule.measure)
    if measure.name != PROFIT:
        return lower, upper
    kept = int((measure.weights + problem.forecast.cost)[choice].sum())
    return None if upper is None else kept - upper, None if lower is None else kept - lower


def _cost_grid(rows: list[Constraint], coefficients: dict[int, int]) -> MoneyGrid:
    """Return the costs that can be the highest: if only one row caps the cost, what sums of other costs leave of it."""
    caps = [
        (number, limit) for number, step in coefficients.items() if (limit := _cost_cap(rows[number], step)) is not None
    ]
    if len(caps) != 1 or abs(coefficients[caps[0][0]]) != 1:
        return MoneyGrid()
    number, limit = caps[0]
    step = int(np.gcd.reduce(rows[number].coefficients, initial=0))
    return MoneyGrid(start=limit % step, step=step) if step else MoneyGrid()


def _cost_cap(row: Constraint, step: int) -> int | None:
    """Return the upper bound on `abs(step) * cost` plus the rest of the row, or None if the row caps no cost."""
    if step > 0:
        return row.upper
    return None if row.lower is None else -row.lower


def _max_steps(rows: list[Constraint], coefficients: dict[int, int], unlimited: int) -> int:
    """Return an upper bound on the variable: solvers err with numbers that are far larger than they need to be."""
    upper = unlimited
    for number, step in coefficients.items():
        limit, sign = _cost_cap(rows[number], step), 1 if step > 0 else -1
        if limit is not None:
            smallest = int(np.minimum(sign * rows[number].coefficients, 0).sum())
            upper = min(upper, (limit - smallest) // abs(step))
    return max(upper, 0)


def _objective_row(objective: NDArray[np.int64], lower: int) -> Constraint:
    columns = np.flatnonzero(objective)
    return Constraint(label="value", columns=columns, coefficients=objective[columns], lower=lower)
