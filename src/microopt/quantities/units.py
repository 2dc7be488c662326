"""The units of fields: annotations that say what a number in memory is in JSON.

Money is in integer cents and results are in integer thousandths in memory; both are plain numbers in JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Annotated

from msgspec import Struct


class Scaled(Struct, frozen=True):
    """A number that counts parts of the number in JSON: 100 for cents.

    Attributes
    ----------
    factor
        How many parts make one, or a function that returns it: of each key of a mapping, or of a sibling's value.
    sibling
        The field of the same struct whose value decides the factor.
    """

    factor: int | Callable[[str], int]
    sibling: str = ""

    def factor_of(self, name: str) -> int:
        """Return how many parts make one of a name's figure."""
        return self.factor if isinstance(self.factor, int) else self.factor(name)


class Rounded(Struct, frozen=True):
    """A number that JSON holds to some decimals; a fraction without decimals given is held to the nearest double."""

    decimals: int | None = None


class Ordered(Struct, frozen=True):
    """A mapping whose order counts: JSON holds a list of pairs, since an object does not promise to keep its order."""


class Keys(Struct, frozen=True):
    """Some keys of a struct: JSON holds these alone. `proof.gap` is the key `gap` of the part `proof`."""

    names: tuple[str, ...]


Cents = Annotated[int, Scaled(100)]
FractionalCents = Annotated[float, Scaled(100)]
Thousandths = Annotated[int, Scaled(1000)]
Metrics = Mapping[str, Thousandths]
Approximate = Annotated[Fraction, Rounded()]
Seconds = Annotated[float, Rounded(3)]
