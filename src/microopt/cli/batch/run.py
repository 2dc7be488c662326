"""Plan every campaign of a folder: find them, import once, have workers plan them, sum up."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from time import perf_counter

from microopt.cli.batch.one_campaign import run_campaign
from microopt.cli.batch.options import BatchOptions
from microopt.cli.batch.pool import Pool
from microopt.cli.batch.progress import BatchProgress
from microopt.cli.console import write
from microopt.cli.exit_codes import Exit
from microopt.cli.load import refuse_nan
from microopt.cli.replan_inputs import parse_day, parse_share_kept
from microopt.cli.results import ResultWriter
from microopt.cli.shared_rosters import SharedRosters
from microopt.errors import OutputError, UsageError
from microopt.files.identity import identify
from microopt.files.reading import note_input
from microopt.inflight.batch.folder import CampaignFolder, FolderCampaign, find_campaigns
from microopt.inflight.batch.result import BatchEntry, BatchSummary, most_severe
from microopt.plan.expectations import parse_expectation
from microopt.quantities.parse_and_format import parse_size
from microopt.rendering import batch_renderer, format_from_path, require_extra
from microopt.rendering.terminal.batch import batch_table, problems
from microopt.storage.run_log import check_log
from microopt.storage.targets import check_targets

# What a nightly run imports only when it gets there: each worker would, at every start.
IMPORTED_ONCE = (
    "highspy",
    "importlib.metadata",
    "microopt.inflight.fallbacks_first",
    "microopt.planning.formulation.open_cost",
    "microopt.planning.infeasibility.diagnose",
    "microopt.planning.optimize",
    "microopt.readers.contract_states",
    "microopt.readers.formats.delimited",
    "microopt.readers.formats.header_rows",
    "microopt.readers.results",
    "microopt.rendering.data.json",
    "microopt.roster.retainers",
    "microopt.roster.schedules",
    "microopt.solver.backends.cbc",
    "microopt.solver.backends.highs",
    "microopt.solver.backends.pulp_model",
    "microopt.solver.core_dynamic_programming",
    "microopt.verification.later_keys",
    "rapidfuzz.process",
)
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")  # of libraries, each of which would take all cores


def run_batch(options: BatchOptions) -> Exit:
    """Plan the campaigns of a folder, show how each ended, and return the exit code."""
    start, output = perf_counter(), options.output
    _check_options(options)
    if Path(options.source).is_file() or (
        options.source.casefold().endswith(".toml") and not Path(options.source).is_dir()
    ):
        return _run_portfolio(options)
    if options.fair or options.allocate:
        message = (
            f"{options.source} is a folder, whose campaigns are planned each for itself: --fair and --allocate divide"
        )
        fix = "name the file of a portfolio, such as microopt batch agency.toml --fair"
        raise UsageError(f"{message} what is shared", fix=fix, code="batch-portfolio")
    folder = find_campaigns(options.source, options.roster)
    writer = ResultWriter(output, tuple(_inputs(options, folder)), batch_renderer, batch_table)
    _check_files(options, folder)
    _prepare()
    jobs = min(options.most_at_once, len(folder.campaigns))
    with BatchProgress(sys.stderr, len(folder.campaigns), quiet=output.quiet, verbose=output.verbose) as progress:
        pool = Pool(partial(_plan, options=options, rosters=SharedRosters()), jobs, progress.report)
        entries = pool.run(folder.campaigns)
    code = Exit.INTERRUPTED if pool.stopped else Exit(most_severe(entry.exit for entry in entries))
    summary = BatchSummary(
        source=options.source,
        exit=int(code),
        jobs=jobs,
        seconds=perf_counter() - start,
        campaigns=entries,
        dry_run=options.dry_run,
        notes=folder.notes,
    )
    _show(writer, summary, options)
    return code


def _run_portfolio(options: BatchOptions) -> Exit:
    """Plan the campaigns of a portfolio together, show how each ended, and return the exit code."""
    from microopt.cli.batch.portfolio import portfolio_writer, summarize_portfolio  # folders need none of it

    writer = portfolio_writer(options)
    summary = summarize_portfolio(options)
    _show(writer, summary, options)
    return Exit(summary.exit)


def _show(writer: ResultWriter[BatchSummary], summary: BatchSummary, options: BatchOptions) -> None:
    """Write and show a summary; where nothing is to be shown, what went wrong is said all the same."""
    writer.write(summary)
    if options.output.quiet:
        write(sys.stderr, "".join(f"{line}\n" for line in problems(summary)))


def _plan(campaign: FolderCampaign, options: BatchOptions, rosters: SharedRosters) -> BatchEntry:
    return run_campaign(campaign, options, rosters.read)


def _check_options(options: BatchOptions) -> None:
    """Check once what would be wrong in each campaign.

    Raises
    ------
    UsageError, CampaignError, OutputError
        If an option is wrong.
    """
    refuse_nan(("--time-limit", options.solve.time_limit), ("--gap", options.solve.gap), ("--wait", options.wait))
    tuple(map(parse_expectation, options.expect))
    parse_day("--as-of", options.as_of)
    parse_share_kept(options.keep_at_least)
    parse_size(options.reading.max_unpacked)
    options.solve.backend()
    for format in options.also:
        if format == "json":
            raise UsageError(
                "each plan is written as .json already", fix="leave --also json out", code="format-unknown"
            )
        require_extra(format_from_path(f"plan.{format}"))


def _inputs(options: BatchOptions, folder: CampaignFolder) -> Iterator[str]:
    """Yield the files that the batch reads, and those that it writes besides the summary: none may be it."""
    yield from (path for campaign in folder.campaigns for path in (*campaign.inputs, campaign.plan))
    yield from filter(None, [options.roster])


def _check_files(options: BatchOptions, folder: CampaignFolder) -> None:
    """Check that nothing that is read is printed to, and that no file is read and written.

    Raises
    ------
    OutputError
        If one is.
    """
    for campaign in folder.campaigns:
        for path in campaign.inputs:
            note_input(path)
    if options.log is None:
        return
    for path in options.output.output:
        if identify(path).is_same_target(identify(options.log)):
            fix = "name different files, such as -o summary.json --log runs.jsonl"
            raise OutputError(f"{path} and {options.log} are the same file", fix=fix)
    check_targets([options.log])
    check_log(options.log)


def _prepare() -> None:
    """Import what workers need, so that each has it from its start, and keep it out of their garbage collections."""
    for name in THREADS:
        os.environ.setdefault(name, "1")
    for module in IMPORTED_ONCE:
        import_module(module)
    gc.collect()
    gc.freeze()
