"""The sentence on fees that are well above the usual ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from microopt.plan.plan import Pick

FEWEST_FEES = 3  # that show the level of a market
MOST_NAMED = 5  # creators in a sentence
OUTLYING = 2.0  # times the level of the list's own fees


def high_fee_sentences(picks: Sequence[Pick], *, hints: bool = True) -> Iterator[tuple[str, str]]:
    """Yield one caveat about the fees of a plan that are well above the usual ones, if there are any.

    Where most of them are, the market is dearer and not each creator: only a fee far above the others is then named.

    Parameters
    ----------
    hints
        Whether to name the command that shows the usual fees.
    """
    high = sum(pick.fee_high for pick in picks)
    if not high:
        return
    stated = [pick for pick in picks if pick.fee and not pick.fee_estimated]
    multiples = [(pick.fee / pick.usual_fee, pick.creator) for pick in stated if pick.usual_fee]
    is_market = high > len(stated) / 2 and len(multiples) >= FEWEST_FEES
    statement = _market_statement(multiples) if is_market else _statement(high, len(stated), multiples)
    yield "caveat", statement + (" See microopt forecast." if hints else "")


def _statement(high: int, fees: int, multiples: Sequence[tuple[float, str]]) -> str:
    subject = "The one fee is" if fees == 1 else f"{high:,} of {fees:,} fees {'is' if high == 1 else 'are'}"
    statement = f"{subject} well above the going rate"
    if not multiples:
        return f"{statement}."
    link = ": " if high == 1 else ". Highest: "
    return f"{statement}{link}{_highest(multiples, min(high, MOST_NAMED))}."


def _market_statement(multiples: Sequence[tuple[float, str]]) -> str:
    level = median(multiple for multiple, _ in multiples)
    statement = (
        f"Fees in this plan are typically {level:.1f} times the industry estimate: your market may be more expensive."
    )
    outlying = [pair for pair in multiples if pair[0] > OUTLYING * level]
    return f"{statement} Highest: {_highest(outlying, MOST_NAMED)}." if outlying else statement


def _highest(multiples: Sequence[tuple[float, str]], count: int) -> str:
    """Return the creators whose fees are furthest above the usual ones, each with the multiple."""
    return ", ".join(f"{creator} at {multiple:.1f}x" for multiple, creator in sorted(multiples, reverse=True)[:count])
