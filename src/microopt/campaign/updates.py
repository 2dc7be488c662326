"""The inputs of a replan: news since the last plan was made, and how much of that plan may change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from msgspec import Struct, field

from microopt.campaign.campaign import Campaign, SoftPenalty
from microopt.campaign.progress import Contract, DayResults, PostResults


class SourceFile(Struct, frozen=True, kw_only=True):
    """What a file states about creators, and in which row.

    Attributes
    ----------
    path
        As the user wrote it.
    sha256
        Of the bytes read, as hexadecimal text.
    header
        The file's own header of the column of creators.
    headers
        All headers of the file.
    rows
        By match key of the creator: the first row about them, numbered as in a spreadsheet.
    notes
        What was assumed or dropped, in sentences.
    """

    path: str
    sha256: str
    header: str = "creator"
    headers: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class ReplanRequest(Struct, frozen=True, kw_only=True):
    """The inputs of a replan besides the last plan and the roster.

    Attributes
    ----------
    made_at
        The time of the replan, as ISO 8601 in UTC, to the second.
    contracts, contract_rows, states_file
        Contract states, the row of each, and their file; without a file those of the last plan apply.
    results, results_by_day, results_file
        All results so far, those with a date by day, and their file; without a file those of the last plan apply.
    as_of
        The day up to which the results count.
    campaign, campaign_sha256
        A new campaign that replaces the last plan's; its budget is for the whole campaign.
    starts, ends
        The campaign's new first and last day, or None if unchanged.
    budget
        Cents for the whole campaign, or None if unchanged.
    posts
        Path of a new file of past posts, or None if unchanged.
    min_kept_share
        The share of the last plan's creators who must stay, among those who are still available.
    swap_penalty
        What replacing one of them must gain at least, or None.
    today, reply_days
        The day by which offers may have lapsed, by default that of `made_at`; how many days a creator has to answer
        where nobody says until when.
    notes
        What is to be told of these inputs, in sentences.
    allotted
        The campaign of tonight within what a portfolio leaves to it, or None for all that it asks for.
    """

    made_at: str
    contracts: tuple[Contract, ...] = ()
    contract_rows: tuple[int, ...] = ()
    states_file: SourceFile | None = None
    results: tuple[PostResults, ...] = ()
    results_by_day: tuple[DayResults, ...] = ()
    results_file: SourceFile | None = None
    as_of: date | None = None
    campaign: Campaign | None = None
    campaign_sha256: str | None = None
    starts: date | None = None
    ends: date | None = None
    budget: int | None = None
    posts: str | None = None
    min_kept_share: Fraction | None = None
    swap_penalty: SoftPenalty | None = None
    today: date | None = None
    reply_days: int = 3
    notes: tuple[str, ...] = ()
    allotted: Campaign | None = None
