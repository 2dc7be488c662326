"""What is hard to believe of a roster's figures: kinds of doubt, each with its creators."""

from __future__ import annotations

from msgspec import Struct

FEE_CODE = "suspicious-fee"


class SuspiciousCreator(Struct, frozen=True, kw_only=True):
    """One creator whose figures are doubted.

    Attributes
    ----------
    row
        Row number as a spreadsheet shows it; None in a plan, which does not depend on the order of rows.
    text
        The figures, such as `5M likes, 20k followers`.
    """

    creator: str
    row: int | None
    text: str


class Suspicion(Struct, frozen=True, kw_only=True):
    """One kind of figures that are hard to believe.

    Attributes
    ----------
    code
        Stable name of the kind, such as `suspicious-engagement`.
    text
        What the creators have, to follow `1 creator has`: `more likes per post than followers`.
    fix
        What may be wrong and how to correct it, as a sentence, or empty.
    count
        How many creators there are.
    in_plan
        How many of them are in the plan; 0 where there is none.
    creators
        The creators in the order of the roster, or the worst first; a plan keeps three of them, its own first.
    """

    code: str
    text: str
    count: int
    creators: tuple[SuspiciousCreator, ...]
    fix: str = ""
    in_plan: int = 0
