"""Flags, campaign file and roster -> Campaign and Roster, the roster's errors before the campaign's."""

from __future__ import annotations

from math import isnan

from msgspec import Struct

from microopt.campaign.campaign import Campaign
from microopt.campaign.inputs import CampaignInput
from microopt.cli.options import CampaignOptions, ReadingOptions, SolveOptions
from microopt.cli.progress import Progress
from microopt.errors import CampaignError, MicrooptError, RosterError, UsageError
from microopt.quantities.parse_and_format import parse_size
from microopt.readers.campaign_file import campaign_from_input, read_campaign_file
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend


class Inputs(Struct, frozen=True, kw_only=True, eq=False):
    """All that an analysis starts from.

    Attributes
    ----------
    campaign_sha256
        Of the campaign file, None where there is none.
    """

    solver: Backend
    roster: Roster
    campaign: Campaign
    campaign_sha256: str | None


def load_inputs(roster: str, options: CampaignOptions, solve: SolveOptions, progress: Progress) -> Inputs:
    """Return the solver, the roster and the campaign, once all that is asked for can be done.

    Raises
    ------
    MicrooptError
        If a flag, the roster or the campaign is wrong.
    """
    refuse_nan(("--time-limit", solve.time_limit), ("--gap", solve.gap))
    solver = solve.backend()
    progress.report("reading the roster")
    loaded, campaign, sha256 = load(roster, options)
    return Inputs(solver=solver, roster=loaded, campaign=campaign, campaign_sha256=sha256)


def load(path: str, options: CampaignOptions, *, budget_needed: bool = True) -> tuple[Roster, Campaign, str | None]:
    """Return the roster, the campaign, and the SHA-256 of the campaign file.

    Raises
    ------
    RosterError
        If the roster is wrong, also when the campaign is too; it then carries the faults of both.
    CampaignError, UsageError
        If only the campaign is wrong.
    """
    settings, sha256 = options.settings, None
    try:
        if options.campaign_file is not None:
            file, sha256 = read_campaign_file(options.campaign_file)
            settings = settings.over(file)
        campaign = campaign_from_input(settings, budget_needed=budget_needed)
    except (CampaignError, UsageError) as error:
        _add_roster_faults(path, settings, options.reading, error)
        raise
    return read_roster(path, read_options(campaign, options.reading)), campaign, sha256


def read_options(campaign: Campaign, reading: ReadingOptions) -> ReadOptions:
    """Return how the roster of a campaign is read."""
    return ReadOptions(
        fees_required=not campaign.estimate_fees,
        skip_bad_rows=reading.skip_bad_rows,
        sheet=reading.sheet,
        max_unpacked=parse_size(reading.max_unpacked),
        encoding=campaign.encoding,
        columns=campaign.columns,
        lists=campaign.lists,
        units=campaign.units,
        currency=campaign.currency,
        exchange=campaign.exchange,
    )


def _add_roster_faults(path: str, settings: CampaignInput, reading: ReadingOptions, wrong: MicrooptError) -> None:
    """Raise the faults of both where the roster is wrong as well, read with what is known of the campaign."""
    minimal = CampaignInput(budget="1", estimate_fees=settings.estimate_fees, columns=settings.columns)
    try:
        read_roster(path, read_options(campaign_from_input(minimal), reading))
    except RosterError as error:
        faults = (*error.faults, *wrong.faults)
        raise RosterError(error.message, fix=error.fix, code=error.code, faults=faults) from None


def refuse_nan(*flags: tuple[str, float]) -> None:
    """Refuse flags that are not a number.

    Raises
    ------
    UsageError
        If one is not.
    """
    for flag, number in flags:
        if isnan(number):
            raise UsageError(f"{flag} {number} is not a number", fix="give a number such as 60, or leave the flag out")
