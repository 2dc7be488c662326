"""The inputs of a replan: news since the last plan was made, and how much of that plan may change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from msgspec import Struct, field

from microopt.campaign.campaign import Campaign, SoftPenalty
from microopt.campaign.progress import Contract, PostResults


class SourceFile(Struct, frozen=True, kw_only=True):
    """What a file told of creators, and where in it.

    Attributes
    ----------
    path
        As the user wrote it.
    sha256
        Of the bytes read, as hexadecimal text.
    header
        The file's own header of the creators.
    rows
        By match key of the creator: the first row that tells of it, as a spreadsheet shows it.
    notes
        What was assumed or dropped, in sentences.
    """

    path: str
    sha256: str
    header: str = "creator"
    rows: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class ReplanRequest(Struct, frozen=True, kw_only=True):
    """What a replan is made from, beside the last plan and the roster.

    Attributes
    ----------
    on
        When, as ISO 8601 in UTC, to the second.
    contracts, states
        What was told of contracts; None where nothing was: those of the last plan stand.
    actuals, results
        All results so far; None where none were told: those of the last plan stand.
    as_of
        The day up to which the results count.
    campaign, campaign_sha256
        What is asked now, instead of what the last plan was asked; its budget is that of the whole campaign.
    starts, ends
        The campaign's first and last day, where they are told anew.
    budget
        Cents of the whole campaign, None where it stays.
    keep
        The share of the last plan's creators that must stay, of those who still can.
    per_swap
        What each of them who goes must at least bring, or None.
    """

    on: str
    contracts: tuple[Contract, ...] = ()
    states: SourceFile | None = None
    actuals: tuple[PostResults, ...] = ()
    results: SourceFile | None = None
    as_of: date | None = None
    campaign: Campaign | None = None
    campaign_sha256: str | None = None
    starts: date | None = None
    ends: date | None = None
    budget: int | None = None
    keep: Fraction | None = None
    per_swap: SoftPenalty | None = None
