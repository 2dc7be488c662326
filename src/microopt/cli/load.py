"""Flags, campaign file and roster -> Campaign and Roster, the campaign's errors before the roster's and alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from math import isnan
from shlex import quote

from msgspec import Struct

from microopt.campaign.campaign import Campaign
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.layered_settings import lay_over
from microopt.campaign.target_audience import TABLE_KEYS
from microopt.campaign.written_money import (
    amount_in_another_currency,
    contradicting_currencies,
    describe_thousands,
    find_campaign_currency,
    refuse_other_currency,
    written_amounts,
)
from microopt.cli.console import write
from microopt.cli.options import CampaignOptions, ReadingOptions, SolveOptions
from microopt.cli.progress import Progress
from microopt.cli.time_limit import limited_reading
from microopt.errors import CampaignError, Fault, MicrooptError, RosterError, UsageError
from microopt.files.reading import source_name
from microopt.quantities.parse_and_format import parse_size
from microopt.readers.campaign_file import campaign_from_input, read_campaign_file
from microopt.readers.options import CAMPAIGN_SETTINGS, ReadOptions, roster_options
from microopt.readers.roster import read_roster
from microopt.rendering.wording.full_stop import end_sentence
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend

RosterReader = Callable[[str, ReadOptions], Roster]
# What a campaign says about how its roster is read; its decimal mark is under [numbers].
READING_KEYS = {*CAMPAIGN_SETTINGS, "estimate_fees", "fees", "tiers", "numbers", *TABLE_KEYS.values()}
READING_KEYS -= {"decimal", "target_audience"}


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


def load_inputs(
    roster: str,
    options: CampaignOptions,
    solve: SolveOptions,
    progress: Progress,
    amounts: Sequence[tuple[str, str]] = (),
    read: RosterReader = read_roster,
) -> Inputs:
    """Return the solver, the roster and the campaign, once all that is asked for can be done.

    Parameters
    ----------
    amounts
        Further amounts of the command line, each with its flag, which are in the campaign's currency too.
    read
        Reads the roster.

    Raises
    ------
    MicrooptError
        If a flag, the roster or the campaign is wrong.
    """
    refuse_nan(("--time-limit", solve.time_limit), ("--gap", solve.gap))
    solver = solve.backend()
    progress.report("reading the roster")
    with limited_reading(solve.time_limit):
        loaded, campaign, sha256 = load(roster, options, amounts=amounts, note=progress.note, read=read)
    refuse_other_currency(amounts, campaign.currency or loaded.currency or "USD")
    return Inputs(solver=solver, roster=loaded, campaign=campaign, campaign_sha256=sha256)


def _write_note(text: str) -> None:
    write(sys.stderr, f"Note: {end_sentence(text)}\n")


def load(
    path: str,
    options: CampaignOptions,
    *,
    budget_needed: bool = True,
    list_all: bool = False,
    amounts: Sequence[tuple[str, str]] = (),
    note: Callable[[str], None] = _write_note,
    read: RosterReader = read_roster,
) -> tuple[Roster, Campaign, str | None]:
    """Return the roster, the campaign, and the SHA-256 of the campaign file.

    Parameters
    ----------
    list_all
        With a wrong campaign, list what is wrong with the roster behind it, as far as the roster can be read.
    amounts
        Further amounts of the command line, each with its flag.
    note
        Takes a sentence on what was assumed of the command line and the campaign file.
    read
        Reads the roster.

    Raises
    ------
    CampaignError, UsageError
        If the campaign is wrong, whatever the roster is.
    RosterError
        If only the roster is wrong.
    """
    settings, sha256 = options.settings, None
    if options.campaign_file is not None:
        file, sha256 = read_campaign_file(options.campaign_file)
        settings = lay_over(settings, file)
    try:
        campaign = campaign_from_input(settings, budget_needed=budget_needed)
    except (CampaignError, UsageError) as error:
        if error.code == "budget-missing" and _is_json(path):
            read(path, ReadOptions())  # of a plan in the place of its list, that is what is wrong
        faults = _roster_faults(path, settings, options.reading) if list_all else ()
        raise (_join(error, path, faults) if faults else error) from None
    if assumed := describe_thousands([*amounts, *written_amounts(settings)]):
        note(assumed)
    reading = read_options(campaign, options.reading)
    try:
        return read(path, reading), campaign, sha256
    except RosterError as error:
        other = amount_in_another_currency(settings, error.faults) or _other_file(path, reading, error)
        raise (other or error) from None


def _is_json(path: str) -> bool:
    """Whether the name of a file is that of a plan, or of another file of JSON."""
    return path.casefold().endswith(".json")


def _other_file(path: str, reading: ReadOptions, error: RosterError) -> RosterError | None:
    """Return the error for a plan's table or a file of posts in the place of the roster: they seem to repeat offers."""
    if all(fault.code != "offer-twice" for fault in error.faults):
        return None
    from microopt.readers.creators_of_posts import is_file_of_posts
    from microopt.readers.table_of_plan import plan_as_roster

    if table_of_plan := plan_as_roster(path, reading):
        return table_of_plan
    if not is_file_of_posts(path, reading):
        return None
    message = f"{source_name(path)} looks like a file of posts, not a roster: it has several dated rows of a creator"
    fix = f"give the roster first, and this file after --posts: roster.csv --posts {quote(path)}"
    return RosterError(message, fix=fix, code="roster-posts")


def _roster_faults(path: str, settings: CampaignInput, reading: ReadingOptions) -> Sequence[Fault]:
    """Return what is wrong with the roster of a wrong campaign, as far as that campaign says how to read it."""
    keys = READING_KEYS if settings.fees else READING_KEYS - {"tiers"}  # of which only agreed fees make any use
    said = {name: getattr(settings, name) for name in keys} | {"currency": find_campaign_currency(settings)}
    if any(contradicting_currencies(settings)):
        return ()
    try:
        campaign = campaign_from_input(CampaignInput(**said), budget_needed=False)
        read_roster(path, read_options(campaign, reading))
    except RosterError as error:
        return error.faults
    except MicrooptError:
        pass
    return ()


def _join(wrong: MicrooptError, path: str, faults: Sequence[Fault]) -> MicrooptError:
    """Return the error of a wrong campaign with the faults of the roster behind its own."""
    count = len(wrong.faults) + len(faults)
    places = f"{len(wrong.faults):,} of them in the campaign and {len(faults):,} in {source_name(path)}"
    message = f"{count:,} problems found, {places}"
    fix = "correct the campaign first, then run microopt check again"
    return type(wrong)(message, fix=fix, code=wrong.code, faults=(*wrong.faults, *faults))


def read_options(campaign: Campaign, reading: ReadingOptions) -> ReadOptions:
    """Return how the roster of a campaign is read."""
    max_unpacked = parse_size(reading.max_unpacked)
    return roster_options(campaign, skip_bad_rows=reading.skip_bad_rows, sheet=reading.sheet, max_unpacked=max_unpacked)


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
