"""The brief that `brief_file` of `[fit]` names: a text file next to the campaign file."""

from __future__ import annotations

import json
from pathlib import Path

from msgspec.structs import replace

from microopt.campaign.fit_settings import FitInput
from microopt.errors import CampaignError
from microopt.files.reading import STANDARD_INPUT, read_file
from microopt.quantities.size_limits import MAX_BRIEF_CHARACTERS

MOST_BYTES = 4 * MAX_BRIEF_CHARACTERS  # of UTF-8
FIX = 'give the path of a short text file, such as brief_file = "brief.txt", or its words as brief = "..."'


def with_brief(campaign_file: str, fit: FitInput) -> FitInput:
    """Return the table with the words of the file that it names, from the folder of the campaign file.

    Raises
    ------
    CampaignError
        If the file cannot be read, is not UTF-8 text, or is too long.
    """
    if fit.brief_file is None or fit.brief is not None:  # both is a fault of the table
        return fit
    named = Path(campaign_file).parent / fit.brief_file
    path = f"./{named}" if str(named) == STANDARD_INPUT else str(named)
    shown = f"[fit]: brief_file = {json.dumps(fit.brief_file, ensure_ascii=False)}"
    if "\0" in path or named.is_dir() or (named.exists() and not named.is_file()):
        raise CampaignError(f"{shown} is not the path of a text file", fix=FIX, code="fit-brief")
    try:
        data = read_file(path, most=MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CampaignError(f"{shown} cannot be read: {reason}", fix=FIX, code="file-missing") from None
    if len(data) > MOST_BYTES:
        message = f"{shown} is larger than {MOST_BYTES:,} bytes"
        raise CampaignError(message, fix=FIX, code="fit-brief")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        fix = 'save it as plain text with the encoding "UTF-8", without pictures and layout'
        raise CampaignError(f"{shown} is not UTF-8 text", fix=fix, code="fit-brief")
    return replace(fit, brief=text, brief_file=None)
