"""The inputs of a list of whom to ask -> the list, for `microopt outreach` and for the file that replan writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from microopt.analysis.session import seal_warnings
from microopt.campaign.progress import Contract
from microopt.cli.load import read_options
from microopt.cli.options import ReadingOptions
from microopt.cli.replan_inputs import check_states_currency, parse_day
from microopt.errors import UsageError
from microopt.files.reading import source_name
from microopt.inflight.outreach.build import REPLY_DAYS, build_outreach
from microopt.inflight.outreach.result import OutreachList
from microopt.plan.plan import Plan
from microopt.readers.contract_states import read_states
from microopt.readers.plan_file import read_plan


def make_outreach(plan: str, states: str | None, as_of: str | None, reply_days: int | None) -> OutreachList:
    """Return whom to ask by a plan file, and by a file of contract states if there is one.

    Raises
    ------
    UsageError
        If the plan is none, or the day is none; if there is nobody to ask or to wait for.
    RosterError
        If the states are faulty, or in another currency than the plan.
    """
    file = read_plan(plan)
    contracts: Sequence[Contract] | None = None
    notes: tuple[str, ...] = ()
    if states is not None:
        reading = read_options(file.plan.campaign, ReadingOptions())
        reading = replace(reading, sheet=None, encoding=None, decimal=None)
        read = read_states(states, reading, calendar=file.plan.campaign.calendar)
        check_states_currency(read, file.plan.roster.currency)
        contracts, notes = read.contracts, tuple(f"{source_name(states)}: {note}" for note in read.notes)
    outreach = _build(file.plan, as_of, reply_days, contracts, notes)
    if not outreach.rows:
        fix = "make a plan with at least one creator, such as with a larger budget"
        raise UsageError("the plan is empty: there is nobody to ask", fix=fix, code="plan-empty")
    return replace(outreach, warnings=(*seal_warnings(file), *outreach.warnings))


def outreach_of_tonight(plan: Plan, as_of: str | None, reply_days: int | None) -> str:
    """Return as CSV whom to ask by a plan that was just made."""
    from microopt.rendering.data.outreach_csv import outreach_file

    return outreach_file(_build(plan, as_of, reply_days))


def _build(
    plan: Plan,
    as_of: str | None,
    reply_days: int | None,
    contracts: Sequence[Contract] | None = None,
    notes: Sequence[str] = (),
) -> OutreachList:
    """Return the list, of today and with three days to answer unless something else is said."""
    today = parse_day("--as-of", as_of) or date.today()
    days = REPLY_DAYS if reply_days is None else reply_days
    return build_outreach(plan, as_of=today, contracts=contracts, reply_days=days, notes=notes)
