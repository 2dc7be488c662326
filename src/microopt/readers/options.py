"""The options of reading a file."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from msgspec import Struct, field

from microopt.campaign.calendar import Calendar
from microopt.campaign.campaign import TIER_PRESETS, Campaign, TierBands
from microopt.campaign.target_audience import TargetAudience
from microopt.readers.words.vocabulary import ROSTER, Vocabulary

MAX_UNPACKED = 4 * 1024**3  # bytes
MAX_RATIO = 200  # unpacked bytes per packed byte, where they are more than UNPACKED_WITHOUT_RATIO
UNPACKED_WITHOUT_RATIO = 64 * 1024**2  # bytes


class ReadOptions(Struct, frozen=True, kw_only=True):
    """How a roster is to be read; a field with the name of a campaign's setting has its value.

    Attributes
    ----------
    fees_required
        Whether an empty fee is a fault; otherwise the fee is estimated later.
    agreed_fees
        Names of creators and selectors of offers for which the campaign agreed on an amount, so that none is missing.
    tiers_of_fees
        The tiers that these selectors name.
    skip_bad_rows
        Leave out rows with faults, and keep account of them.
    sheet
        Name or number (from 1) of a workbook's sheet; by default the first that holds creators.
    encoding
        Of a delimited text, as `codecs` names it, or None if it is to be detected.
    columns
        The column of each header that no alias covers, by header; `ignore` sets it aside.
    platform_default
        The platform of offers for which the file names none, or None.
    lists
        What divides the values within the cells of a column, by column; an empty text keeps its cells whole.
    units
        `percent` or `fraction` by column, where the unit inferred from the values is wrong.
    decimal
        The decimal mark, `.` or `,`, where the file does not show it.
    currency
        Code of the campaign's currency, or None.
    exchange
        The value of one unit of each other currency in the campaign's currency.
    quotes
        Which end of a range of fees is taken: `high`, `middle` or `low`.
    target_audience
        Whose shares of each audience are read, or None for no shares.
    posts
        Path of a file of past posts, whose summaries become part of the roster, or None.
    calendar
        The waves for which the days on which creators are available are read, or None for no dates.
    days_without_calendar
        Whether these days are read without one too: whoever checks a list may yet plan waves.
    forecast
        Figures that replace defaults of the forecast, by which posts are summarized.
    max_unpacked
        Bytes that a compressed file may unpack to.
    vocabulary
        The columns that the file may have.
    headers_elsewhere
        Headers of the campaign's other files, which `columns` may name as well.
    """

    fees_required: bool = True
    agreed_fees: tuple[str, ...] = ()
    tiers_of_fees: TierBands = TIER_PRESETS["default"]
    skip_bad_rows: bool = False
    sheet: str | None = None
    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    platform_default: str | None = None
    lists: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    decimal: str | None = None
    currency: str | None = None
    exchange: Mapping[str, Fraction] = field(default_factory=dict)
    quotes: str = "high"
    target_audience: TargetAudience | None = None
    posts: str | None = None
    calendar: Calendar | None = None
    days_without_calendar: bool = False
    forecast: Mapping[str, Any] = field(default_factory=dict)
    max_unpacked: int = MAX_UNPACKED
    vocabulary: Vocabulary = ROSTER
    headers_elsewhere: tuple[str, ...] = ()


CAMPAIGN_SETTINGS = tuple(name for name in ReadOptions.__struct_fields__ if name in Campaign.__struct_fields__)


def headers_of_earlier_files(campaign: Campaign) -> tuple[str, ...]:
    """Return the headers that `[columns]` of a plan's campaign may name because a file of an earlier replan had them.

    They were checked when it was read; the first plan of a campaign has no such file.
    """
    return () if campaign.running is None else tuple(campaign.columns)


def roster_options(campaign: Campaign, *, skip_bad_rows: bool, sheet: str | None, max_unpacked: int) -> ReadOptions:
    """Return how the roster of a campaign is read, for its plan and for every check of that plan."""
    return ReadOptions(
        fees_required=not campaign.estimate_fees,
        agreed_fees=tuple(name for name, fee in campaign.fees.items() if fee.amount is not None),
        tiers_of_fees=campaign.tiers,
        skip_bad_rows=skip_bad_rows,
        sheet=sheet,
        max_unpacked=max_unpacked,
        headers_elsewhere=headers_of_earlier_files(campaign),
        **{name: getattr(campaign, name) for name in CAMPAIGN_SETTINGS},
    )
