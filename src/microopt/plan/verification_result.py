"""Verification: whether a plan file is correct, and what proves it."""

from __future__ import annotations

from typing import Any, ClassVar

from msgspec import Struct


class Discrepancy(Struct, frozen=True, kw_only=True):
    """A statement of a plan that is not true.

    Attributes
    ----------
    place
        Where in the plan's object: `picks[3].fee`.
    message
        What it says, and what is true, in a sentence.
    stated, recomputed
        The two as JSON values, None where there is nothing to show.
    creator
        The creator of the pick that it is about, empty if it is about none.
    """

    place: str
    message: str
    stated: Any = None
    recomputed: Any = None
    creator: str = ""


class Verification(Struct, frozen=True, kw_only=True):
    """The result of checking a plan file.

    Attributes
    ----------
    plan, roster
        The paths of the files that were read.
    discrepancy
        The first statement that is not true; None if the plan is correct.
    more_discrepancies
        How many more statements are not true.
    further
        The first of them.
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
    gap_by_prices
        How far the plan may be from the best possible by the prices alone, as a share of their bound; 0 where these
        prove it.
    claims_best
        Whether the plan says that a solver proved it best, which its prices alone do not show.
    proven
        What the check itself proves, in sentences.
    unproven
        What the plan claims and only a solver can know, in sentences.
    solver
        The solver that the plan relies on for that: `CBC 2.10.3`.
    reworded
        Where the plan has a sentence, such as a note, that this version words differently: `notes[2]`. It makes no plan
        false.
    """

    plan: str
    roster: str
    discrepancy: Discrepancy | None = None
    more_discrepancies: int = 0
    further: tuple[Discrepancy, ...] = ()
    sealed: bool = True
    fix: str = ""
    figures: int = 0
    rules: int = 0
    budget: bool = False
    gap_by_prices: float | None = None
    claims_best: bool = False
    proven: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    solver: str = ""
    reworded: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "verification"
    computed: ClassVar[tuple[str, ...]] = ("holds",)

    @property
    def holds(self) -> bool:
        """Whether every statement of the plan is true."""
        return self.discrepancy is None
