"""The range within which a result is expected to lie with a probability of 80%."""

from __future__ import annotations

from msgspec import Struct

from microopt.quantities.units import Thousandths


class LikelyRange(Struct, frozen=True):
    """An 80% likely range of a result, from its 10th to its 90th percentile.

    Attributes
    ----------
    low, high
        Thousandths.
    """

    low: Thousandths
    high: Thousandths

    @property
    def final(self) -> bool:
        """Whether the result is final, that is, no longer uncertain; never if nothing is expected."""
        return self.low == self.high > 0
