"""One campaign of a batch, as `microopt plan` or `microopt replan` would run it: its files, and how it ended."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from time import perf_counter

from msgspec.structs import replace

from microopt.cli.batch.first_plan import make_first_plan
from microopt.cli.batch.options import BatchOptions
from microopt.cli.error_boundary import exit_code_of_error
from microopt.cli.exit_codes import Exit
from microopt.cli.load import RosterReader
from microopt.cli.options import OutputOptions
from microopt.cli.progress import Progress
from microopt.cli.replan_options import ReplanOptions
from microopt.cli.replan_persist import run_log_entry
from microopt.cli.replan_run import ReplanOutcome, check_options, make_next_plan
from microopt.cli.resources import find_exhaustion
from microopt.errors import BackendError, MicrooptError, UnreportedError, UsageError, name_first_fault
from microopt.files.reading_clock import note_program_start
from microopt.files.record import recorded_files
from microopt.inflight.batch.folder import OUTPUT, FolderCampaign
from microopt.inflight.batch.result import BatchEntry, CampaignRun
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_names
from microopt.readers.file_kinds import LISTS
from microopt.rendering.wording.diagnosis_sentences import diagnosis_sentences
from microopt.solver.result import Limit

MOST_RULES = 5  # that conflict and are named; the campaign's own command names all


def run_campaign(campaign: FolderCampaign, options: BatchOptions, read: RosterReader) -> BatchEntry:
    """Plan a campaign for the first time or anew, write its files, and return how that ended; nothing is raised."""
    note_program_start()  # its time limit counts from here
    start, notes = perf_counter(), StringIO()
    entry = BatchEntry(
        name=campaign.name, run=CampaignRun.FAILED, exit=Exit.BUG, plan=campaign.plan, roster=campaign.roster
    )
    with recorded_files():
        try:
            entry = _run(entry, campaign, options, read, Progress(notes, quiet=False))
        except KeyboardInterrupt:
            entry = replace(entry, run=CampaignRun.NOT_RUN, exit=int(Exit.INTERRUPTED))
        except (SystemExit, GeneratorExit):
            raise
        except BaseException as error:  # a panic of a library in Rust is no Exception
            entry = as_failed(entry, error)
    lines = tuple(line.removeprefix("Note: ").removesuffix(".") for line in notes.getvalue().splitlines())
    return replace(entry, seconds=perf_counter() - start, notes=(*entry.notes, *lines))


def _run(
    entry: BatchEntry, campaign: FolderCampaign, options: BatchOptions, read: RosterReader, progress: Progress
) -> BatchEntry:
    """Return how a campaign ended: a first plan is made anew at once where there are contracts or results."""
    if campaign.fault is not None:
        raise UsageError(campaign.fault.message, fix=campaign.fault.fix, code=campaign.fault.code)
    own = replan_options(campaign, options)
    check_options(own)
    is_first = not Path(campaign.plan).exists()
    if is_first:
        first = replace(own, states=None, results=None)
        with run_log_entry(first) as record:
            outcome = make_first_plan(first, record, progress, read)
        if outcome is not None:
            entry = _described(entry, outcome, CampaignRun.PLANNED)
            if own.states is own.results is None or entry.run is not CampaignRun.PLANNED or options.dry_run:
                return entry
    try:
        with recorded_files(), run_log_entry(own) as record:
            outcome = make_next_plan(own, record, progress, read)
            entry = _described(entry, outcome, CampaignRun.PLANNED if is_first else CampaignRun.REPLANNED)
    except UnreportedError as error:  # the plan is in place
        return replace(as_failed(entry, error), run=entry.run)
    return entry


def replan_options(campaign: FolderCampaign, options: BatchOptions) -> ReplanOptions:
    """Return what `microopt replan` would be given for a campaign."""
    return ReplanOptions(
        plan=campaign.plan,
        roster=campaign.roster,
        states=campaign.states,
        results=campaign.results,
        campaign_file=campaign.file,
        only_changed_campaign=True,
        keep_at_least=options.keep_at_least,
        as_of=options.as_of,
        reading=options.reading,
        solve=options.solve,
        expect=options.expect,
        store=str(Path(campaign.plan).with_suffix(".db")) if options.stores else None,
        log=options.log,
        wait=options.wait,
        dry_run=options.dry_run,
        output=OutputOptions(output=tuple(output_files(campaign.plan, options.also))),
    )


def output_files(plan: str, also: Sequence[str]) -> Iterator[str]:
    """Yield the files of a campaign's plan; one that could be taken for its list is called `NAME.plan.csv`."""
    yield plan
    stem = plan.removesuffix(".json")
    for format in also:
        is_table = f".{format}" in LISTS
        yield f"{stem}{OUTPUT if is_table else ''}.{format}"


