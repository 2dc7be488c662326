"""A campaign file (TOML) -> CampaignInput: strictly decoded, every unknown key with a suggestion."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, Ideal
from microopt.campaign.decline_settings import PastAnswers
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.settings import parse_campaign
from microopt.campaign.target_audience import move_target_keys
from microopt.errors import CampaignError, raise_campaign_faults
from microopt.files.reading import STANDARD_INPUT
from microopt.readers.brief_file import with_brief
from microopt.readers.campaign_dates import read_written_dates
from microopt.readers.campaign_file_faults import key_faults, refuse_portfolio, value_faults
from microopt.readers.toml_file import is_special, read_toml, read_toml_bytes

EXAMPLE_FILES = {"posts": "posts.csv", "acceptance_from": "states.csv"}


def read_campaign_file(path: str) -> tuple[CampaignInput, str]:
    """Return the settings of a campaign file, paths in it from its folder, and the SHA-256 of its bytes.

    Raises
    ------
    CampaignError
        If the file is missing, is not TOML, or holds an unknown key or a value of the wrong kind.
    """
    file = read_toml(path)
    keys = file.keys
    refuse_portfolio(path, keys)
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
    return replace(settings, report=report, fit=fit, **named), file.sha256


def _ideals_path(path: str, named: str) -> str:
    """Return the path of the plan that a campaign file names; it may not be one that is read for ever."""
    plan = Path(path).parent / named
    if "\0" in named or is_special(plan):
        message = f"campaign file {path}: ideals = {json.dumps(named)} is not the path of a file"
        fix = 'name the plan that was made with --goal balanced, such as ideals = "plan.json"'
        raise CampaignError(message, fix=fix, code="value-kind")
    return f"./{plan}" if str(plan) == STANDARD_INPUT else str(plan)


def _named_path(path: str, key: str, named: str) -> str:
    """Return the path of a table that a campaign file names, which must be a file."""
    table = Path(path).parent / named
    if "\0" in named or is_special(table):
        message = f"campaign file {path}: {key} = {json.dumps(named)} is not the path of a file"
        fix = f'name the file from the folder of the campaign file, such as {key} = "{EXAMPLE_FILES[key]}"'
        raise CampaignError(message, fix=fix, code="value-kind")
    return str(table)


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
    return sha256(read_toml_bytes(path)).hexdigest()
