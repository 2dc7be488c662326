"""Purchase: what a plan buys from a creator; Cause: why a creator was added or dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import ClassVar

from msgspec import Struct

from microopt.campaign.metrics import metrics_of
from microopt.plan.plan import Pick, Totals
from microopt.quantities.keys import match_key
from microopt.quantities.units import Cents
from microopt.roster.extra_costs import COST_LINES


class Purchase(Struct, frozen=True, kw_only=True):
    """What a plan buys from a creator: one pick, or several where more than one offer may be bought."""

    creator: str
    picks: tuple[Pick, ...]

    computed: ClassVar[tuple[str, ...]] = ("tier", "followers", "fee", "totals")

    @property
    def tier(self) -> str:
        """The creator's tier."""
        return self.picks[0].tier

    @property
    def followers(self) -> int:
        """The largest number of followers among the picks."""
        return max(pick.followers for pick in self.picks)

    @property
    def fee(self) -> Cents:
        """Cents, over all picks."""
        return sum(pick.fee for pick in self.picks)

    @property
    def totals(self) -> Totals:
        """The cost and results of all picks."""
        revenues = [pick.revenue for pick in self.picks if pick.revenue is not None]
        profits = [pick.profit for pick in self.picks if pick.profit is not None]
        return Totals(
            creators=1,
            spend=sum(pick.cost for pick in self.picks),
            metrics={
                name: sum(pick.metrics[name] for pick in self.picks) for name in metrics_of(self.picks[0].metrics)
            },
            revenue=sum(revenues) if revenues else None,
            profit=sum(profits) if profits else None,
            extra_costs=sum_extra_costs(self.picks),
        )


def sum_extra_costs(picks: Iterable[Pick]) -> dict[str, int]:
    """Return the extra costs of picks by line, in cents."""
    lines = Counter[str]()
    for pick in picks:
        lines.update(pick.extra_costs)
    return {name: lines[name] for name in COST_LINES if name in lines}


def purchases_by_creator(picks: Iterable[Pick]) -> Mapping[str, Purchase]:
    """Return the purchase from each creator, by match key, in the order of the picks."""
    picks_by_creator: dict[str, list[Pick]] = {}
    for pick in picks:
        picks_by_creator.setdefault(match_key(pick.creator), []).append(pick)
    return {key: Purchase(creator=group[0].creator, picks=tuple(group)) for key, group in picks_by_creator.items()}


def offer_keys(purchase: Purchase) -> set[tuple[str, str, int, str]]:
    """Return what identifies the offers of a purchase: platform, offer, units, and the wave or nothing."""
    return {(match_key(pick.platform), match_key(pick.offer), pick.units, pick.wave or "") for pick in purchase.picks}


def waves_by_offer(purchase: Purchase) -> list[tuple[Pick, tuple[str, ...]]]:
    """Return the first pick of each offer of a purchase, and the waves of all of its picks.

    Without a calendar each pick stands for itself, without waves.
    """
    waves: dict[tuple[object, ...], list[str]] = {}
    firsts: dict[tuple[object, ...], Pick] = {}
    for number, pick in enumerate(purchase.picks):
        key = (number,) if pick.wave is None else (pick.platform, pick.offer, pick.units)
        firsts.setdefault(key, pick)
        waves.setdefault(key, []).extend([] if pick.wave is None else [pick.wave])
    return [(firsts[key], tuple(waves[key])) for key in firsts]


class Cause(Struct, frozen=True, kw_only=True):
    """A fact that explains why a creator was added or dropped.

    Attributes
    ----------
    kind
        `exclude`, `roster`, `filter`, `include`, `offer`, `fee`, `cost`, `followers`, `forecast`, `tier`, `rule`,
        `budget`, `goal`, `campaign`, `others`, `search`; or `unknown`, where the data does not say.
    message
        The fact, as a sentence without its full stop.
    """

    kind: str
    message: str