def _described(entry: BatchEntry, outcome: ReplanOutcome, run: CampaignRun) -> BatchEntry:
    """Return how a campaign ended whose files could be read and written."""
    entry = replace(entry, exit=int(outcome.code), unmet=tuple(failure.message for failure in outcome.unmet))
    if isinstance(outcome.result, Diagnosis):
        return without_plan(entry, outcome.result)
    plan = outcome.result.plan
    if outcome.existing is not None:
        run = CampaignRun.UNCHANGED
    elif plan.proof.limit == Limit.INTERRUPT:
        run = CampaignRun.STOPPED
    return replace(
        with_figures(entry, plan, is_new=outcome.existing is None),
        run=run,
        notes=() if plan.replan is None else plan.replan.notes,
    )


def with_figures(entry: BatchEntry, plan: Plan, *, is_new: bool) -> BatchEntry:
    """Return the entry of a campaign with the figures of its plan; one that is not new adds and drops nobody."""
    switches = () if plan.replan is None or not is_new else plan.replan.switches
    return replace(
        entry,
        roster=plan.roster.source.path if entry.roster is None else entry.roster,
        status=plan.proof.status,
        gap=plan.proof.gap,
        goal=plan.campaign.goal.name,
        currency=plan.roster.currency,
        creators=plan.totals.creators,
        spend=plan.totals.spend,
        budget=plan.campaign.budget,
        added=sum(switch.added for switch in switches),
        dropped=sum(not switch.added for switch in switches),
    )


def without_plan(entry: BatchEntry, diagnosis: Diagnosis) -> BatchEntry:
    """Return how a campaign ended for which no plan was found: the reasons, and where all of them are."""
    run = CampaignRun.INFEASIBLE if entry.exit == Exit.INFEASIBLE else CampaignRun.NO_PLAN
    if entry.exit == Exit.INTERRUPTED:
        run = CampaignRun.NOT_RUN
    said = list(diagnosis_sentences(diagnosis))
    facts = [text for kind, text in said if kind in ("doubt", "fact")]
    rules = [text.strip() for kind, text in said if kind == "rule"]
    message = " ".join([*facts, *([format_names(rules, MOST_RULES)] if rules else [])]).removesuffix(".")
    return replace(entry, run=run, code=diagnosis.status, message=message, fix=f"see all of it: {_own_command(entry)}")


def _own_command(entry: BatchEntry) -> str:
    """Return the command that runs a campaign alone, and writes nothing."""
    stem = entry.plan.removesuffix(".json")
    if Path(entry.plan).exists():
        roster = [] if entry.roster is None else ["--roster", entry.roster]
        return shlex.join(["microopt", "replan", entry.plan, *roster, "--dry-run"])
    return shlex.join(["microopt", "plan", entry.roster or "roster.csv", "-c", f"{stem}.toml"])


def as_failed(entry: BatchEntry, error: BaseException) -> BatchEntry:
    """Return how a campaign ended that raised an error."""
    known = error
    if isinstance(error, BackendError) or not isinstance(error, MicrooptError):
        known = find_exhaustion(error) or error
    if not isinstance(known, MicrooptError):
        message = f"a defect of microopt: {type(error).__name__}: {error}"
        fix = f"run it alone with --verbose and report what it prints: {_own_command(entry)}"
        known = MicrooptError(message, fix=fix, code="bug")
    message, fix = name_first_fault(known), known.faults[0].fix or known.fix
    if len(known.faults) > 1:
        fix = f"{known.faults[0].fix}; see all of them: {_own_command(entry)}"
    return replace(entry, exit=int(exit_code_of_error(known)), code=known.code, message=message, fix=fix)
