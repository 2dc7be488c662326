"""PlanningProblem: the offers that a plan may contain, their forecast, and the rules of the campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign, RangeRule, Rule
from microopt.forecast.cost import campaign_currency
from microopt.forecast.forecast import Forecast
from microopt.plan.left_out import LeftOut
from microopt.plan.plan import RosterFacts
from microopt.plan.row_notes import row_notes
from microopt.roster.conflicts import Conflict
from microopt.roster.roster import Roster

if TYPE_CHECKING:
    from microopt.planning.schedule_pool.found_schedules import FoundSchedules
    from microopt.planning.schedule_pool.pool import SchedulePool

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


class SomeSchedules(Struct, frozen=True, kw_only=True, eq=False):
    """What a problem has of very many schedules.

    Attributes
    ----------
    few
        All schedules of few posts.
    roster, forecast
        The rows of the problem, as they were taken from the pool.
    left_out
        What is known of the schedules that the problem does not have.
    possible
        (cases,) which posts of the pool the problem may have, or None for all.
    """

    pool: SchedulePool
    few: FoundSchedules
    roster: Roster
    forecast: Forecast
    left_out: LeftOut
    possible: Mask | None = None

    def restricted(self, problem: PlanningProblem, selected: Mask, kept: PlanningProblem) -> SomeSchedules:
        """Return the schedules of a problem with some of its choices, anew where these are all of some posts.

        Parameters
        ----------
        kept
            The problem with these choices.
        """
        is_few = self.left_out.bound is None and len(self.few) == problem.choice_count
        if not self.is_pool_of(problem) or not is_few:
            return self  # which is not a pool of the problem that is kept
        posts = self.pool.posts_of(self.few.take(np.flatnonzero(selected & (self.few.sizes == 1))))
        if not np.array_equal(self.pool.made_of(self.few, posts), selected):
            return self
        possible = self.pool.cases_of(posts)
        return replace(
            self,
            few=self.few.take(selected),
            roster=kept.roster,
            forecast=kept.forecast,
            possible=possible if self.possible is None else possible & self.possible,
        )

    def is_pool_of(self, problem: PlanningProblem) -> bool:
        """Whether the choices of a problem cost and bring what they do in the pool, and any of it may be taken."""
        return problem.roster is self.roster and problem.forecast is self.forecast


class PlanningProblem(Struct, frozen=True, kw_only=True, eq=False):
    """Roster, forecast and campaign of one question, row for row.

    A row is an offer within a choice. A choice is what can be bought from a creator: one offer, or a set of offers
    where the campaign allows more than one. Where each offer is its own choice, rows and choices are the same.

    Attributes
    ----------
    roster, forecast
        The eligible offers, choice by choice, in canonical order. The cost of handling a creator is part of the cost
        of the first offer of each choice.
    choice
        (rows,) ascending: the choice of each row.
    rules
        The campaign's rules and targets, each of one kind.
    conflicts
        Which creators must not be bought together, by creator number; taken from the whole roster, so they include
        creators that filters removed.
    offers, creators
        How many the roster has before filters.
    filtered
        How many creators the filters and exclusions removed.
    schedules
        What the choices are a part of, or None where all choices are here.
    listed
        The offers as the list has them, without waves and before filters; None for a campaign without a calendar.
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
    schedules: SomeSchedules | None = None
    listed: Roster | None = None

    def __len__(self) -> int:
        return len(self.roster)

    @property
    def choice_count(self) -> int:
        """The number of choices."""
        return int(self.choice[-1]) + 1 if len(self.choice) else 0

    @property
    def choice_creators(self) -> NDArray[np.int32]:
        """(choices,) the creator of each choice."""
        return self.roster.creator_id if self._one_row_per_choice else self.roster.creator_id[self._first_rows]

    @property
    def currency(self) -> str:
        """The currency of all money of the problem."""
        return campaign_currency(self.roster, self.campaign)

    @property
    def roster_facts(self) -> RosterFacts:
        """What a report says about the roster."""
        return RosterFacts(
            source=self.roster.source,
            offers=self.offers,
            creators=self.creators,
            filtered=self.filtered,
            currency=self.currency,
            left_out=row_notes(self.roster.left_out),
            usual_fees=self.forecast.usual_fees,
        )

    def sum_by_choice(self, values: Integers) -> Integers:
        """Return the sum over each choice's rows, (choices,)."""
        return values if self._one_row_per_choice else np.add.reduceat(values, self._first_rows)

    def any_by_choice(self, rows: Mask) -> Mask:
        """Return whether any row of each choice is among `rows`, (choices,)."""
        return rows if self._one_row_per_choice else np.logical_or.reduceat(rows, self._first_rows)

    def several_waves_by_choice(self, rows: Mask) -> Mask:
        """Return which choices have some of these rows in at least two waves, (choices,)."""
        assert self.roster.timing is not None
        waves, first = self.roster.timing.wave, self._first_rows
        last = np.maximum.reduceat(np.where(rows, waves, -1), first)
        apart: Mask = np.minimum.reduceat(np.where(rows, waves, np.iinfo(np.int32).max), first) < last
        return apart

    def select_rows(self, chosen: Mask) -> Mask:
        """Return which rows belong to the chosen choices, (rows,).

        Parameters
        ----------
        chosen
            (choices,) the choices made.
        """
        return chosen[self.choice]

    def rows_of(self, choices: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the rows of some choices, ascending as they are."""
        if self._one_row_per_choice:
            return np.asarray(choices, dtype=np.intp)
        first, last = (np.searchsorted(self.choice, choices, side=side) for side in ("left", "right"))
        return np.concatenate([first[:0], *map(np.arange, first.tolist(), last.tolist())])

    def without_soft_rules(self) -> PlanningProblem:
        """Return the problem with its hard rules only."""
        hard = tuple(rule for rule in self.rules if not (isinstance(rule, RangeRule) and rule.soft is not None))
        return self if len(hard) == len(self.rules) else replace(self, rules=hard)

    def as_few_of(self, pool: SchedulePool, few: FoundSchedules) -> PlanningProblem:
        """Return the problem, whose choices are the schedules of few posts of a pool."""
        left_out = LeftOut(schedules=pool.schedules, looked_at=self.choice_count)
        some = SomeSchedules(pool=pool, few=few, roster=self.roster, forecast=self.forecast, left_out=left_out)
        return replace(self, schedules=some)

    @property
    def _one_row_per_choice(self) -> bool:
        return self.choice_count == len(self.choice)

    @property
    def _first_rows(self) -> NDArray[np.intp]:
        return np.flatnonzero(np.diff(self.choice, prepend=-1))


def restrict(
    problem: PlanningProblem, selected: Mask, campaign: Campaign, rules: tuple[Rule, ...] | None = None
) -> PlanningProblem:
    """Return the problem with some of its choices only.

    It keeps the forecast of the whole roster. A new forecast could differ, because benchmarks may be refitted on the
    eligible offers; the results of one tier would then not be comparable with those of all tiers.

    Parameters
    ----------
    selected
        (choices,) the choices to keep.
    campaign
        The campaign of the restricted problem.
    rules
        Rules to use instead of the problem's own.
    """
    rows = np.flatnonzero(problem.select_rows(selected))
    roster = problem.roster.take(rows)
    _, choice = np.unique(problem.choice[rows], return_inverse=True)
    restricted = replace(
        problem,
        roster=roster,
        forecast=problem.forecast.take(rows),
        campaign=campaign,
        choice=choice.astype(np.int32),
        rules=problem.rules if rules is None else rules,
        filtered=problem.creators - roster.creators,
    )
    if problem.schedules is None:
        return restricted
    return replace(restricted, schedules=problem.schedules.restricted(problem, selected, restricted))
