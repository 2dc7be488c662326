"""`microopt plan-b`: whom to book where creators of a plan decline."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

from microopt.campaign.options import option
from microopt.cli.command import Take, command
from microopt.cli.exit_codes import Exit
from microopt.cli.options import MaxUnpacked, OutputOptions, PlanPath, PlanPosts, PlanRoster, SolveOptions

FORMATS = ("table", "json", "csv", "markdown")
HELP = {
    "format": "How to print the result.",
    "output": "Also write to a file: for creators who are named the new plan, in every format of a plan, as -o "
    "plan-b.json; without names the table, as .json, .csv, .md or .txt. Repeatable.",
}


@command
def plan_b(
    *,
    plan: PlanPath,
    names: Annotated[
        Sequence[str], option(metavar="CREATOR", help="Who declines, all of them at once; none for everyone in turn.")
    ] = (),
    roster: PlanRoster = None,
    posts: PlanPosts = None,
    max_unpacked: MaxUnpacked = "4G",
    solve: SolveOptions,
    output: Annotated[OutputOptions, Take(choices={"format": FORMATS}, help=HELP)],
) -> Exit:
    """Say whom to book instead if these creators decline, what it costs and what is lost.

    The rules stay, and so does everyone else of the plan, with the same posts; what changes if they need not is told
    too. Without names it shows every creator of the plan in turn, and pairs of those it depends on most.

    Examples:

    microopt plan-b plan.json @anna @ben

    microopt plan-b plan.json @anna -o plan-b.json

    microopt plan-b plan.json
    """
    from microopt.analysis.plan_b.plan_b import plan_b as find_plan_b
    from microopt.cli.outputs import check_targets, write_plan
    from microopt.cli.progress import Progress
    from microopt.cli.results import ResultWriter, report_infeasible
    from microopt.cli.signals import interruptible
    from microopt.cli.time_limit import limited_reading
    from microopt.plan.diagnosis import Diagnosis
    from microopt.quantities.parse_and_format import parse_size
    from microopt.rendering import plan_b_renderer
    from microopt.rendering.terminal.plan_b import plan_b_table
    from microopt.verification.reopen import reopen_plan

    check_targets(output.output, (plan, roster, posts), kind="plan" if names else "plan_b")
    shown = _without_files(output) if names else output
    writer = ResultWriter(shown, (plan, roster, posts), plan_b_renderer, plan_b_table)
    with Progress(sys.stderr, quiet=output.quiet, verbose=output.verbose) as progress, interruptible():
        progress.report("reading the plan and its roster")
        with limited_reading(solve.time_limit):
            reopened = reopen_plan(plan, roster, posts=posts, max_unpacked=parse_size(max_unpacked))
        result = find_plan_b(reopened, tuple(names), limits=solve.limits(progress.report), solver=solve.backend())
    if isinstance(result, Diagnosis):
        return report_infeasible(result, output.format)
    if names and result.plan is not None:
        write_plan(result.plan, output.output)
    writer.write(result)
    return Exit.OK if result.proven() else Exit.UNPROVEN


def _without_files(output: OutputOptions) -> OutputOptions:
    """Return the options without the files, which hold the plan."""
    from msgspec.structs import replace

    return replace(output, output=())
