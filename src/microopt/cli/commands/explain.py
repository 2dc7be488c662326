"""`microopt explain`: why a creator is in the plan or not, and the fee at which that changes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from microopt.campaign.options import option
from microopt.cli.command import Take, command, command_line_flags
from microopt.cli.exit_codes import Exit
from microopt.cli.options import OUTPUT, CampaignOptions, OutputOptions, PlanRoster, SolveOptions
from microopt.errors import UsageError
from microopt.files.reading import source_name

if TYPE_CHECKING:
    from microopt.analysis.session import PlanSession
    from microopt.cli.progress import Progress
    from microopt.plan.diagnosis import Diagnosis

FLAGS_OF_ANY_PLAN = ("plan", "names", "all_picks", "roster", "posts", "max_unpacked", "time_limit", "gap", "solver")
FLAGS_OF_OUTPUT = ("format", "output", "quiet", "verbose")


@command
def explain(
    *,
    context: typer.Context,
    plan: Annotated[
        str, option(metavar="PLAN", help="A plan (.json; - is standard input), or a roster with plan's options.")
    ],
    options: CampaignOptions,
    solve: SolveOptions,
    names: Annotated[Sequence[str], option(metavar="CREATOR", help="Creators to explain, by name.")] = (),
    all_picks: Annotated[bool, option("--all", panel=OUTPUT, help="Explain every creator of the plan.")] = False,
    roster: PlanRoster = None,
    output: Annotated[OutputOptions, Take(help={"format": "How to print the explanation."})],
) -> Exit:
    """Say why creators are in the plan or not, and up to which fee they are worth their money.

    It shows the quote, the going rate and the walk-away fee: one cent more, and the plan is just as good without them.
    For a creator you required with --include, that fee is measured without the requirement. PLAN is a plan file; with a
    roster and plan's options instead, the plan is made first.

    Examples:

    microopt explain plan.json @anna @ben

    microopt explain plan.json --all

    microopt explain roster.csv @anna --budget 20000
    """
    from microopt.analysis.explain.explain import explain as explain_creators
    from microopt.cli.progress import Progress
    from microopt.cli.results import ResultWriter, report_infeasible
    from microopt.cli.signals import interruptible
    from microopt.plan.diagnosis import Diagnosis
    from microopt.rendering import explanation_renderer
    from microopt.rendering.terminal.explain import explanation_table

    _check_creators(names, all_picks=all_picks)
    flags = command_line_flags(context, without=(*FLAGS_OF_ANY_PLAN, *FLAGS_OF_OUTPUT))
    _check_source(plan, roster, flags)
    sources = (plan, roster, options.settings.posts, options.campaign_file)
    writer = ResultWriter(output, sources, explanation_renderer, explanation_table)
    with Progress(sys.stderr, quiet=output.quiet, verbose=output.verbose) as progress, interruptible():
        session = _open_session(plan, roster, options, solve, progress)
        if not isinstance(session, Diagnosis):
            limits, solver = solve.limits(progress.report), solve.backend()
            result = explain_creators(session, tuple(names), limits=limits, solver=solver)
    if isinstance(session, Diagnosis):
        return report_infeasible(session, output.format)
    writer.write(result)
    proof = session.solved.proof
    made_unproven = not _is_plan(plan) and proof.status != "optimal" and abs(proof.gap) > solve.accepted_gap
    return Exit.OK if result.finished and not made_unproven else Exit.UNPROVEN


def _check_creators(names: Sequence[str], *, all_picks: bool) -> None:
    """Refuse to explain nobody, or both some creators and all."""
    if bool(names) == all_picks:
        message = "--all explains every pick, but creators are named too" if names else "no creator is named"
        raise UsageError(message, fix="name at least one creator (microopt explain plan.json @anna), or use --all")


def _check_source(plan: str, roster: str | None, flags: Sequence[str]) -> None:
    """Refuse a plan with the options of another, and a roster that is given twice."""
    if _is_plan(plan) and flags:
        fix = f"leave {', '.join(flags)} out, or give the roster instead of the plan"
        message = f"{source_name(plan)} is a plan, which has its campaign already"
        raise UsageError(message, fix=fix, code="plan-and-campaign")
    if not _is_plan(plan) and roster is not None:
        fix = "give a plan (plan.json) with --roster, or the roster alone"
        raise UsageError(f"{plan} is read as a roster, but --roster names another", fix=fix, code="roster-twice")


def _is_plan(path: str) -> bool:
    return path == "-" or PurePath(path).suffix.casefold() == ".json"


def _open_session(
    plan: str, roster: str | None, options: CampaignOptions, solve: SolveOptions, progress: Progress
) -> PlanSession | Diagnosis:
    """Reopen the plan, or make the one of a roster."""
    from microopt.analysis.session import PlanSession
    from microopt.cli.load import load_inputs
    from microopt.cli.time_limit import limited_reading
    from microopt.quantities.parse_and_format import parse_size

    if _is_plan(plan):
        progress.report("reading the plan and its roster")
        with limited_reading(solve.time_limit):
            max_unpacked = parse_size(options.reading.max_unpacked)
            return PlanSession.from_file(plan, roster, posts=options.settings.posts, max_unpacked=max_unpacked)
    inputs = load_inputs(plan, options, solve, progress)
    limits = solve.limits(progress.report)
    return PlanSession.from_roster(inputs.roster, inputs.campaign, limits=limits, solver=inputs.solver)
