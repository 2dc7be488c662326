"""What `microopt replan` does once its flags are read: lock, read, plan, keep the last plan, write, remember, show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from microopt.cli.console import write
from microopt.cli.exit_codes import Exit
from microopt.cli.outputs import check_targets
from microopt.cli.planning import exit_code_for, report_infeasible, show_plan, tell_unmet
from microopt.cli.progress import Progress
from microopt.cli.remembering import check_memory, remembering
from microopt.cli.replan_inputs import ReplanInputs, read_replan_inputs
from microopt.cli.replan_persist import persist_run
from microopt.cli.replan_request import ReplanOptions
from microopt.cli.request import refuse_nan
from microopt.cli.signals import solving
from microopt.cli.telling import RunRecord, run_log_entry
from microopt.errors import UsageError
from microopt.inflight.replan import input_fingerprints, is_up_to_date, replan
from microopt.plan.document.plan import plan_document
from microopt.plan.expectations import Expectation, parse_expectation, unmet
from microopt.plan.plan import Diagnosis, Plan
from microopt.readers.plan_file import PlanFile, read_plan
from microopt.solver.backends.base import load_backend
from microopt.storage.atomic_write import remove_stale_temp_files
from microopt.storage.locks import exclusive_lock
from microopt.storage.plan_history import remove_stale_archives
from microopt.verification.plan_from_document import plan_from_document

TELL_NOTES = ("table", "markdown", "json")  # formats that tell themselves what was assumed


def run(night: ReplanOptions, out: TextIO, err: TextIO) -> Exit:
    """Plan anew, write, show, and return the exit code."""
    expectations = tuple(map(parse_expectation, night.expect or ()))
    refuse_nan(("--time-limit", night.time_limit), ("--gap", night.gap), ("--wait", night.wait))
    check_memory(night)
    with run_log_entry(night) as told:
        check_targets(night.targets, night.sources)
        locked = () if night.dry_run else (*night.targets, *filter(None, [night.store]))
        with (
            Progress(err, quiet=night.quiet, every=night.verbose) as progress,
            exclusive_lock(locked, night.wait, progress.report),
        ):
            found, same = _made(night, expectations, told, progress)
        if isinstance(found, Diagnosis):
            return told.ends(report_infeasible(found, night.format, out, err), status=found.status)
        _say(night, found, same, out, err)
        missed = tell_unmet(found, expectations, err)
        code = exit_code_for(found, night.gap, missed)
        return told.ends(code, plan=plan_document(found), unmet=missed, unchanged=same is not None)


def _made(
    night: ReplanOptions, expectations: Sequence[Expectation], told: RunRecord, progress: Progress
) -> tuple[Plan | Diagnosis, PlanFile | None]:
    """Return the plan, written where it is asked for, and the one that was made from the same already, if any."""
    if not night.dry_run:
        remove_stale_temp_files(night.targets)
        remove_stale_archives(night.targets)
    read = read_replan_inputs(night)
    check_targets(night.targets, (read.roster.source.path,))
    with remembering(night) as store:
        same = _same(night, read)
        found = _planned(night, read, progress) if same is None else plan_from_document(same.document)
        if isinstance(found, Plan) and not night.dry_run:
            code = exit_code_for(found, night.gap, unmet(found, expectations))
            persist_run(night, read, found, same, store, exit_code=code, seconds=told.seconds)
    return found, same


def _planned(night: ReplanOptions, read: ReplanInputs, progress: Progress) -> Plan | Diagnosis:
    limits, solver, second = night.limits(progress.report), load_backend(night.solver), night.second()
    with solving():
        return replan(read.last, read.roster, read.tonight, limits=limits, solver=solver, second=second)


def _same(night: ReplanOptions, read: ReplanInputs) -> PlanFile | None:
    """Return the plan that was made from the same already: the last one, or what stands where this one is to go."""
    inputs = input_fingerprints(read.tonight, read.roster)
    if is_up_to_date(read.last.document, inputs, night.gap):
        return read.last
    for path in night.targets:
        if path.endswith(".json") and Path(path).is_file():
            try:
                there = read_plan(path)
            except UsageError:  # it is no plan, and will be replaced
                continue
            if there.document.previous == read.last.document.seal and is_up_to_date(there.document, inputs, night.gap):
                return there
    return None


def _say(night: ReplanOptions, plan: Plan, same: PlanFile | None, out: TextIO, err: TextIO) -> None:
    """Show the plan, and what was, or would be, written."""
    if not night.quiet:
        show_plan(plan, night.format, out)
    told = [] if night.format in TELL_NOTES or plan.replan is None else [f"Note: {note}." for note in plan.replan.notes]
    if same is not None:
        told.append(f"Nothing changed since {same.path} was made: it stays as it is.")
    if night.dry_run:
        what = ", ".join((*night.targets, *filter(None, [night.store, night.log]))) or "nothing"
        told.append(f"A dry run: nothing was written. Without --dry-run it would be: {what}.")
    if told and not night.quiet:
        write(err, "\n".join(told) + "\n")
