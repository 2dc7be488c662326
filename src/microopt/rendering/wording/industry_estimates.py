"""Which results of a plan are industry estimates, because the list has no figures of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from microopt.quantities.parse_and_format import format_percent, join_words

WHOLE = 0.9995  # the share from which results are called estimates throughout


def industry_estimates(shares: Mapping[str, float], source: str = "your list") -> Iterator[str]:
    """Yield a sentence on all results that are estimates throughout, then one on each that is so in part.

    Parameters
    ----------
    shares
        By metric, the share that comes from benchmarks.
    source
        What the reader calls the roster.
    """
    whole = [metric for metric, share in shares.items() if share >= WHOLE]
    if whole:
        yield f"All {join_words(whole)} are industry estimates; {source} has no data on them."
    for metric, share in shares.items():
        if 0 < share < WHOLE:
            yield f"{format_percent(share)} of the {metric} are industry estimates, not from {source}."
