"""A campaign file (TOML) -> CampaignInput: strictly decoded, every unknown key with a suggestion."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Any

import msgspec
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, Ideal
from microopt.campaign.decline_settings import PastAnswers
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.settings import parse_campaign
from microopt.campaign.target_audience import move_target_keys
from microopt.errors import CampaignError, raise_campaign_faults
from microopt.files.reading import STANDARD_INPUT, read_file
from microopt.quantities.nesting import is_nested_too_deep
from microopt.quantities.size_limits import MAX_CAMPAIGN_BYTES, MAX_KEY_PARTS
from microopt.readers.brief_file import with_brief
from microopt.readers.campaign_dates import read_written_dates
from microopt.readers.campaign_file_faults import key_faults, syntax_error, value_faults
from microopt.readers.nearby_files import suggest_nearby_file

EXAMPLE_FILES = {"posts": "posts.csv", "acceptance_from": "states.csv"}
MAX_NUMBER_BITS = 10_000  # some 3,000 decimal digits; Python writes up to 4,300
# A dotted key of too many parts: tomllib keeps the beginnings of each, which for 20,000 parts take 1.6 GB.
_KEY_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_DEEP_KEY = re.compile(
    rf"(?:^|[\[{{,])[ \t]*+{_KEY_PART}(?:\.[ \t]*+{_KEY_PART}){{{MAX_KEY_PARTS}}}".encode(), re.MULTILINE
)


def read_campaign_file(path: str) -> tuple[CampaignInput, str]:
    """Return the settings of a campaign file, paths in it from its folder, and the SHA-256 of its bytes.

    Raises
    ------
    CampaignError
        If the file is missing, is not TOML, or holds an unknown key or a value of the wrong kind.
    """
    data = _bytes(path)
    if deep := _DEEP_KEY.search(data):
        line = data.count(b"\n", 0, deep.start()) + 1
        raise _too_deep(f"{path}: line {line}")
    try:
        keys = tomllib.loads(data.decode("utf-8-sig"), parse_float=_exactly)
    except RecursionError:
        raise _too_deep(path) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise syntax_error(path, data, error) from None
    except (ValueError, InvalidOperation):  # a number of thousands of digits, or with an exponent of twenty
        raise _out_of_range(path, data) from None
    if is_nested_too_deep(keys):
        raise _too_deep(path)
    if _holds_long_number(keys):
        raise _out_of_range(path, data)
    raise_campaign_faults(key_faults(path, keys), "the campaign file")
    keys = read_written_dates(keys)
    try:
        settings = msgspec.convert(move_target_keys(keys), CampaignInput)
    except msgspec.ValidationError as error:
        raise_campaign_faults(value_faults(path, keys), "the campaign file")
        fix = 'correct the value: budget = 20000, name = "Spring launch", rules = ["all count 5..20"]'
        raise CampaignError(f"campaign file {path}: {error}", fix=fix, code="value-kind") from None
    if settings.audience is not None and not settings.audience.size:
        fix = "give their sizes: size = { beauty = 2_000_000 }"
        raise CampaignError("[audience] has no pools", fix=fix, code="audience-empty")
    ideals = None if settings.ideals is None else _ideals_path(path, settings.ideals)
    posts = None if settings.posts is None else _named_path(path, "posts", settings.posts)
    answers = settings.acceptance_from
    answers = None if answers is None else _named_path(path, "acceptance_from", answers)
    report = settings.report
    if report is not None and report.logo:
        report = replace(report, logo=str(Path(path).parent / report.logo))
    fit = None if settings.fit is None else with_brief(path, settings.fit)
    named = {"ideals": ideals, "posts": posts, "acceptance_from": answers}
    return replace(settings, report=report, fit=fit, **named), sha256(data).hexdigest()


def _holds_long_number(value: Any) -> bool:
    """Whether there is a whole number that Python reads, as a hexadecimal one, and refuses to write."""
    if isinstance(value, int):
        return value.bit_length() > MAX_NUMBER_BITS
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(map(_holds_long_number, parts))


def _ideals_path(path: str, named: str) -> str:
    """Return the path of the plan that a campaign file names; it may not be one that is read for ever."""
    plan = Path(path).parent / named
    if "\0" in named or _is_special(plan):
        message = f"campaign file {path}: ideals = {json.dumps(named)} is not the path of a file"
        fix = 'name the plan that was made with --goal balanced, such as ideals = "plan.json"'
        raise CampaignError(message, fix=fix, code="value-kind")
    return f"./{plan}" if str(plan) == STANDARD_INPUT else str(plan)


def _named_path(path: str, key: str, named: str) -> str:
    """Return the path of a table that a campaign file names, which must be a file."""
    table = Path(path).parent / named
    if "\0" in named or _is_special(table):
        message = f"campaign file {path}: {key} = {json.dumps(named)} is not the path of a file"
        fix = f'name the file from the folder of the campaign file, such as {key} = "{EXAMPLE_FILES[key]}"'
        raise CampaignError(message, fix=fix, code="value-kind")
    return str(table)


def _is_special(plan: Path) -> bool:
    """Whether a path is that of a folder, a pipe or a device."""
    try:
        return not S_ISREG(plan.stat().st_mode)
    except OSError:  # reading it says why
        return False


def _out_of_range(path: str, data: bytes) -> CampaignError:
    return syntax_error(path, data, ValueError("it has a number that is out of range"))


def _too_deep(place: str) -> CampaignError:
    message = f"campaign file {place} has lists or tables that are nested too deep"
    return CampaignError(
        message, fix='write each line as key = value, such as rules = ["all count 5..20"]', code="file-syntax"
    )


def campaign_from_input(settings: CampaignInput, *, budget_needed: bool = True) -> Campaign:
    """Return the campaign that settings mean, measured by the ideals of the plan that they name.

    Parameters
    ----------
    budget_needed
        Whether a missing budget is an error (else it is 0).

    Raises
    ------
    CampaignError
        With everything that is wrong by itself.
    UsageError
        If the named plan is missing, is not a plan, or its goal was not the balanced one.
    RosterError
        If the named file of earlier answers cannot be read.
    """
    ideals: tuple[Ideal, ...] = ()
    if settings.ideals is not None:
        from microopt.readers.plan_file import read_ideals  # all kinds of JSON, which most campaigns do not need

        ideals = read_ideals(settings.ideals)
    past_answers: tuple[PastAnswers, ...] = ()
    if settings.acceptance_from is not None:
        from microopt.readers.past_answers import read_past_answers  # tables, which most campaigns do not name

        past_answers = read_past_answers(settings.acceptance_from)
    return parse_campaign(settings, budget_needed=budget_needed, ideals=ideals, past_answers=past_answers)


def digest_of_campaign_file(path: str) -> str:
    """Return the SHA-256 of a campaign file's bytes, whatever they say.

    Raises
    ------
    CampaignError
        If the file is missing.
    """
    return sha256(_bytes(path)).hexdigest()


def _bytes(path: str) -> bytes:
    try:
        data = read_file(path, most=MAX_CAMPAIGN_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        fix = suggest_nearby_file(path, ".toml") or "check the path, or create an example with microopt init"
        raise CampaignError(f"campaign file {path} cannot be read: {reason}", fix=fix, code="file-missing") from None
    if len(data) > MAX_CAMPAIGN_BYTES:
        message = f"campaign file {path} is larger than {MAX_CAMPAIGN_BYTES:,} bytes"
        fix = "give your list first, and a campaign file after -c; name many creators by a column: --where group:a"
        raise CampaignError(message, fix=fix, code="file-too-large")
    return data


def _exactly(text: str) -> str:
    """Keep a decimal number as text, so that money stays exact."""
    return str(Decimal(text.replace("_", "")))
