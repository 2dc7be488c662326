"""Recognize the table of a plan over waves, which looks like a list of creators with repeated offers."""

from __future__ import annotations

from collections.abc import Iterable

from microopt.campaign.calendar import WAVE
from microopt.errors import RosterError
from microopt.files.reading import STANDARD_INPUT, source_name
from microopt.plan.plan import DAYS
from microopt.quantities.keys import header_key
from microopt.readers.context import open_file
from microopt.readers.options import ReadOptions

FIX = "give the list from which the plan was made; what the plan says is in its JSON: microopt report plan.json"


def are_headers_of_plan(headers: Iterable[str]) -> bool:
    """Whether a table has a wave and the days that a plan suggests."""
    return {header_key(name) for name in (WAVE, *DAYS)} <= {header_key(header) for header in headers}


def plan_as_roster(path: str, options: ReadOptions) -> RosterError | None:
    """Return the error for the table of a plan in the place of a roster; None for another file."""
    if path == STANDARD_INPUT:  # it was read already
        return None
    try:
        headers = open_file(path, options).table.headers
    except RosterError:
        return None
    if not are_headers_of_plan(headers):
        return None
    message = f"{source_name(path)} is the table of a plan, not a roster: it has an offer once for each wave"
    return RosterError(message, fix=FIX, code="roster-plan")
