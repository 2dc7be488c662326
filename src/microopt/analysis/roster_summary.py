"""Summarize a roster: its columns as understood, the counts and ranges of their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.forecast.cost import dollar_rate
from microopt.forecast.deliverables import unknown_platform_notes, unknown_platforms
from microopt.forecast.fit import NOT_YET, FitTable, fit_table
from microopt.forecast.plausibility import find_suspicions
from microopt.plan.plan import RosterFacts
from microopt.plan.row_notes import RowNote, row_notes
from microopt.planning.build_problem import build_problem, for_roster_analysis
from microopt.quantities.parse_and_format import format_names
from microopt.roster.roster import NO_FEE, ColumnUse, Roster, TextColumn
from microopt.roster.suspicion import Suspicion

COUNTED_COLUMNS = ("tier", "platform", "niche", "region")
PAST_POSTS, PAST_CONVERSIONS = "past posts", "past conversions"  # of each offer's creator, in the file of posts
RANGED_COLUMNS = ("followers", "engagement_rate", "engagements", "views", "authentic", "credibility", "acceptance")


class Spread(Struct, frozen=True, kw_only=True):
    """The range of a column: lowest, median, highest, and how many cells are filled."""

    low: float
    median: float
    high: float
    filled: int


class RosterSummary(Struct, frozen=True, kw_only=True):
    """The content of a valid roster.

    Attributes
    ----------
    counts
        By column (tier, niche, platform): how many creators hold each value.
    spreads
        By column: its range; fees in money. Also of the past posts of each offer's creator, where there are any.
    columns
        How each header was understood, and how its cells were read.
    suspicions
        Figures of creators that are hard to believe.
    remarks
        What the reader changed or doubted, by row.
    fit
        How well each niche suits the campaign, or None if it does not say.
    """

    roster: RosterFacts
    counts: Mapping[str, Mapping[str, int]]
    spreads: Mapping[str, Spread]
    columns: tuple[ColumnUse, ...]
    suspicions: tuple[Suspicion, ...] = ()
    remarks: tuple[RowNote, ...] = ()
    fit: FitTable | None = None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "check"


def summarize_roster(roster: Roster, campaign: Campaign) -> RosterSummary:
    """Return a summary of the offers of a roster that the campaign allows.

    Raises
    ------
    CampaignError
        If the campaign does not fit it.
    """
    problem, warnings = build_problem(roster, for_roster_analysis(campaign), bundles=False)
    fit = None if campaign.fit is None else fit_table(roster, campaign.fit)
    roster = problem.roster
    usual_fee = None if dollar_rate(roster, campaign) is None else problem.forecast.public_fees
    fees = np.where(roster.fee == NO_FEE, np.nan, roster.fee / 100)
    columns = {"fee": fees} | {name: roster.numbers[name] for name in RANGED_COLUMNS if name in roster.numbers}
    if roster.posts is not None:
        columns[PAST_POSTS] = np.where(roster.posts.posts > 0, roster.posts.posts, np.nan)
        columns[PAST_CONVERSIONS] = roster.posts.conversions
    unknown = unknown_platforms(roster)
    misspelled = {label: nearest for label, nearest in unknown.items() if nearest}
    others = {label: "" for label in unknown if label not in misspelled}
    return RosterSummary(
        roster=replace(problem.roster_facts, offers=len(roster), creators=roster.creators),
        counts={name: _count_creators(roster, roster.texts[name]) for name in COUNTED_COLUMNS if name in roster.texts},
        spreads={name: _value_spread(values) for name, values in columns.items() if np.isfinite(values).any()},
        columns=roster.columns,
        suspicions=find_suspicions(roster, campaign, usual_fee),
        remarks=row_notes(roster.remarks),
        fit=fit,
        notes=(*roster.notes, *unknown_platform_notes(others)),
        warnings=(*_misspelled_platform_warnings(roster, misspelled), *(each for each in warnings if each != NOT_YET)),
    )


def _misspelled_platform_warnings(roster: Roster, misspelled: Mapping[str, str]) -> Iterator[str]:
    """Yield each platform that may be misspelled, with its rows."""
    for label, nearest in misspelled.items():
        column = roster.texts["platform"]
        rows = np.unique(roster.row[column.codes == column.labels.index(label)]).tolist()
        places = f"{'row' if len(rows) == 1 else 'rows'} {format_names([f'{row:,}' for row in rows])}"
        yield f"{places}: {unknown_platform_notes({label: nearest})[0]}"


def _count_creators(roster: Roster, column: TextColumn) -> dict[str, int]:
    """Return how many creators have each value, the most frequent first."""
    counts: dict[str, int] = {}
    for code in np.unique(column.codes):
        creators = set(np.unique(roster.creator_id[column.codes == code]).tolist())
        for value in column.label_values(int(code)):
            counts[value] = counts.get(value, 0) + len(creators)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _value_spread(values: NDArray[np.float64]) -> Spread:
    finite = values[np.isfinite(values)]
    return Spread(
        low=float(finite.min()), median=float(np.median(finite)), high=float(finite.max()), filled=len(finite)
    )
