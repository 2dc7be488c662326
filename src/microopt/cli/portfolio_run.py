"""Plan the campaigns of a portfolio together: lock, read, solve, write each plan and the portfolio, show."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from os.path import relpath
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from microopt.analysis.report.portfolio_report import PortfolioReport
from microopt.cli.error_boundary import exit_code_of_error
from microopt.cli.exit_codes import Exit
from microopt.cli.load import refuse_nan
from microopt.cli.portfolio_files import (
    TargetsByName,
    check_contents,
    check_plan_files,
    find_page,
    find_plan_files,
    render_campaign,
    write_campaign,
)
from microopt.cli.portfolio_inputs import PortfolioInputs, read_portfolio_inputs
from microopt.cli.portfolio_options import PortfolioOptions
from microopt.cli.portfolio_report import report_no_portfolio, tell_failures
from microopt.cli.portfolio_solve import solve_inputs
from microopt.cli.progress import Progress
from microopt.cli.replan_inputs import parse_day
from microopt.cli.replan_persist import is_same_file
from microopt.cli.results import ResultWriter, exit_code_for, exit_code_of_diagnosis
from microopt.cli.signals import check_stop, interruptible
from microopt.cli.time_limit import limited_reading
from microopt.errors import MicrooptError, OutputError, TimeLimitError, name_first_fault
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.portfolio import CampaignOutcome, PortfolioPlan
from microopt.plan.seal import SealedPlan, seal_plan
from microopt.planning.portfolio.clash import PortfolioDiagnosis
from microopt.planning.portfolio.solve_portfolio import SolvedPortfolio
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.parse_and_format import parse_size
from microopt.readers.plan_file import PlanFile
from microopt.readers.portfolio_file import PortfolioFile, read_portfolio_file
from microopt.readers.portfolio_members import FILE_ERRORS
from microopt.rendering import format_from_path, portfolio_renderer, portfolio_report_renderer
from microopt.rendering.terminal.portfolio import portfolio_table
from microopt.signals import finish_first
from microopt.solver.result import Limit
from microopt.storage.locks import exclusive_lock
from microopt.storage.plan_history import remove_stale_archives
from microopt.storage.temporary_files import remove_stale_temp_files

WAIT = 60.0  # seconds for another run on the same files
# Exit codes of campaigns, from the best to the worst.
WORST = (Exit.OK, Exit.UNPROVEN, Exit.INFEASIBLE, Exit.NO_PLAN, Exit.ROSTER, Exit.USAGE, Exit.SOLVER, Exit.BUG)


Arrange = Callable[[PortfolioFile], tuple[PortfolioFile, TargetsByName]]


class PortfolioOutcome(Struct, frozen=True, kw_only=True, eq=False):
    """What a run made.

    Attributes
    ----------
    result
        What the campaigns get, or why they have no plans together.
    plans
        By name of a campaign; a last plan that stays is the file that was read.
    diagnoses
        By name: why a campaign has no plan even alone.
    failures
        By name: why a campaign could not be read, or its plan not be written.
    pages
        By name: the page of a campaign that was written.
    """

    result: PortfolioPlan | PortfolioDiagnosis
    plans: Mapping[str, SealedPlan] = {}
    diagnoses: Mapping[str, Diagnosis] = {}
    failures: Mapping[str, MicrooptError] = {}
    pages: Mapping[str, str] = {}

    def codes(self, gap: float) -> Iterator[Exit]:
        """Yield the exit code of the portfolio, and that of each campaign as if it were planned alone."""
        if isinstance(self.result, PortfolioPlan):
            proof = self.result.proof
            yield Exit.OK if proof.status == "optimal" or proof.gap <= gap else Exit.UNPROVEN
        elif self.result.limit == Limit.INTERRUPT:
            yield Exit.INTERRUPTED
        elif self.result.status != "infeasible":
            yield Exit.NO_PLAN
        elif self.result.clash:
            yield Exit.INFEASIBLE
        yield from (exit_code_for(each.plan, gap, ()) for each in self.plans.values())
        yield from map(exit_code_of_diagnosis, self.diagnoses.values())
        yield from map(exit_code_of_error, self.failures.values())


def run_portfolio(options: PortfolioOptions, *, one_by_one: bool = False) -> Exit:
    """Plan the campaigns of a portfolio, write and show what they get, and return the exit code.

    Parameters
    ----------
    one_by_one
        Whether to compare with campaigns that are planned one after the other, in both orders.
    """
    output, solve = options.output, options.solve
    refuse_nan(("--time-limit", solve.time_limit), ("--gap", solve.gap))
    parse_day("--as-of", options.as_of)
    parse_size(options.reading.max_unpacked)
    solve.backend()
    writer = ResultWriter(output, (options.file,), portfolio_renderer, portfolio_table)
    with Progress(sys.stderr, quiet=output.quiet, verbose=output.verbose) as progress:
        outcome = make_portfolio(options, progress, one_by_one=one_by_one)
    if isinstance(outcome.result, PortfolioPlan):
        writer.write(outcome.result, portfolio_files(outcome.result, outcome, output.output))
        tell_failures(outcome.result, outcome.failures)
    else:
        report_no_portfolio(outcome.result, outcome.failures, output.format)
    return worst_code(outcome.codes(solve.accepted_gap))


def portfolio_files(plan: PortfolioPlan, outcome: PortfolioOutcome, paths: Sequence[str]) -> dict[str, str | bytes]:
    """Return the content of each file of the portfolio itself; pages link to the pages of its campaigns."""
    plans = {name: each.plan for name, each in outcome.plans.items()}
    contents = {}
    for path in paths:
        folder = Path(path).absolute().parent
        pages = {name: Path(relpath(page, folder)).as_posix() for name, page in outcome.pages.items()}
        report = PortfolioReport(plan=plan, plans=plans, pages=pages)
        contents[path] = portfolio_report_renderer(format_from_path(path))(report)
    return contents


def worst_code(codes: Iterator[Exit]) -> Exit:
    """Return the exit code of the worst campaign; an interrupt is worse than all."""
    return max(codes, key=lambda code: WORST.index(code) if code in WORST else len(WORST), default=Exit.OK)


def make_portfolio(
    options: PortfolioOptions, progress: Progress, arrange: Arrange | None = None, *, one_by_one: bool = False
) -> PortfolioOutcome:
    """Plan the campaigns of a portfolio and write the plans that are asked for; nothing is shown.

    Parameters
    ----------
    arrange
        Says where the last plans are and the new ones go; by default, as the portfolio file and `--plans` say.
    one_by_one
        Whether to compare with campaigns that are planned one after the other.

    Raises
    ------
    MicrooptError
        If the portfolio file is wrong, no campaign of it can be planned, or the solver fails.
    """
    progress.report("reading the portfolio")
    file = read_portfolio_file(options.file)
    if arrange is None:
        files = find_plan_files(options.plans, [member.name for member in file.portfolio.members])
    else:
        file, files = arrange(file)
    check_plan_files(files, file.portfolio.members, (options.file, *_inputs_of(file)), options.output.output)
    targets = [path for paths in files.values() for path in paths]
    with exclusive_lock((*targets, *options.output.output), WAIT, progress.report):
        remove_stale_temp_files(targets)
        remove_stale_archives(targets)
        with limited_reading(options.solve.time_limit):
            inputs = read_portfolio_inputs(file, options, progress.note)
        inputs = _without_unwritable(inputs, files)
        time = TimeBudget(options.solve.limits(progress.report))
        with interruptible():
            check_stop()
            inputs, solved = solve_inputs(inputs, options, time, one_by_one=one_by_one)
        if isinstance(solved, PortfolioDiagnosis):
            return PortfolioOutcome(result=solved, diagnoses=solved.diagnoses, failures=inputs.failures)
        plans, failures = _write_plans(inputs, solved, files, options, time)
    return PortfolioOutcome(
        result=_complete(solved.plan, inputs, plans),
        plans=plans,
        diagnoses=solved.diagnoses,
        failures={**inputs.failures, **failures},
        pages={name: page for name in plans if name not in failures and (page := find_page(files[name]))},
    )


def _without_unwritable(inputs: PortfolioInputs, files: TargetsByName) -> PortfolioInputs:
    """Return the inputs without campaigns whose files cannot be made, such as one with dates of no waves."""
    failures: dict[str, MicrooptError] = {}
    for entry in inputs.entries:
        try:
            check_contents(files[entry.name], entry.campaign)
        except FILE_ERRORS as error:
            failures[entry.name] = error
    return inputs.without(failures) if failures else inputs


def _inputs_of(file: PortfolioFile) -> Iterator[str | None]:
    for member in file.portfolio.members:
        yield from (member.file, member.roster, member.states, member.results)


def _write_plans(
    inputs: PortfolioInputs,
    solved: SolvedPortfolio,
    files: TargetsByName,
    options: PortfolioOptions,
    time: TimeBudget,
) -> tuple[dict[str, SealedPlan], dict[str, MicrooptError]]:
    """Write the files of each campaign; return the plans, and by name why files could not be written.

    A signal while files are written ends nothing: the plans are there.
    """
    plans: dict[str, SealedPlan] = {}
    failures: dict[str, MicrooptError] = {}
    contents: dict[str, Mapping[str, str | bytes]] = {}
    solver = options.solve.backend()
    entries = [entry for entry in inputs.entries if entry.name in solved.plans]
    for number, entry in enumerate(entries):
        running, plan = inputs.running.get(entry.name), solved.plans[entry.name]
        if running is not None and plan is not running.last.plan and plan.replan is None:
            failures[entry.name] = _kept_as_it_is(running.last.path)
            continue
        sealed = running.last if running is not None and plan is running.last.plan else seal_plan(plan)
        plans[entry.name] = sealed
        limits = time.remaining_limits(1 / (len(entries) - number))
        with interruptible():
            contents[entry.name] = render_campaign(sealed, files[entry.name], entry, running, limits, solver)
    with finish_first():
        for member in (entry.member for entry in entries if entry.name in plans):
            sealed = plans[member.name]
            paths = tuple(path for path in files[member.name] if not _is_there(path, sealed))
            try:
                write_campaign(sealed, paths, contents[member.name], inputs.running.get(member.name), member.plan)
            except OutputError as error:
                failures[member.name] = error
    return plans, failures


def _is_there(path: str, sealed: SealedPlan) -> bool:
    """Whether a file has the plan already, which then stays as it is."""
    return isinstance(sealed, PlanFile) and is_same_file(path, sealed.path)


def _kept_as_it_is(path: str) -> MicrooptError:
    message = f"no plan that follows {path} was found in time; it stays as it is"
    return TimeLimitError(message, fix="give more time, such as --time-limit 300")


def _complete(plan: PortfolioPlan, inputs: PortfolioInputs, plans: Mapping[str, SealedPlan]) -> PortfolioPlan:
    """Return the portfolio with the campaigns that failed, and the seals of the plans."""
    outcomes = [replace(each, seal=plans[each.name].seal) if each.name in plans else each for each in plan.campaigns]
    outcomes += [
        CampaignOutcome(name=name, status="failed", problem=name_first_fault(error))
        for name, error in inputs.failures.items()
    ]
    outcomes.sort(key=lambda each: each.name)
    return replace(plan, campaigns=tuple(outcomes), warnings=(*plan.warnings, *inputs.warnings))
