"""The rows of a plan's table: picks, the sum of those that are not shown, and the total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from microopt.plan.plan import Pick, Plan, Totals
from microopt.quantities.keys import match_keys
from microopt.quantities.records import column_of
from microopt.quantities.tables import values_of
from microopt.rendering.wording.plan_figures import pick_totals
from microopt.rendering.wording.waves import count_creators_and_posts, picks_by_creator

MOST_SHOWN, SHOWN = 60, 50  # picks: all up to the first number, else the second


class PickRow(Struct, frozen=True):
    """A pick, or without one the totals of the plan or of the picks that are not shown, with a label."""

    pick: Pick | None
    totals: Totals
    label: str = ""


def pick_rows(plan: Plan) -> list[PickRow]:
    """Return the rows of the table, with a calendar one for each creator; the last is the total."""
    picks = picks_by_creator(plan)
    shown, hidden = split_places(values_of(column_of(picks, "tier")))
    rows = [PickRow(pick, pick_totals(pick)) for pick in map(picks.__getitem__, shown)]
    if hidden:
        rows.append(PickRow(None, sum_picks(picks, hidden), f"… and {len(hidden):,} more"))
    return [*rows, PickRow(None, plan.totals, count_creators_and_posts(plan))]


def split_places(tiers: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return the places of picks that are shown and of those that are not, by the tier of each pick.

    Of many, each tier shows its first picks: one at least, and in proportion to how many it has.
    """
    if len(tiers) <= MOST_SHOWN:
        return list(range(len(tiers))), []
    quotas = _quotas(Counter(tiers), len(tiers))
    shown: list[int] = []
    hidden: list[int] = []
    for place, tier in enumerate(tiers):
        (shown if quotas[tier] > 0 else hidden).append(place)
        quotas[tier] -= 1
    return shown, hidden


def _quotas(tiers: Counter[str], total: int) -> dict[str, int]:
    """Return how many picks of each tier are shown: `SHOWN` in all unless there are more tiers, largest remainders."""
    quotas = {tier: max(1, SHOWN * count // total) for tier, count in tiers.items()}
    by_remainder = sorted(tiers, key=lambda tier: SHOWN * tiers[tier] % total, reverse=True)
    for tier in by_remainder[: max(0, SHOWN - sum(quotas.values()))]:
        quotas[tier] += 1
    return quotas


def sum_picks(picks: Sequence[Pick], places: Sequence[int]) -> Totals:
    """Return the sums over the picks at some places of a plan."""

    def values(name: str, key: str | None = None) -> list[Any]:
        return list(map(values_of(column_of(picks, name, key)).__getitem__, places))

    revenues, profits = values("revenue"), values("profit")
    return Totals(
        creators=len(set(match_keys(values("creator")))),
        spend=sum(values("cost")),
        metrics={name: sum(values("metrics", name)) for name in (picks[0].metrics if places else ())},
        revenue=None if None in revenues else sum(revenues),
        profit=None if None in profits else sum(profits),
    )
