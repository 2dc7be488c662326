"""`microopt report`: a plan file as one page that can be sent: charts, a table to sort, other budgets."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from microopt.campaign.options import option
from microopt.cli.command import Take, command
from microopt.cli.console import write
from microopt.cli.exit_codes import Exit
from microopt.cli.options import (
    OUTPUT,
    SOLVE,
    MaxUnpacked,
    OutputOptions,
    PlanPath,
    PlanPosts,
    PlanRoster,
    SolveOptions,
)
from microopt.errors import UsageError

if TYPE_CHECKING:
    from microopt.analysis.report.result import Edition, Report
    from microopt.plan.plan import Plan

ReportOutput = Annotated[
    OutputOptions,
    Take(
        help={"output": "A page .html, the default, or .pdf, slides .pptx, a workbook .xlsx, dates .ics. Repeatable."},
        without=("format",),
    ),
]
Steps = Annotated[
    int,
    option(
        "--steps",
        panel=SOLVE,
        metavar="N",
        help="How many budgets to show, from half the plan's to its double.",
    ),
]

ForWhom = Annotated[
    str,
    option(
        "--audience",
        "--for",
        panel=OUTPUT,
        choices=("team", "client"),
        help="Who reads it: a client's version has no remarks on fees to negotiate or on gaps in the evidence.",
    ),
]
WithoutFees = Annotated[
    bool, option("--without-fees", panel=OUTPUT, help="Leave out what each creator costs; totals stay.")
]
LanguageCode = Annotated[
    str | None,
    option(
        "--language",
        panel=OUTPUT,
        metavar="CODE",
        help="Language of texts, numbers and dates: en, en-GB, de, de-AT and others; by default the campaign's.",
    ),
]


@command
def report(
    *,
    plan: PlanPath,
    roster: PlanRoster = None,
    posts: PlanPosts = None,
    max_unpacked: MaxUnpacked = "4G",
    steps: Steps = 20,
    solve: Annotated[SolveOptions, Take(without=("gap",))],
    output: ReportOutput,
    audience: ForWhom = "team",
    without_fees: WithoutFees = False,
    language: LanguageCode = None,
) -> Exit:
    """Write a plan file as one HTML page to send: headline figures, the mix, every creator, what other budgets buy.

    The page needs no network and opens from a mail. Where the roster is gone, it is made of the plan file alone.

    Examples:

    microopt report plan.json

    microopt report plan.json --roster lists/roster.csv -o spring.html -o spring.xlsx

    microopt report plan.json --audience client --without-fees --language de -o kunde.html
    """
    from msgspec.structs import replace

    from microopt.analysis.frontier.budgets import check_frontier_steps
    from microopt.analysis.report.report import open_report, with_analysis
    from microopt.cli.load import refuse_nan
    from microopt.cli.outputs import attachment_formats, check_dates, check_targets
    from microopt.cli.progress import Progress
    from microopt.cli.signals import interruptible
    from microopt.cli.time_limit import limited_reading
    from microopt.quantities.parse_and_format import parse_size
    from microopt.rendering import format_from_path, report_renderer, require_renderer
    from microopt.storage.atomic_write import write_files

    refuse_nan(("--time-limit", solve.time_limit))
    targets = output.output or _default_target(plan)
    check_targets(targets, (plan, roster, posts))
    formats = {target: format_from_path(target) for target in targets}
    for name in formats.values():
        require_renderer("report", name)
    check_frontier_steps(steps)
    solver = solve.backend()
    with Progress(sys.stderr, quiet=output.quiet, verbose=output.verbose) as progress, interruptible():
        progress.report("reading the plan and its roster")
        with limited_reading(solve.time_limit):
            result, session = open_report(plan, roster, posts=posts, max_unpacked=parse_size(max_unpacked))
        check_dates(targets, result.plan.campaign)
        edition = _edition(result.plan, audience, language, without_fees=without_fees)
        result = replace(result, edition=edition)
        limits = solve.limits(progress.report)  # before what a page needs is loaded, which takes seconds
        shows_more = bool(attachment_formats(targets))
        renderers = {target: report_renderer(name) for target, name in formats.items()}
        if shows_more and session is not None:
            result = with_analysis(result, session, steps=steps, limits=limits, solver=solver)
    write_files({target: render(result) for target, render in renderers.items()})
    _show(result, targets, quiet=output.quiet)
    proven = result.frontier is None or result.frontier.proven(solve.accepted_gap)
    return Exit.OK if proven else Exit.UNPROVEN


def _edition(plan: Plan, audience: str, language: str | None, *, without_fees: bool) -> Edition:
    """Return for whom the report is made; its language is the campaign's unless another is asked for.

    Raises
    ------
    UsageError
        If there is no such language.
    """
    from microopt.analysis.report.result import Edition
    from microopt.campaign.report_settings import LANGUAGES, describe_unknown_language, parse_language

    code = plan.campaign.report.language if language is None else parse_language(language)
    if code not in LANGUAGES:
        message, fix = describe_unknown_language(code)
        raise UsageError(message, fix=fix, code="language-unknown")
    return Edition(audience=audience, fees=not without_fees, language=code)


def _default_target(plan: str) -> tuple[str, ...]:
    """Return the path of the page next to the plan."""
    if plan == "-":
        raise UsageError("the plan comes from standard input, so the page has no name", fix="give one: -o plan.html")
    path = Path(plan)
    return (str(path.with_suffix(".html") if path.name else path / "plan.html"),)  # of `.` the reader says what it is


def _show(result: Report, targets: Sequence[str], *, quiet: bool) -> None:
    """Write the warnings, then what each file holds."""
    from microopt.rendering.sanitize import plain_text

    missing = [f"made from the plan file alone: {result.missing}"] if result.missing else []
    for warning in (*result.warnings, *missing):
        write(sys.stderr, f"Warning: {plain_text(warning)}.\n")
    if not quiet:
        write(sys.stdout, "".join(f"Wrote {plain_text(target)}: {_summary(result)}.\n" for target in targets))


def _summary(result: Report) -> str:
    """Return what the page shows, in a few words."""
    creators = result.plan.totals.creators
    text = f"the plan of {creators:,} creator{'' if creators == 1 else 's'}"
    if result.frontier is None:
        return text
    own = result.plan.campaign.budget
    others = sum(point.totals is not None and point.budget != own for point in result.frontier.points)
    bought = f", and what {others:,} other budget{'' if others == 1 else 's'} would bring" if others else ""
    doubt = "" if result.frontier.proven() else " (not all proven: a longer --time-limit helps)"
    return f"{text}{bought}{doubt}"
