"""The options and files of a nightly run -> what has changed since the last plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from shlex import quote

from msgspec import Struct
from msgspec.structs import replace

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import default_benchmarks, half_life_days
from microopt.campaign.campaign import Campaign, SoftPenalty
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.kept_reading import keep_reading_settings
from microopt.campaign.progress import ResultRow
from microopt.campaign.rule_grammar import parse_rule
from microopt.campaign.updates import ReplanRequest, SourceFile
from microopt.campaign.written_money import refuse_other_currency, written_amounts
from microopt.cli.load import RosterReader, read_options
from microopt.cli.options import ReadingOptions
from microopt.cli.replan_options import ReplanOptions
from microopt.errors import CampaignError, RosterError, UsageError
from microopt.files.reading import source_name
from microopt.inflight.outreach.build import REPLY_DAYS
from microopt.inflight.update_campaign import total_budget
from microopt.plan.expectations import parse_expectation, stated_amounts
from microopt.plan.plan import Plan
from microopt.plan.seal import seal_of
from microopt.quantities.parse_and_format import format_names, parse_money, parse_share
from microopt.readers.campaign_file import campaign_from_input, digest_of_campaign_file, read_campaign_file
from microopt.readers.contract_states import ContractStates, read_states
from microopt.readers.options import ReadOptions, headers_of_earlier_files
from microopt.readers.plan_file import InvalidPlanError, PlanFile, read_plan
from microopt.readers.results import Results, read_results
from microopt.readers.roster import read_roster
from microopt.roster.roster import Roster
from microopt.verification.stated_roster import find_posts, find_roster

MOST_NAMES = 5  # rules that a note names


class ReplanInputs(Struct, frozen=True, kw_only=True, eq=False):
    """All that a run reads.

    Attributes
    ----------
    daily
        The results row by row, for the store.
    amounts
        Every amount of the flags and the campaign file as it is written, with what it is for.
    """

    last: PlanFile
    roster: Roster
    request: ReplanRequest
    daily: tuple[ResultRow, ...] = ()
    amounts: tuple[tuple[str, str], ...] = ()


def read_replan_inputs(options: ReplanOptions, read: RosterReader = read_roster) -> ReplanInputs:
    """Read the last plan, the roster, the contract states and the results.

    Parameters
    ----------
    read
        Reads the roster.

    Raises
    ------
    UsageError, CampaignError
        If a flag, the last plan or the campaign file is wrong.
    RosterError
        If the roster, the states or the results are.
    """
    last = _read_last_plan(options)
    before = last.plan.campaign
    flags = _stated_amounts(options)
    refuse_other_currency(flags, last.plan.roster.currency)
    request, amounts = _parse_request(options, last.plan)
    amounts = (*flags, *amounts)
    campaign = _with_dates(request, request.campaign or before)
    reading = read_options(campaign, _reading(options, last))
    path = find_roster(last, options.roster)
    reading = replace(reading, posts=_find_posts(last, options, campaign))
    updates = replace(reading, sheet=None, encoding=None, decimal=None)  # these are the roster's
    states = None if options.states is None else read_states(options.states, updates, calendar=campaign.calendar)
    results = None if options.results is None else _read_results(options.results, updates, campaign, request.as_of)
    roster = read(path, replace(reading, headers_elsewhere=_other_headers(before, states, results)))
    if states is not None:
        check_states_currency(states, campaign.currency or roster.currency or last.plan.roster.currency)
        file = _as_before(states, last) if states.untouched else states
        request = replace(request, contracts=states.contracts, contract_rows=states.contract_rows, states_file=file)
    if results is None:
        return ReplanInputs(last=last, roster=roster, request=request, amounts=amounts)
    request = replace(
        request, results=results.totals, results_by_day=results.by_day, results_file=results, as_of=results.as_of
    )
    return ReplanInputs(last=last, roster=roster, request=request, daily=results.daily_rows, amounts=amounts)


def _find_posts(last: PlanFile, options: ReplanOptions, campaign: Campaign) -> str | None:
    """Return where the file of posts is: the one that is given, that of a new campaign file, or that of the plan."""
    if options.posts is None and campaign.posts != last.plan.campaign.posts:
        return campaign.posts
    return find_posts(last, options.posts)


def _as_before(states: ContractStates, last: PlanFile) -> ContractStates | None:
    """Return a file that says nothing new as the one behind the last plan, so that its plan is found up to date."""
    before = None if last.plan.replan is None else last.plan.replan.inputs.states
    return None if before is None else replace(states, sha256=before)


def _other_headers(before: Campaign, *files: SourceFile | None) -> tuple[str, ...]:
    """Return the headers besides the roster's that `[columns]` may name: of these files, and of earlier ones."""
    return (*headers_of_earlier_files(before), *(header for file in files if file for header in file.headers))


