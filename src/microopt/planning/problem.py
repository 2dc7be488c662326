"""Case: the offers that may enter a plan, with what is expected of them and what is asked."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign, RangeRule, Rule
from microopt.forecast.forecast import Forecast
from microopt.roster.conflicts import Conflict
from microopt.roster.roster import Roster

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]


class PlanningProblem(Struct, frozen=True, kw_only=True, eq=False):
    """Roster, forecast and campaign of one question, row for row.

    A row is an offer within a choice, and a choice is what may be bought of a creator: one offer, or a set of offers
    where more than one may be. Where each offer is a choice of its own, rows and choices are the same.

    Attributes
    ----------
    roster, forecast
        The offers that may enter, choice by choice, in canonical order. The handling of a creator is within the cost
        of the first offer of each choice.
    choice
        (rows,) ascending: the choice of each row.
    rules
        The campaign's rules and targets, each of one kind.
    conflicts
        Who is never bought beside whom, by the numbers of creators; of the whole roster, filtered rows included.
    offers, creators
        How many there were before filters.
    filtered
        Creators that filters and exclusions left out.
    """

    roster: Roster
    forecast: Forecast
    campaign: Campaign
    choice: NDArray[np.int32]
    rules: tuple[Rule, ...]
    conflicts: tuple[Conflict, ...] = ()
    offers: int
    creators: int
    filtered: int

    def __len__(self) -> int:
        return len(self.roster)

    @property
    def choices(self) -> int:
        """How many choices there are."""
        return int(self.choice[-1]) + 1 if len(self.choice) else 0

    @property
    def creator(self) -> NDArray[np.int32]:
        """(choices,) the creator of each choice."""
        return self.roster.creator_id[self._first]

    def sums(self, values: Whole) -> Whole:
        """Return the sum over each choice's rows, (choices,)."""
        return values if self._alone else np.add.reduceat(values, self._first)

    def any(self, rows: Mask) -> Mask:
        """Return whether any row of each choice is among `rows`, (choices,)."""
        return rows if self._alone else np.logical_or.reduceat(rows, self._first)

    def rows(self, chosen: Mask) -> Mask:
        """Return the rows of the choices made, (rows,).

        Parameters
        ----------
        chosen
            (choices,) which are made.
        """
        return chosen[self.choice]

    def hard(self) -> PlanningProblem:
        """Return the case without its soft rules."""
        kept = tuple(rule for rule in self.rules if not (isinstance(rule, RangeRule) and rule.soft is not None))
        return self if len(kept) == len(self.rules) else replace(self, rules=kept)

    @property
    def _alone(self) -> bool:
        return self.choices == len(self.choice)

    @property
    def _first(self) -> NDArray[np.intp]:
        return np.flatnonzero(np.diff(self.choice, prepend=-1))
