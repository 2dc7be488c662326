"""The flags and files of a nightly run -> what has come in since the last plan."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from microopt.benchmarks.overrides import overridden
from microopt.benchmarks.table import default_benchmarks, half_life
from microopt.campaign.campaign import Campaign, SoftPenalty
from microopt.campaign.progress import ResultRow
from microopt.campaign.rule_grammar import parse_rule
from microopt.campaign.settings import campaign_from_input
from microopt.campaign.updates import ReplanRequest
from microopt.cli.load import RosterFlags, options_of
from microopt.cli.replan_request import ReplanOptions
from microopt.errors import CampaignError, RosterError, UsageError
from microopt.inflight.update_campaign import total_budget
from microopt.quantities.parse_and_format import read_money, read_share, read_size
from microopt.readers.campaign_file import read_campaign_file
from microopt.readers.contract_states import States, read_states
from microopt.readers.plan_document import PlanFile, campaign_of_plan, read_plan
from microopt.readers.results import read_results
from microopt.readers.roster import read_roster
from microopt.roster.roster import Roster
from microopt.verification.reopen import roster_path


class ReplanInputs(Struct, frozen=True, kw_only=True, eq=False):
    """All that a run reads.

    Attributes
    ----------
    daily
        The results row by row, for the store.
    """

    last: PlanFile
    roster: Roster
    tonight: ReplanRequest
    daily: tuple[ResultRow, ...] = ()


def read_replan_inputs(night: ReplanOptions) -> ReplanInputs:
    """Read the last plan, the roster, and what has come in.

    Raises
    ------
    UsageError, CampaignError
        If a flag, the last plan or the campaign file is wrong.
    RosterError
        If the roster, the states or the results are.
    """
    last = _last(night)
    before = campaign_of_plan(last)
    asked, digest = _asked(night, before)
    dated = _dated(night, asked or before)
    options = options_of(dated, _flags(night, last))
    roster = read_roster(roster_path(last, night.roster), options)
    options = replace(options, sheet=None)  # which is the roster's
    as_of = _day("--as-of", night.as_of)
    tonight = ReplanRequest(
        on=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        campaign=asked,
        campaign_sha256=digest,
        starts=_day("--starts", night.starts),
        ends=_day("--ends", night.ends),
        budget=None if night.budget is None else read_money(night.budget, "budget"),
        keep=_share(night.keep_at_least),
        per_swap=_worth(night.swap_worth),
        as_of=as_of,
    )
    if night.states is not None:
        told = read_states(night.states, options)
        _refuse_currency(told, dated.currency or roster.currency or last.document.campaign.currency)
        tonight = replace(tonight, contracts=told.contracts, states=told)
    if night.results is None:
        return ReplanInputs(last=last, roster=roster, tonight=tonight)
    benchmarks = overridden(default_benchmarks(), dated.forecast)
    found = read_results(
        night.results,
        options,
        starts=dated.starts,
        ends=dated.ends,
        as_of=as_of,
        half_life=lambda platform: half_life(benchmarks, platform),
    )
    tonight = replace(tonight, actuals=found.actuals, results=found, as_of=found.as_of)
    return ReplanInputs(last=last, roster=roster, tonight=tonight, daily=found.daily)


def _refuse_currency(told: States, home: str) -> None:
    if told.currency is not None and told.currency != home:
        message = f"{told.path} tells money in {told.currency}, and the campaign is in {home}"
        fix = f"write fee and paid in {home}"
        raise RosterError(message, fix=fix, code="states-currency")


def _last(night: ReplanOptions) -> PlanFile:
    last = read_plan(night.plan)
    if not last.sealed:
        message = f"{last.path} was altered after it was written: what it says of the campaign cannot be relied on"
        fix = f"see what is false with microopt verify {last.path}, or go on from a plan of its history"
        raise UsageError(message, fix=fix, code="plan-altered")
    return last


def _flags(night: ReplanOptions, last: PlanFile) -> RosterFlags:
    """Return how the roster is read: as it was for the last plan, unless it is told otherwise."""
    said = last.document.roster
    return RosterFlags(
        skip_bad_rows=night.skip_bad_rows or said.skip_bad_rows,
        sheet=night.sheet or said.sheet,
        max_unpacked=read_size(night.max_unpacked),
    )


def _asked(night: ReplanOptions, before: Campaign) -> tuple[Campaign | None, str | None]:
    """Return what a campaign file asks instead of the last plan, and its SHA-256."""
    if night.campaign is None:
        return None, None
    settings, digest = read_campaign_file(night.campaign)
    whole = total_budget(before)
    as_before = whole is not None and settings.budget is None and not settings.target
    asked = campaign_from_input(settings, budget_needed=not as_before)
    return (replace(asked, budget=whole) if as_before else asked), digest


def _dated(night: ReplanOptions, asked: Campaign) -> Campaign:
    starts, ends = _day("--starts", night.starts) or asked.starts, _day("--ends", night.ends) or asked.ends
    if starts is not None and ends is not None and ends < starts:
        raise UsageError(
            f"the campaign ends on {ends}, before it starts on {starts}", fix="swap them", code="dates-order"
        )
    return replace(asked, starts=starts, ends=ends)


def _day(flag: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{flag} {text!r} is no date", fix=f"write it like {flag} 2026-11-26") from None


def _share(text: str | None) -> Fraction | None:
    if text is None:
        return None
    try:
        return read_share(text)
    except ValueError:
        fix = "write it like --keep-at-least 80%"
        raise UsageError(f"--keep-at-least {text!r} is no share", fix=fix) from None


def _worth(text: str | None) -> SoftPenalty | None:
    """Read what a swap must bring, as the grammar reads what a soft rule costs."""
    if text is None:
        return None
    try:
        rule = parse_rule(f"all count >= 1 (soft {text.strip()})")
    except CampaignError:
        fix = "write it like --swap-worth 0.5%, or 200 in the goal's units"
        raise UsageError(f"--swap-worth {text!r} is no worth", fix=fix) from None
    soft: SoftPenalty | None = getattr(rule, "soft", None)
    return soft
