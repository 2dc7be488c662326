"""`microopt compare`: each tier against the mix; two plans; one burst beside waves; or campaigns one by one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from shlex import quote
from typing import Annotated

import typer

from microopt.campaign.options import option
from microopt.cli.command import Take, command, command_line_flags
from microopt.cli.exit_codes import Exit
from microopt.cli.options import CampaignOptions, OutputOptions, SolveOptions
from microopt.errors import UsageError
from microopt.files.reading import source_name

FORMATS = ("table", "json", "csv", "markdown")
FORMATS_OVER_TIME = FORMATS[2:]
HELP = {
    "format": "How to print the comparison; csv with --over-time, markdown also of a portfolio.",
    "output": "Also write to a file: .json, .txt; with --over-time also .csv and .md; of a portfolio also .md, .html "
    "and .xlsx. Repeatable.",
}
PORTFOLIO_SUFFIX = ".toml"
FLAGS_OF_A_PORTFOLIO = (
    *("roster", "skip_bad_rows", "sheet", "max_unpacked", "time_limit", "gap", "exact", "solver"),
    *("format", "output", "quiet", "verbose"),
)
FLAGS_OF_TWO_PLANS = ("roster", "second", "max_unpacked", "format", "output", "quiet", "verbose")


@command
def compare(
    *,
    context: typer.Context,
    roster: Annotated[
        str,
        option(
            metavar="ROSTER",
            help="A roster: CSV, TSV, XLSX, Parquet or -; or a portfolio file (TOML). With OTHER, a plan as JSON.",
        ),
    ],
    second: Annotated[
        str | None, option(metavar="OTHER", help="A second plan as JSON, to compare the first with.")
    ] = None,
    over_time: Annotated[
        bool, option("--over-time", help="Compare one burst with the plan over the waves of the calendar.")
    ] = False,
    options: CampaignOptions,
    solve: SolveOptions,
    output: Annotated[OutputOptions, Take(choices={"format": FORMATS}, help=HELP)],
) -> Exit:
    """Compare single-tier plans with the full mix at the same budget.

    For each creator of the largest tier, also show the best that the same money buys from smaller ones.

    With --over-time instead: the same money in one wave, or spread over the waves of the calendar.

    With two plan files instead: who was added, who was dropped, what that changes, and why.

    With a portfolio file instead: its campaigns planned together, and one by one in both orders.

    Examples:

    microopt compare roster.csv --budget 20000

    microopt compare roster.csv -b 20k --goal conversions --tiers wide-micro

    microopt compare roster.csv -c campaign.toml --where platform:instagram -o compare.json

    microopt compare roster.csv -c launch.toml --over-time

    microopt compare monday.json tuesday.json

    microopt compare agency.toml
    """
    if second is not None:
        _refuse_flags(context, FLAGS_OF_TWO_PLANS, "two plans are compared as they are")
        _refuse_format(output, "two plans are")
        return _compare_plans(roster, second, options.reading.max_unpacked, output)
    if roster.casefold().endswith(PORTFOLIO_SUFFIX):
        _refuse_flags(context, FLAGS_OF_A_PORTFOLIO, "campaigns of a portfolio are compared as their files say")
        return _compare_portfolio(roster, options, solve, output)
    _refuse_lone_plan(roster)
    if over_time:
        return _compare_over_time(roster, options, solve, output)
    _refuse_format(output, "tiers are")
    return _compare_tiers(roster, options, solve, output)


def _compare_tiers(roster: str, options: CampaignOptions, solve: SolveOptions, output: OutputOptions) -> Exit:
    from microopt.analysis.tiers.compare import compare as compare_tiers
    from microopt.cli.results import analyze
    from microopt.rendering import tiers_renderer
    from microopt.rendering.terminal.tiers import tiers_table

    return analyze(
        roster,
        options,
        solve,
        output,
        analysis=compare_tiers,
        renderer=tiers_renderer,
        table=tiers_table,
        is_proven=lambda result: result.proven(solve.accepted_gap),
    )


def _compare_over_time(roster: str, options: CampaignOptions, solve: SolveOptions, output: OutputOptions) -> Exit:
    from microopt.analysis.over_time.compare_over_time import compare_over_time
    from microopt.cli.results import analyze
    from microopt.rendering import over_time_renderer
    from microopt.rendering.terminal.over_time import over_time_table

    return analyze(
        roster,
        options,
        solve,
        output,
        analysis=compare_over_time,
        renderer=over_time_renderer,
        table=over_time_table,
        is_proven=lambda result: result.proven(solve.accepted_gap),
    )


def _compare_plans(first: str, second: str, max_unpacked: str, output: OutputOptions) -> Exit:
    from microopt.analysis.plan_diff.compare_plans import compare_plans
    from microopt.cli.progress import Progress
    from microopt.cli.results import ResultWriter
    from microopt.quantities.parse_and_format import parse_size
    from microopt.rendering import plan_diff_renderer
    from microopt.rendering.terminal.plan_diff import plan_diff_table

    writer = ResultWriter(output, (first, second), plan_diff_renderer, plan_diff_table)
    with Progress(sys.stderr, quiet=output.quiet, verbose=output.verbose) as progress:
        result = compare_plans(first, second, max_unpacked=parse_size(max_unpacked), report=progress.report)
    writer.write(result)
    return Exit.OK


def _compare_portfolio(file: str, options: CampaignOptions, solve: SolveOptions, output: OutputOptions) -> Exit:
    from microopt.cli.portfolio_options import PORTFOLIO_FORMATS, PortfolioOptions
    from microopt.cli.portfolio_run import run_portfolio

    if output.format not in PORTFOLIO_FORMATS:
        fix = f"use one of: {', '.join(PORTFOLIO_FORMATS)}"
        raise UsageError(f"campaigns of a portfolio are not compared as {output.format}", fix=fix)
    asked = PortfolioOptions(file=file, reading=options.reading, solve=solve, output=output)
    return run_portfolio(asked, one_by_one=True)


def _refuse_flags(context: typer.Context, taken: Sequence[str], subject: str) -> None:
    """Refuse the flags of planning, which a plan or a portfolio file states itself."""
    flags = command_line_flags(context, without=taken)
    if flags:
        fix = f"leave out {' and '.join(flags)}, or compare one roster"
        raise UsageError(f"{subject}, so {' and '.join(flags)} cannot be used", fix=fix)


def _refuse_format(output: OutputOptions, subject: str) -> None:
    if output.format in FORMATS_OVER_TIME:
        raise UsageError(f"{subject} not compared as {output.format}", fix="use --format table or --format json")


def _refuse_lone_plan(path: str) -> None:
    """Refuse a plan in place of a roster, which is never a JSON file."""
    if path.casefold().endswith(".json"):
        fix = f"give the plan to compare it with: microopt compare {quote(path)} other.json"
        raise UsageError(f"{source_name(path)} is not a roster: compare takes one roster or two plans", fix=fix)
