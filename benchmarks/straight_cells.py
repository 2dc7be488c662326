"""The cells of `straight`: offers, fees, goal, rules and budget, and the fraction of them that is measured."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product

VARIABLE = "MICROOPT_STRAIGHT"
OFFERS = (200, 1_000, 5_000, 20_000, 100_000)
FEES = ("cents", "hundreds")
GOALS = ("engagement", "conversions", "balanced", "value")
RULES = (0, 5, 12, 30)
BUDGETS = ("0.1%", "1%", "10%", "50%")  # of all fees
DOUBLE = (0, 2, 3, 1)  # the levels times two in the field of four elements, where adding is exclusive or


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One campaign on one roster.

    Attributes
    ----------
    fees
        Whether fees are in cents or in whole hundreds of dollars.
    rules
        How many there are.
    budget
        A percentage of all fees.
    """

    offers: int
    fees: str
    goal: str
    rules: int
    budget: str

    @property
    def name(self) -> str:
        """Its name, such as `1000-cents-balanced-12-10%`."""
        return f"{self.offers}-{self.fees}-{self.goal}-{self.rules}-{self.budget}"

    @classmethod
    def named(cls, name: str) -> Cell:
        """Return the cell of a name."""
        offers, fees, goal, rules, budget = name.split("-")
        return cls(offers=int(offers), fees=fees, goal=goal, rules=int(rules), budget=budget)


def all_cells() -> list[Cell]:
    """Return the full factorial."""
    every = product(OFFERS, FEES, GOALS, RULES, BUDGETS)
    return [Cell(offers=size, fees=fee, goal=goal, rules=rule, budget=part) for size, fee, goal, rule, part in every]


def fraction() -> list[Cell]:
    """Return eight cells of each number of offers, in which each pair of two factors' levels occurs.

    Four cells are the points of a line in three directions over the field of four elements; each number of offers has
    two such lines, one for either kind of fees, and all lines together meet every pair of goal, rules and budget.
    """
    return [
        Cell(
            offers=size,
            fees=FEES[half],
            goal=GOALS[level],
            rules=RULES[level ^ (2 * number + half) % 4],
            budget=BUDGETS[DOUBLE[level] ^ (number + half) % 4],
        )
        for number, size in enumerate(OFFERS)
        for half, level in product(range(len(FEES)), range(len(GOALS)))
    ]


def chosen_cells(names: Sequence[str] = ()) -> list[Cell]:
    """Return the cells to measure: these, or what `MICROOPT_STRAIGHT` names, separated by commas, or the fraction.

    A number is the fraction's cells with so many offers. A pattern, such as `1000-cents-*-12-*`, is every cell of the
    factorial whose name it matches.

    Raises
    ------
    ValueError
        If a name matches no cell.
    """
    if names:
        return [Cell.named(name) for name in names]
    words = [word for word in os.environ.get(VARIABLE, "").split(",") if word]
    return matching_cells(words) if words else fraction()


def matching_cells(words: Sequence[str]) -> list[Cell]:
    """Return the cells that words name, each once; see `chosen_cells`."""
    found: dict[Cell, None] = {}
    for word in words:
        own = [each for each in fraction() if str(each.offers) == word]
        own = own or [each for each in all_cells() if fnmatchcase(each.name, word)]
        if not own:
            raise ValueError(f"no cell is named {word}; a name is {all_cells()[0].name}, a pattern has * in it")
        found.update(dict.fromkeys(own))
    return list(found)
