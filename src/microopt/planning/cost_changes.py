"""Why a budget no longer covers the same purchases: which of their costs changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from microopt.plan.purchase import Purchase
from microopt.quantities.parse_and_format import format_money

MOST_NAMED = 3  # the largest changes; the others are counted
PurchasePair = tuple[Purchase, Purchase]  # the same offers of a creator, at the earlier and at the later figures


def exceeds(purchases: Iterable[Purchase], spendable: int | None) -> bool:
    """Whether purchases cost more than may be spent."""
    return spendable is not None and sum(purchase.totals.spend for purchase in purchases) > spendable


def describe_cost_changes(pairs: Sequence[PurchasePair], currency: str, *, rises: bool) -> list[str]:
    """Return whose cost rose (or fell), the largest change first, as sentences without their full stop."""
    changes = [(_cost_rise(pair) if rises else -_cost_rise(pair), pair) for pair in pairs]
    changed = sorted((each for each in changes if each[0] > 0), key=lambda change: -change[0])
    texts = [_describe_change(pair, currency) for _, pair in changed[:MOST_NAMED]]
    more = len(changed) - len(texts)
    if more:
        texts.append(f"{more:,} more {'creator costs' if more == 1 else 'creators cost'} {'more' if rises else 'less'}")
    return texts


def _cost_rise(pair: PurchasePair) -> int:
    return pair[1].totals.spend - pair[0].totals.spend


def _describe_change(pair: PurchasePair, currency: str) -> str:
    """Tell the fee where it alone changed, else the whole cost."""
    earlier, later = pair
    fee_alone = later.fee - earlier.fee == _cost_rise(pair)
    was, now = (earlier.fee, later.fee) if fee_alone else (earlier.totals.spend, later.totals.spend)
    verb = "rose" if now > was else "fell"
    name = f"{later.creator}'s {'fee' if fee_alone else 'cost'}"
    return f"{name} {verb} from {format_money(was, currency)} to {format_money(now, currency)}"
