"""Flags, campaign file and roster -> Campaign and Roster, the roster's errors before the campaign's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from microopt.campaign.campaign import Campaign
from microopt.campaign.settings import CampaignInput, campaign_from_input
from microopt.errors import CampaignError, MicrooptError, RosterError, UsageError
from microopt.readers.campaign_file import read_campaign_file
from microopt.readers.options import MAX_UNPACKED, ReadOptions
from microopt.readers.roster import read_roster
from microopt.roster.roster import Roster


class RosterFlags(Struct, frozen=True, kw_only=True):
    """The flags that say how a roster is read, beside what the campaign file says of it."""

    skip_bad_rows: bool = False
    sheet: str | None = None
    max_unpacked: int = MAX_UNPACKED


def load(
    path: str, flags: CampaignInput, campaign_path: str | None, how: RosterFlags, *, budget_needed: bool = True
) -> tuple[Roster, Campaign, str | None]:
    """Return the roster, the campaign, and the SHA-256 of the campaign file.

    Raises
    ------
    RosterError
        If the roster is wrong, also when the campaign is too; it then carries the faults of both.
    CampaignError, UsageError
        If only the campaign is wrong.
    """
    settings, digest = flags, None
    try:
        if campaign_path is not None:
            file, digest = read_campaign_file(campaign_path)
            settings = flags.over(file)
        campaign = campaign_from_input(settings, budget_needed=budget_needed)
    except (CampaignError, UsageError) as wrong:
        _look_at_roster_too(path, settings, how, wrong)
        raise
    return read_roster(path, options_of(campaign, how)), campaign, digest


def options_of(campaign: Campaign, how: RosterFlags) -> ReadOptions:
    """Return how a roster of a campaign is read."""
    return ReadOptions(
        fees_required=not campaign.estimate_fees,
        skip_bad_rows=how.skip_bad_rows,
        sheet=how.sheet,
        max_unpacked=how.max_unpacked,
        columns=campaign.columns,
        units=campaign.units,
        currency=campaign.currency,
        exchange=campaign.exchange,
    )


def _look_at_roster_too(path: str, settings: CampaignInput, how: RosterFlags, wrong: MicrooptError) -> None:
    """Raise the faults of both where the roster is wrong as well, read with what can be told of the campaign."""
    bare = CampaignInput(budget="1", estimate_fees=settings.estimate_fees, columns=settings.columns)
    try:
        read_roster(path, options_of(campaign_from_input(bare), how))
    except RosterError as error:
        faults = (*error.faults, *wrong.faults)
        raise RosterError(error.message, fix=error.fix, code=error.code, faults=faults) from None


def pairs(written: Sequence[str], flag: str) -> dict[str, str]:
    """Read `METRIC=MONEY` flags.

    Raises
    ------
    UsageError
        If one has no `=`.
    """
    read: dict[str, str] = {}
    for name, amount in _pairs(written, flag):
        if name in read:
            raise UsageError(f"{flag} gives {name} twice", fix="give each once", code="given-twice")
        read[name] = amount
    return read


def pools(written: Sequence[str]) -> tuple[str | None, dict[str, str]]:
    """Read `COLUMN:VALUE=PEOPLE` flags: the column, which must be one, and the people by value.

    Raises
    ------
    UsageError
        If one is of another form, or names another column.
    """
    columns, sizes = [], {}
    for text in written:
        pool, equals, people = text.rpartition("=")
        column, colon, value = pool.partition(":")
        if not (equals and colon and column.strip() and value.strip() and people.strip()):
            fix = "write it like --audience niche:beauty=2M"
            raise UsageError(f"--audience {text!r} is not of the form COLUMN:VALUE=PEOPLE", fix=fix)
        if value.strip().strip('"') in sizes:
            raise UsageError(f"--audience gives {value.strip()} twice", fix="give each pool once", code="given-twice")
        columns.append(column.strip())
        sizes[value.strip().strip('"')] = people.strip()
    if len({column.casefold() for column in columns}) > 1:
        fix = "take all pools from one column"
        raise UsageError(f"--audience names the columns {' and '.join(dict.fromkeys(columns))}", fix=fix)
    return next(iter(columns), None), sizes


def _pairs(written: Sequence[str], flag: str) -> Iterator[tuple[str, str]]:
    for text in written:
        name, equals, amount = text.partition("=")
        if not equals or not name or not amount:
            raise UsageError(
                f"{flag} {text!r} is not of the form METRIC=AMOUNT", fix=f"write it like {flag} conversions=30"
            )
        yield name.strip(), amount.strip()