def _read_results(path: str, reading: ReadOptions, campaign: Campaign, as_of: date | None) -> Results:
    benchmarks = override_benchmarks(default_benchmarks(), campaign.forecast)
    return read_results(
        path,
        reading,
        starts=campaign.starts,
        ends=campaign.ends,
        as_of=as_of,
        half_life=lambda platform: half_life_days(benchmarks, platform),
        waves=() if campaign.calendar is None else campaign.calendar.waves,
    )


def _read_last_plan(options: ReplanOptions) -> PlanFile:
    try:
        last = read_plan(options.plan)
    except InvalidPlanError as error:
        if seal_of(error.object) == error.object["seal"]:
            raise
        raise _altered_plan(options.plan) from None
    if not last.sealed:
        raise _altered_plan(last.path)
    return last


def _altered_plan(path: str) -> UsageError:
    message = f"{source_name(path)} was altered after it was written: its campaign cannot be trusted"
    fix = f"see what is false with microopt verify {quote(path)}, or go on from a plan of its history"
    return UsageError(message, fix=fix, code="plan-altered")


def _stated_amounts(options: ReplanOptions) -> list[tuple[str, str]]:
    flags = {"--budget": options.budget, "--swap-worth": options.swap_worth}
    stated = [(flag, text) for flag, text in flags.items() if text is not None]
    return [*stated, *stated_amounts(list(map(parse_expectation, options.expect)))]


def _parse_request(options: ReplanOptions, last: Plan) -> tuple[ReplanRequest, tuple[tuple[str, str], ...]]:
    """Return what the flags and the campaign file ask for, and the amounts of the file as they are written."""
    campaign: Campaign | None = None
    sha256: str | None = None
    amounts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    before = last.campaign
    if options.campaign_file is not None and not _is_last_campaign_file(options, last):
        settings, sha256 = read_campaign_file(options.campaign_file)
        settings, kept = keep_reading_settings(settings, before)
        campaign, amounts = _update_campaign(settings, before), tuple(written_amounts(settings))
        missed = replace(before, rules=()) if options.in_portfolio else before
        notes = tuple(_campaign_notes(options.campaign_file, missed, campaign, kept))
    request = ReplanRequest(
        made_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        campaign=campaign,
        campaign_sha256=sha256,
        starts=parse_day("--starts", options.starts),
        ends=parse_day("--ends", options.ends),
        budget=None if options.budget is None else parse_money(options.budget, "budget"),
        min_kept_share=parse_share_kept(options.keep_at_least),
        swap_penalty=_swap_worth(options.swap_worth),
        today=parse_day("--as-of", options.as_of) or date.today(),
        reply_days=REPLY_DAYS if options.reply_days is None else options.reply_days,
        as_of=parse_day("--as-of", options.as_of),
        posts=options.posts,
        notes=notes,
    )
    return request, amounts


def _is_last_campaign_file(options: ReplanOptions, last: Plan) -> bool:
    """Whether a campaign file that counts only once it has changed is still the one that the last plan was made by."""
    if options.campaign_file is None or not options.only_changed_campaign:
        return False
    return digest_of_campaign_file(options.campaign_file) == last.campaign_sha256


