"""Who gets whom, and why: the creators whom several campaigns book or want."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

import numpy as np
from msgspec import Struct

from microopt.campaign.portfolio import Portfolio
from microopt.plan.plan import Plan
from microopt.plan.portfolio import Booking, SharedCreator
from microopt.planning.portfolio.booked import Bookings, booked_by_plan
from microopt.planning.portfolio.entry import SharedProblem
from microopt.planning.portfolio.solve_joint import SolvedJoint
from microopt.planning.portfolio.worth import best_worth, find_prices
from microopt.quantities.discount_steps import volume_discount
from microopt.quantities.keys import match_key

LEAST_WORTH = Fraction(1, 100_000)  # of the best alone; less is rounding


class PlannedCampaign(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """A campaign of a portfolio with its plan.

    Attributes
    ----------
    discounts
        The volume discounts at which it was planned, by match key of the creator.
    """

    shared: SharedProblem
    plan: Plan
    discounts: Mapping[str, Fraction] = {}

    @cached_property
    def booked(self) -> Bookings:
        """What the plan books."""
        return booked_by_plan(self.shared, self.plan)

    @cached_property
    def posts(self) -> Counter[str]:
        """How many posts the plan books of each creator, by match key."""
        counts: Counter[str] = Counter()
        for each in self.booked:
            counts[each.creator] += each.posts
        return counts

    @cached_property
    def cost(self) -> Counter[str]:
        """What each creator costs in cents of the campaign's currency, by match key."""
        counts: Counter[str] = Counter()
        for pick in self.plan.picks:
            counts[match_key(pick.creator)] += pick.cost
        return counts

    def house_spend(self, creator: str | None = None) -> int:
        """Return what the plan, or one creator in it, costs in cents of the house, to the nearest cent."""
        return round((self.cost.total() if creator is None else self.cost[creator]) * self.shared.rate)


def find_shared_creators(
    portfolio: Portfolio, solved: SolvedJoint, planned: Mapping[str, PlannedCampaign]
) -> tuple[SharedCreator, ...]:
    """Return those with a price first, from the highest; then those in several campaigns, by name."""
    prices, columns = find_prices(solved), solved.joint.columns
    worth: dict[str, dict[str, Fraction]] = {}
    for number, key, amount in best_worth(solved, prices):
        worth.setdefault(key, {})[columns.problems[number].name] = amount
    limits = _binding_limits(solved)
    booked = {name: each.booked for name, each in planned.items()}
    counts: dict[str, int] = {}
    for bookings in booked.values():
        for key in {each.creator for each in bookings}:
            counts[key] = counts.get(key, 0) + 1
    is_scarce = {key for key in limits if _is_wanted(worth[key], counts.get(key, 0))}
    keys = [key for key in columns.keys if counts.get(key, 0) > 1 or key in is_scarce]
    bookings_of = {key: tuple(_bookings(key, worth[key], planned)) for key in keys}
    found = [
        SharedCreator(
            creator=_name_of(key, planned),
            bookings=bookings_of[key],
            limits=limits.get(key, ()),
            price=_price(bookings_of[key], planned) if key in limits else Fraction(0),
            discount=volume_discount(portfolio.volume, counts.get(key, 0)),
        )
        for key in keys
    ]
    return tuple(sorted(found, key=lambda each: (-each.price, match_key(each.creator))))


def _price(bookings: Sequence[Booking], planned: Mapping[str, PlannedCampaign]) -> Fraction:
    """Return the most that a campaign without the creator would add to the sum of shares by booking them.

    The dual prices of the limits are no answer: where two limits keep the same campaign out, or a limit leaves no
    choice at all, they lie anywhere between this and what the campaigns that have the creator would lose.
    """
    wanted = (each.worth * planned[each.campaign].shared.entry.member.weight for each in bookings if not each.booked)
    return max(wanted, default=Fraction(0))


def _is_wanted(worth: Mapping[str, Fraction], campaigns: int) -> bool:
    """Whether more campaigns want a creator than the number that have one."""
    return sum(amount > LEAST_WORTH for amount in worth.values()) > campaigns


def _name_of(key: str, planned: Mapping[str, PlannedCampaign]) -> str:
    """Return the name of a creator as the first list has it."""
    for each in planned.values():
        if key in each.shared.number_of_creator:
            return each.shared.creator_names[each.shared.number_of_creator[key]]
    return key


def _binding_limits(solved: SolvedJoint) -> dict[str, tuple[str, ...]]:
    """Return by match key of a creator which limits leave no room for another booking, in words."""
    assert solved.result.columns is not None
    limits: dict[str, list[str]] = {}
    for number in solved.joint.used:
        each = solved.joint.creator_rows[number]
        is_full = each.row.upper is not None and each.row.activity(solved.result.columns) >= each.row.upper
        if is_full and each.is_limit:
            limits.setdefault(each.creator, []).append(each.limit)
    return {key: tuple(dict.fromkeys(own)) for key, own in limits.items()}


def _bookings(key: str, worth: Mapping[str, Fraction], planned: Mapping[str, PlannedCampaign]) -> Iterator[Booking]:
    """Yield the campaigns that book a creator, then those that would like to, each by worth from the largest."""
    rows = []
    for name, amount in worth.items():
        each = planned.get(name)
        if each is None:
            continue
        posts = each.posts[key]
        if posts or amount > LEAST_WORTH:
            number = each.shared.number_of_creator[key]
            booking = Booking(
                campaign=name,
                booked=bool(posts),
                signed=bool(each.shared.signed[number]),
                posts=posts,
                house_spend=each.house_spend(key) if posts else 0,
                worth=amount if np.isfinite(float(amount)) else Fraction(0),
            )
            rows.append(booking)
    yield from sorted(rows, key=lambda each: (not each.booked, -each.worth, each.campaign))
