"""A night of a portfolio: its campaigns planned together, each plan in its place, and a summary as of a folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from msgspec.structs import replace

from microopt.campaign.portfolio import PortfolioMember
from microopt.cli.batch.one_campaign import as_failed, output_files, with_figures, without_plan
from microopt.cli.batch.options import BatchOptions
from microopt.cli.exit_codes import Exit
from microopt.cli.options import OutputOptions
from microopt.cli.portfolio_files import TargetsByName, safe_file_name
from microopt.cli.portfolio_options import PortfolioOptions
from microopt.cli.portfolio_report import reasons_without_portfolio
from microopt.cli.portfolio_run import PortfolioOutcome, make_portfolio
from microopt.cli.progress import Progress
from microopt.cli.results import ResultWriter, exit_code_for, exit_code_of_diagnosis
from microopt.errors import UsageError
from microopt.inflight.batch.result import BatchEntry, BatchSummary, CampaignRun, most_severe
from microopt.plan.portfolio import PortfolioPlan
from microopt.plan.seal import SealedPlan
from microopt.readers.plan_file import PlanFile
from microopt.readers.portfolio_file import PortfolioFile
from microopt.rendering import batch_renderer
from microopt.rendering.terminal.batch import batch_table
from microopt.solver.result import Limit

# Options for campaigns that are planned each for itself, and how they are said in a portfolio.
OF_FOLDERS = {
    "roster": ("--roster", "name the list of each campaign in the portfolio file: roster = ..."),
    "keep_at_least": ("--keep-at-least", "leave it out"),
    "expect": ("--expect", "leave it out, or check the plans with microopt replan --expect --dry-run"),
    "stores": ("--stores", "leave it out"),
    "log": ("--log", "leave it out; -o summary.json has the same for each campaign"),
}


def summarize_portfolio(options: BatchOptions) -> BatchSummary:
    """Plan the campaigns of a portfolio together, write their plans in their places, and return how each ended.

    Raises
    ------
    MicrooptError
        If the portfolio file is wrong, no campaign of it can be planned, or the solver fails.
    """
    start, output = perf_counter(), options.output
    for name, (flag, fix) in OF_FOLDERS.items():
        if getattr(options, name):
            raise UsageError(
                f"{flag} is for campaigns that are planned each for itself", fix=fix, code="batch-portfolio"
            )
    arranged = _Arrangement(options)
    with Progress(sys.stderr, quiet=output.quiet, verbose=output.verbose) as progress:
        outcome = make_portfolio(_portfolio_options(options), progress, arranged)
    entries = tuple(_entries(outcome, arranged.members, options))
    codes = (*outcome.codes(options.solve.accepted_gap), *(entry.exit for entry in entries))
    return BatchSummary(
        source=options.source,
        exit=int(most_severe(map(int, codes))),
        jobs=1,
        seconds=perf_counter() - start,
        campaigns=entries,
        dry_run=options.dry_run,
    )


def portfolio_writer(options: BatchOptions) -> ResultWriter[BatchSummary]:
    """Return what writes and shows the summary of a portfolio."""
    return ResultWriter(options.output, (options.source,), batch_renderer, batch_table)


class _Arrangement:
    """Where the plans of a portfolio go: each to its `plan`, or to `NAME.json` next to the portfolio file.

    Attributes
    ----------
    members
        The campaigns, each with the place of its plan, once the portfolio was read.
    """

    def __init__(self, options: BatchOptions) -> None:
        self._options = options
        self.members: tuple[PortfolioMember, ...] = ()

    def __call__(self, file: PortfolioFile) -> tuple[PortfolioFile, TargetsByName]:
        folder = Path(self._options.source).parent
        self.members = tuple(
            member
            if member.plan is not None
            else replace(member, plan=str(folder / f"{safe_file_name(member.name)}.json"))
            for member in file.portfolio.members
        )
        targets = {
            member.name: () if self._options.dry_run else tuple(output_files(str(member.plan), self._options.also))
            for member in self.members
        }
        return replace(file, portfolio=replace(file.portfolio, members=self.members)), targets


def _portfolio_options(options: BatchOptions) -> PortfolioOptions:
    return PortfolioOptions(
        file=options.source,
        fair=options.fair,
        allocate=options.allocate,
        as_of=options.as_of,
        reading=options.reading,
        solve=options.solve,
        output=OutputOptions(output=options.output.output),
    )


def _entries(
    outcome: PortfolioOutcome, members: tuple[PortfolioMember, ...], options: BatchOptions
) -> Iterator[BatchEntry]:
    """Yield how each campaign ended, in the order of their names."""
    by_name = {member.name: member for member in members}
    for name in sorted({*by_name, *outcome.failures}):
        entry = BatchEntry(name=name, run=CampaignRun.NO_PLAN, exit=int(Exit.NO_PLAN))
        if name in by_name:
            entry = replace(entry, plan=str(by_name[name].plan), roster=by_name[name].roster)
        if name in outcome.failures:
            yield as_failed(replace(entry, run=CampaignRun.FAILED), outcome.failures[name])
        elif name in outcome.plans:
            yield _planned(entry, outcome.plans[name], options)
        elif name in outcome.diagnoses:
            diagnosis = outcome.diagnoses[name]
            yield without_plan(replace(entry, exit=int(exit_code_of_diagnosis(diagnosis))), diagnosis)
        else:
            yield _not_together(entry, outcome)


def _planned(entry: BatchEntry, sealed: SealedPlan, options: BatchOptions) -> BatchEntry:
    plan = sealed.plan
    run = CampaignRun.PLANNED if plan.replan is None else CampaignRun.REPLANNED
    if isinstance(sealed, PlanFile):
        run = CampaignRun.UNCHANGED
    elif plan.proof.limit == Limit.INTERRUPT:
        run = CampaignRun.STOPPED
    code = exit_code_for(plan, options.solve.accepted_gap, ())
    return replace(with_figures(entry, plan, is_new=run is not CampaignRun.UNCHANGED), run=run, exit=int(code))


def _not_together(entry: BatchEntry, outcome: PortfolioOutcome) -> BatchEntry:
    """Return how a campaign ended that has a plan alone, and none together with the others."""
    if isinstance(outcome.result, PortfolioPlan):
        return entry
    if outcome.result.limit == Limit.INTERRUPT:
        return replace(entry, run=CampaignRun.NOT_RUN, exit=int(Exit.INTERRUPTED))
    message = " ".join(line.strip() for line in reasons_without_portfolio(outcome.result)).removesuffix(".")
    is_infeasible = outcome.result.status == "infeasible"
    run = CampaignRun.INFEASIBLE if is_infeasible else CampaignRun.NO_PLAN
    code = Exit.INFEASIBLE if is_infeasible else Exit.NO_PLAN
    return replace(entry, run=run, exit=int(code), code=outcome.result.status, message=message)