def _campaign_notes(path: str, before: Campaign, campaign: Campaign, kept: Sequence[str]) -> Iterator[str]:
    """Yield what a campaign file leaves out of the last campaign, and how the roster is read as before."""
    stated = {rule.label for rule in campaign.rules}
    gone = [rule.label for rule in before.rules if rule.label not in stated]
    earned = {"order_value": "order value", "margin": "margin", "returns": "returns", "ltv": "lifetime value"}
    gone += [
        words for name, words in earned.items() if getattr(before, name) is not None and getattr(campaign, name) is None
    ]
    if gone:
        what = "it" if len(gone) == 1 else "them"
        count = f"{path} replaces the last campaign, so that these no longer apply: {format_names(gone, MOST_NAMES)}"
        yield f"{count}; add {what} to the file to keep {what}"
    if kept:
        what = "it" if len(kept) == 1 else "them"
        yield f"kept from the last plan, because {path} does not mention {what}: {' and '.join(kept)}"


def _update_campaign(settings: CampaignInput, before: Campaign) -> Campaign:
    """Return the campaign of a file; a budget and a currency that it does not say are those of the last plan."""
    budget = total_budget(before)
    keep_budget = budget is not None and settings.budget is None and not settings.target
    campaign = campaign_from_input(settings, budget_needed=not keep_budget)
    return replace(
        campaign,
        budget=budget if keep_budget else campaign.budget,
        currency=campaign.currency or before.currency,
    )


def _with_dates(request: ReplanRequest, campaign: Campaign) -> Campaign:
    starts, ends = request.starts or campaign.starts, request.ends or campaign.ends
    if starts is not None and ends is not None and ends < starts:
        message = f"the campaign ends on {ends}, before it starts on {starts}"
        raise UsageError(message, fix="swap --starts and --ends, or correct one", code="dates-order")
    return replace(campaign, starts=starts, ends=ends)


def _reading(options: ReplanOptions, last: PlanFile) -> ReadingOptions:
    """Return how the roster is read: as it was for the last plan, unless a flag says otherwise."""
    source = last.plan.roster.source
    return ReadingOptions(
        skip_bad_rows=options.reading.skip_bad_rows or source.skip_bad_rows,
        sheet=options.reading.sheet or source.sheet,
        max_unpacked=options.reading.max_unpacked,
    )


def check_states_currency(states: ContractStates, currency: str) -> None:
    """Check that contract states have their money in a campaign's currency.

    Raises
    ------
    RosterError
        If they have not.
    """
    if states.currency is not None and states.currency != currency:
        message = f"{source_name(states.path)} is in {states.currency}, but the campaign uses {currency}"
        fix = f"write fee and paid in {currency}"
        raise RosterError(message, fix=fix, code="states-currency")


def parse_day(flag: str, text: str | None) -> date | None:
    """Return the day of a flag, None without one.

    Raises
    ------
    UsageError
        If it is not a day.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{flag} {text!r} is not a date", fix=f"write it like {flag} 2026-11-26") from None


def parse_share_kept(text: str | None) -> Fraction | None:
    """Return the share of `--keep-at-least`, None without one.

    Raises
    ------
    UsageError
        If it is not a share.
    """
    if text is None:
        return None
    try:
        return parse_share(text)
    except ValueError:
        fix = "write it like --keep-at-least 80%"
        raise UsageError(f"--keep-at-least {text!r} is not a share", fix=fix) from None


def _swap_worth(text: str | None) -> SoftPenalty | None:
    """Parse what a swap must bring, as the grammar parses what a soft rule costs."""
    if text is None:
        return None
    try:
        rule = parse_rule(f"all count >= 1 (soft {text.strip()})")
    except CampaignError:
        fix = "write it like --swap-worth 0.5%, or 200 in the goal's units"
        raise UsageError(f"--swap-worth {text!r} is not a share or an amount", fix=fix) from None
    soft: SoftPenalty | None = getattr(rule, "soft", None)
    return soft
