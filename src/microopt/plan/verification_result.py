"""What a check of a plan finds: that it holds, and on what; or the first thing in it that is not so."""

from __future__ import annotations

from typing import Any, ClassVar

from msgspec import Struct


class Discrepancy(Struct, frozen=True, kw_only=True):
    """Something that a plan says and that is not so.

    Attributes
    ----------
    place
        Where in the plan's object: `picks[3].fee`.
    message
        What it says, and what is so, in a sentence.
    said, found
        The two as JSON values, None where there is nothing to show.
    """

    place: str
    message: str
    stated: Any = None
    recomputed: Any = None


class Verification(Struct, frozen=True, kw_only=True):
    """What a check of a plan found.

    Attributes
    ----------
    plan, roster
        The files, as they were found.
    false
        The first statement that is not so; None where the plan holds.
    further
        How many more are not so.
    sealed
        Whether the seal is that of the file.
    fix
        What to do about a plan that does not hold.
    figures
        Figures and statements recomputed from the roster, the campaign and the picks.
    rules
        Rules that the picks keep, targets among them, in whole cents, counts and fractions.
    budget
        Whether there is a budget, which the picks keep to the cent.
    within
        How far the plan may be from the best possible by the prices alone, as a share of their bound; 0 where these
        prove it.
    shown
        What else the check itself shows, in sentences.
    rests_on
        What the plan claims and no check shows without a solver, in sentences.
    solver
        Whose word that is: `CBC 2.10.3`.
    """

    plan: str
    roster: str
    discrepancy: Discrepancy | None = None
    more_discrepancies: int = 0
    sealed: bool = True
    fix: str = ""
    figures: int = 0
    rules: int = 0
    budget: bool = False
    gap_by_prices: float | None = None
    proven: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    solver: str = ""

    schema_name: ClassVar[str] = "verification"
    computed: ClassVar[tuple[str, ...]] = ("holds",)

    @property
    def holds(self) -> bool:
        """Whether nothing in the plan is false."""
        return self.discrepancy is None
