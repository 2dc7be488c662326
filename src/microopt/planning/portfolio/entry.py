"""Entry: a campaign of a portfolio with its roster; and SharedProblem, the same once it was solved alone."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.campaign.portfolio import PortfolioMember
from microopt.planning.formulation.objective import Objective
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.quantities.keys import match_keys
from microopt.roster.contract_status import kept_offers
from microopt.roster.roster import Roster
from microopt.solver.program import IntegerProgram

Days = tuple[date | None, date | None]  # first and last; None where it is not said
Mask = NDArray[np.bool_]


class Entry(Struct, frozen=True, kw_only=True, eq=False):
    """A campaign of a portfolio, ready to be planned.

    Attributes
    ----------
    roster
        As it was read.
    campaign
        That of the file, or that of tonight with its contracts and results.
    """

    member: PortfolioMember
    roster: Roster
    campaign: Campaign

    @property
    def name(self) -> str:
        """The name of the campaign in the portfolio."""
        return self.member.name


class SharedProblem(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """A campaign of a portfolio as it enters the joint program.

    Attributes
    ----------
    campaign
        The campaign that is planned: with amounts in the place of percents of its budget.
    alone
        Its problem and the best plan if it has the pool of creators to itself.
    problem, objective, program
        Its choices in the joint program, those with volume discounts included.
    level
        (choices,) how many steps of the volume discount each choice has.
    rate
        What a cent of its currency is worth in cents of the house.
    """

    entry: Entry
    campaign: Campaign
    alone: SolvedProblem
    problem: PlanningProblem
    objective: Objective
    program: IntegerProgram
    level: NDArray[np.int32]
    rate: Fraction

    @property
    def name(self) -> str:
        """The name of the campaign in the portfolio."""
        return self.entry.name

    @property
    def best_alone(self) -> Fraction:
        """The value of the best plan alone, in the unit of the goal."""
        return self.alone.proof.objective

    def share_of(self, value: Fraction) -> Fraction | None:
        """Return a value as a share of the best alone: 1 for as good; None where the best alone is 0.

        A cost is better where it is lower: 10% above the least is a share of 90%.
        """
        best = self.best_alone
        gain = value - best if self.objective.unit > 0 else best - value
        return None if not best else 1 + gain / abs(best)

    @cached_property
    def creator_names(self) -> tuple[str, ...]:
        """The name of each creator by number, as the roster has it."""
        ids, creators = self.problem.roster.creator_id, self.problem.roster.texts["creator"]
        _, rows = np.unique(ids, return_index=True)
        return tuple(creators[row].strip() for row in rows.tolist())

    @cached_property
    def creator_keys(self) -> tuple[str, ...]:
        """The match key of each creator by number."""
        return tuple(match_keys(self.creator_names))

    @cached_property
    def number_of_creator(self) -> dict[str, int]:
        """The number of each creator by match key."""
        return {key: number for number, key in enumerate(self.creator_keys)}

    @cached_property
    def creators(self) -> NDArray[np.int32]:
        """(choices,) the number of the creator of each choice."""
        return np.unique(self.problem.choice_creators, return_inverse=True)[1].astype(np.int32)

    @cached_property
    def signed(self) -> Mask:
        """(creators,) whether a contract binds the creator to the campaign."""
        rows = kept_offers(self.problem.roster, self.problem.campaign.running)
        is_signed = np.zeros(len(self.creator_names), dtype=bool)
        is_signed[self.creators[self.problem.any_by_choice(rows)]] = True
        return is_signed

    @property
    def occasions(self) -> tuple[Days, ...]:
        """The days of each wave, or of the campaign where it has no calendar."""
        calendar = self.campaign.calendar
        if calendar is None:
            return (self.entry.member.days,)
        return tuple((wave.starts, wave.ends) for wave in calendar.waves)

    def rows_on(self, occasions: Mask) -> Mask:
        """Return which rows are posted on some occasions, (rows,).

        Parameters
        ----------
        occasions
            (occasions,) those that count.
        """
        timing = self.problem.roster.timing
        return np.full(len(self.problem), bool(occasions.any())) if timing is None else occasions[timing.wave]

    def choices_on(self, occasions: Mask) -> Mask:
        """Return which choices have a post on some occasions, (choices,)."""
        return self.problem.any_by_choice(self.rows_on(occasions))

    def posts_on(self, occasions: Mask) -> NDArray[np.int64]:
        """Return how many posts each choice has on some occasions, (choices,)."""
        return self.problem.sum_by_choice(
            np.where(self.rows_on(occasions), self.problem.roster.unit_counts(), 0).astype(np.int64)
        )
