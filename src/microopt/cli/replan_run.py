"""Plan a campaign anew: lock, read, plan, archive the last plan, write, store, show."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.written_money import describe_thousands
from microopt.cli.console import write
from microopt.cli.exit_codes import Exit
from microopt.cli.load import RosterReader, refuse_nan
from microopt.cli.outputs import attachment_formats, check_dates, check_targets, render_next_attachments
from microopt.cli.outreach_run import outreach_of_tonight
from microopt.cli.progress import Progress
from microopt.cli.replan_inputs import ReplanInputs, read_replan_inputs
from microopt.cli.replan_options import ReplanOptions
from microopt.cli.replan_persist import (
    RunRecord,
    check_store_and_log,
    files_to_replace,
    is_same_file,
    open_run_store,
    persist_run,
    run_log_entry,
)
from microopt.cli.results import (
    exit_code_for,
    exit_code_of_diagnosis,
    report_infeasible,
    say_unmet,
    show_plan,
    show_text,
)
from microopt.cli.signals import check_stop, interruptible, stop_wanted
from microopt.cli.time_limit import limited_reading
from microopt.errors import UsageError
from microopt.inflight.replan import input_fingerprints, is_up_to_date, replan
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.expectations import Expectation, UnmetExpectation, parse_expectation, unmet_expectations
from microopt.plan.replan_summary import InputFingerprints
from microopt.plan.seal import SealedPlan, seal_plan
from microopt.planning.time_budget import TimeBudget
from microopt.readers.plan_file import PlanFile, read_plan
from microopt.readers.roster import read_roster
from microopt.rendering import OUTREACH_CSV, format_from_path
from microopt.rendering.data.json import json_text
from microopt.rendering.wording.full_stop import end_sentence
from microopt.storage.locks import exclusive_lock
from microopt.storage.plan_history import remove_stale_archives
from microopt.storage.temporary_files import remove_stale_temp_files

FORMATS_WITH_NOTES = ("table", "markdown", "json")  # formats that say themselves what was assumed


class ReplanOutcome(Struct, frozen=True, kw_only=True, eq=False):
    """What a run made.

    Attributes
    ----------
    result
        The plan, or why there is none.
    existing
        The file of the plan where the same inputs had given it before.
    code
        The exit code of the run.
    unmet
        The expectations that the plan does not meet.
    """

    result: SealedPlan | Diagnosis
    existing: PlanFile | None
    code: Exit
    unmet: tuple[UnmetExpectation, ...] = ()


def run_replan(options: ReplanOptions) -> Exit:
    """Plan anew, write, show, and return the exit code."""
    output = options.output
    check_options(options)
    with run_log_entry(options) as record:
        with Progress(sys.stderr, quiet=output.quiet, verbose=output.verbose) as progress:
            outcome = make_next_plan(options, record, progress)
        if isinstance(outcome.result, Diagnosis):
            return report_infeasible(outcome.result, output.format)
        _show(options, outcome.result, outcome.existing)  # last: the log tells what was done, even if it is not shown
        say_unmet(outcome.unmet)
        return outcome.code


def check_options(options: ReplanOptions) -> None:
    """Check before the work what can be checked without a file of the campaign.

    Raises
    ------
    UsageError, CampaignError, OutputError
        If an option is wrong, or the store or the log cannot be written.
    """
    tuple(map(parse_expectation, options.expect))
    refuse_nan(("--time-limit", options.solve.time_limit), ("--gap", options.solve.gap), ("--wait", options.wait))
    check_store_and_log(options)


def make_next_plan(
    options: ReplanOptions, record: RunRecord, progress: Progress, read: RosterReader = read_roster
) -> ReplanOutcome:
    """Plan anew and write what was asked for; nothing is shown.

    Parameters
    ----------
    record
        Takes how the run ends.
    read
        Reads the roster.

    Raises
    ------
    MicrooptError
        If an input is wrong, a file cannot be written or the solver fails.
    """
    expectations = tuple(map(parse_expectation, options.expect))
    check_targets(options.targets, options.sources, replaces=(options.plan,))
    locked = () if options.dry_run else (*options.targets, *filter(None, [options.store]))
    with exclusive_lock(locked, options.wait, progress.report):
        result, existing = _make_plan(options, expectations, record, progress, read)
    if isinstance(result, Diagnosis):
        code = exit_code_of_diagnosis(result)
        record.finish(code, status=result.status)
        return ReplanOutcome(result=result, existing=None, code=code)
    failures = unmet_expectations(result.plan, expectations)
    code = exit_code_for(result.plan, options.solve.accepted_gap, failures)
    record.finish(code, plan=result, unmet=failures, unchanged=existing is not None)
    return ReplanOutcome(result=result, existing=existing, code=code, unmet=failures)


def _make_plan(
    options: ReplanOptions,
    expectations: Sequence[Expectation],
    record: RunRecord,
    progress: Progress,
    read: RosterReader,
) -> tuple[SealedPlan | Diagnosis, PlanFile | None]:
    """Return the sealed plan, written where it is asked for, and its file where the same inputs gave it before."""
    if not options.dry_run:
        remove_stale_temp_files(options.targets)
        remove_stale_archives(options.targets)
    with limited_reading(options.solve.time_limit):
        inputs = read_replan_inputs(options, read)
    if assumed := describe_thousands(inputs.amounts):
        progress.note(assumed)
    with open_run_store(options) as store:
        existing = _find_existing(options, inputs)
        time = TimeBudget(options.solve.limits(progress.report))
        result = _replan(options, inputs, time) if existing is None else existing
        if isinstance(result, SealedPlan) and not options.dry_run:
            attachments = _attachments(options, inputs, result, existing, time)
            code = exit_code_for(result.plan, options.solve.accepted_gap, unmet_expectations(result.plan, expectations))
            persist_run(options, inputs, result, existing, store, record, exit_code=code, attachments=attachments)
    return result, existing


def _attachments(
    options: ReplanOptions, inputs: ReplanInputs, sealed: SealedPlan, existing: PlanFile | None, time: TimeBudget
) -> Mapping[str, str | bytes]:
    """Return by format the content of the files that need more than the plan."""
    files = files_to_replace(options, existing)
    check_dates(files, sealed.plan.campaign)
    formats, limits = attachment_formats(files), time.remaining_limits()
    if stop_wanted():  # the plan is there
        limits = replace(limits, seconds=0.0)
    with interruptible():
        attachments = render_next_attachments(
            sealed, inputs.roster, inputs.last, formats, limits, options.solve.backend()
        )
    if any(format_from_path(path) == OUTREACH_CSV for path in files):
        outreach = outreach_of_tonight(sealed.plan, options.as_of, options.reply_days)
        return {**attachments, OUTREACH_CSV: outreach}
    return attachments


def _replan(options: ReplanOptions, inputs: ReplanInputs, time: TimeBudget) -> SealedPlan | Diagnosis:
    solver = options.solve.backend()
    second = options.solve.second_backend() if options.cross_check else None
    with interruptible():
        check_stop()
        result = replan(inputs.last, inputs.roster, inputs.request, limits=time.limits, solver=solver, second=second)
    return result if isinstance(result, Diagnosis) else seal_plan(result)


def _find_existing(options: ReplanOptions, inputs: ReplanInputs) -> PlanFile | None:
    """Return the plan that the same inputs gave before: the last one, or a target of this run."""
    last, gap = inputs.last.plan, options.solve.accepted_gap
    fingerprints = input_fingerprints(inputs.request, inputs.roster, last.campaign.calendar)
    if is_up_to_date(last, fingerprints, gap) or is_up_to_date(last, _with_last_campaign_file(inputs), gap):
        return inputs.last
    for path in options.targets:
        if path.endswith(".json") and Path(path).is_file() and not is_same_file(path, inputs.last.path):
            try:
                target = read_plan(path, is_input=False)
            except UsageError:  # it is not a plan, and will be replaced
                continue
            if target.previous == inputs.last.seal and is_up_to_date(target.plan, fingerprints, gap):
                return target
    return None


def _with_last_campaign_file(inputs: ReplanInputs) -> InputFingerprints:
    """Return the fingerprints as if the campaign file that the last plan was made by were given again."""
    last, request = inputs.last.plan, inputs.request
    if request.campaign_sha256 is None:
        request = replace(request, campaign_sha256=last.campaign_sha256)
    return input_fingerprints(request, inputs.roster, last.campaign.calendar)


def _show(options: ReplanOptions, sealed: SealedPlan, existing: PlanFile | None) -> None:
    """Show the plan, and what was, or would be, written."""
    output = options.output
    if output.quiet:
        return
    if output.format == "json":
        show_text(json_text(sealed.object), output.format)
    else:
        show_plan(sealed.plan, output.format, details=options.details)
    summary = sealed.plan.replan
    assumed = () if output.format in FORMATS_WITH_NOTES or summary is None else summary.notes
    notes = [f"Note: {end_sentence(note)}" for note in assumed]
    if existing is not None:
        notes.append(f"Nothing changed since {existing.path} was made, so the plan stays the same.")
    if options.dry_run:
        notes.append(f"Dry run: nothing was written. {_describe_run(options, existing)}")
    if notes:
        write(sys.stderr, "\n".join(notes) + "\n")


def _describe_run(options: ReplanOptions, existing: PlanFile | None) -> str:
    """Return a sentence that says what the command does without --dry-run."""
    files = [*files_to_replace(options, existing), *filter(None, [options.store, options.log])]
    if files:
        return f"Without --dry-run, this writes: {', '.join(files)}."
    hint = "" if options.targets else ": to keep it in a file, add -o plan.json"
    return f"Without --dry-run, this only prints the plan{hint}."
