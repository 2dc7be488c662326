"""The rows of a plan's table: picks, the sum of those that are not shown, and the total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from microopt.plan.plan import Pick, Plan, Totals
from microopt.quantities.keys import match_keys
from microopt.rendering.wording.plan_figures import count_creators, pick_totals

MOST_SHOWN, SHOWN = 60, 50  # picks: all up to the first number, else the second


class PickRow(Struct, frozen=True):
    """A pick, or without one the totals of the plan or of the picks that are not shown, with a label."""

    pick: Pick | None
    totals: Totals
    label: str = ""


def pick_rows(plan: Plan) -> list[PickRow]:
    """Return the rows of the table; the last is the total."""
    shown, hidden = split_picks(plan.picks)
    rows = [PickRow(pick, pick_totals(pick)) for pick in shown]
    if hidden:
        rows.append(PickRow(None, sum_picks(hidden), f"… and {len(hidden):,} more"))
    return [*rows, PickRow(None, plan.totals, count_creators(plan.totals.creators))]


def split_picks(picks: Sequence[Pick]) -> tuple[list[Pick], list[Pick]]:
    """Return the picks that are shown and those that are not, each in their order.

    Of many, each tier shows its first picks: one at least, and in proportion to how many it has.
    """
    if len(picks) <= MOST_SHOWN:
        return list(picks), []
    quotas = _quotas(Counter(pick.tier for pick in picks), len(picks))
    shown: list[Pick] = []
    hidden: list[Pick] = []
    for pick in picks:
        (shown if quotas[pick.tier] > 0 else hidden).append(pick)
        quotas[pick.tier] -= 1
    return shown, hidden


def _quotas(tiers: Counter[str], total: int) -> dict[str, int]:
    """Return how many picks of each tier are shown: `SHOWN` in all unless there are more tiers, largest remainders."""
    quotas = {tier: max(1, SHOWN * count // total) for tier, count in tiers.items()}
    by_remainder = sorted(tiers, key=lambda tier: SHOWN * tiers[tier] % total, reverse=True)
    for tier in by_remainder[: max(0, SHOWN - sum(quotas.values()))]:
        quotas[tier] += 1
    return quotas


def sum_picks(picks: Sequence[Pick]) -> Totals:
    """Return the sums over some picks of a plan."""
    revenues = [pick.revenue for pick in picks]
    names = picks[0].metrics if picks else {}
    return Totals(
        creators=len(set(match_keys([pick.creator for pick in picks]))),
        spend=sum(pick.cost for pick in picks),
        metrics={name: sum(pick.metrics[name] for pick in picks) for name in names},
        revenue=None if None in revenues else sum(revenue or 0 for revenue in revenues),
    )
