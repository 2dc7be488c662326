"""Flags, campaign file and roster -> Campaign and Roster, the roster's errors before the campaign's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from microopt.campaign import Campaign
from microopt.errors import CampaignError, RosterError, UsageError
from microopt.readers.options import ReadOptions
from microopt.readers.roster_reader import read_roster
from microopt.roster import Roster
from microopt.settings import Settings, campaign_of


def load(
    path: str, flags: Settings, campaign_path: str | None, *, skip_bad_rows: bool = False, budget_needed: bool = True
) -> tuple[Roster, Campaign, str | None]:
    """Return the roster, the campaign, and the SHA-256 of the campaign file.

    Raises
    ------
    RosterError
        If the roster is wrong, also when the campaign is too; it then carries the faults of both.
    CampaignError, UsageError
        If only the campaign is wrong.
    """
    try:
        campaign, digest = _campaign(flags, campaign_path, budget_needed)
    except (CampaignError, UsageError) as wrong:
        try:
            read_roster(path, ReadOptions(fees_required=not flags.estimate_fees, skip_bad_rows=skip_bad_rows))
        except RosterError as error:
            faults = (*error.faults, *wrong.faults)
            raise RosterError(error.message, fix=error.fix, code=error.code, faults=faults) from None
        raise
    options = ReadOptions(fees_required=not campaign.estimate_fees, skip_bad_rows=skip_bad_rows)
    return read_roster(path, options), campaign, digest


def _campaign(flags: Settings, path: str | None, budget_needed: bool) -> tuple[Campaign, str | None]:
    file, digest = Settings(), None
    if path is not None:
        from microopt.readers.campaign_file import read_campaign_file

        file, digest = read_campaign_file(path)
    return campaign_of(flags.over(file), budget_needed=budget_needed), digest


def pairs(written: Sequence[str], flag: str) -> dict[str, str]:
    """Read `METRIC=MONEY` flags.

    Raises
    ------
    UsageError
        If one has no `=`.
    """
    return dict(_pairs(written, flag))


def _pairs(written: Sequence[str], flag: str) -> Iterator[tuple[str, str]]:
    for text in written:
        name, equals, amount = text.partition("=")
        if not equals or not name or not amount:
            raise UsageError(
                f"{flag} {text!r} is not of the form METRIC=MONEY", fix=f"write it like {flag} conversions=30"
            )
        yield name.strip(), amount.strip()
