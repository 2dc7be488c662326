"""The sentences of a plan: derived from its figures, and worded anew by each version of the program."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from microopt.plan.verification_result import Discrepancy

# Fields that are sentences alone: what the plan buys, costs and brings has fields of its own.
SENTENCES = {
    "unspent_reason",
    "notes",
    "warnings",
    "suspicions.text",
    "suspicions.fix",
    "suspicions.creators.text",
    "roster.left_out.text",
}


class Differences(Struct, frozen=True, kw_only=True):
    """Where a plan differs from what was recomputed.

    Attributes
    ----------
    false
        Statements that are not true.
    reworded
        The places of sentences that are worded differently.
    """

    false: tuple[Discrepancy, ...]
    reworded: tuple[str, ...]


def separate_wording(discrepancies: Iterable[Discrepancy]) -> Differences:
    """Separate sentences that are worded differently from statements that are not true."""
    found = tuple(discrepancies)
    return Differences(
        false=tuple(item for item in found if not is_sentence(item.place)),
        reworded=tuple(item.place for item in found if is_sentence(item.place)),
    )


def is_sentence(place: str) -> bool:
    """Whether a place of a plan's object, such as `notes[2]`, holds a sentence and nothing else."""
    return re.sub(r"\[\d+\]", "", place) in SENTENCES
