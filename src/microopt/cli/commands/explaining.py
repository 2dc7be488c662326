"""What `microopt explain` does once its flags are read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, TextIO

from microopt.analysis.explain.explain import explain
from microopt.analysis.session import PlanSession, session_from_file, session_from_roster
from microopt.cli.exit_codes import Exit
from microopt.cli.outputs import check_targets
from microopt.cli.planning import Request, load_inputs, report_infeasible, request_of
from microopt.cli.progress import Progress
from microopt.cli.shared_options import campaign_flags
from microopt.cli.showing import show
from microopt.cli.signals import solving
from microopt.errors import UsageError
from microopt.plan.plan import Diagnosis
from microopt.quantities.parse_and_format import parse_size
from microopt.rendering import explanation_renderer, format_from_path
from microopt.rendering.terminal.explain import explanation_table
from microopt.solver.backends.base import load_backend
from microopt.storage.atomic_write import write_files


def run(params: Mapping[str, Any], out: TextIO, err: TextIO) -> Exit:
    """Explain, write it, show it, and return the exit code."""
    names = _names(params)
    request = request_of({**params, "roster": params["plan"]})
    renderers = {path: explanation_renderer(format_from_path(path)) for path in request.output or ()}
    with Progress(err, quiet=request.quiet, every=request.verbose) as progress, solving():
        asked = _asked(params, request, progress)
        if not isinstance(asked, Diagnosis):
            limits, solver = request.limits(progress.report), load_backend(request.solver)
            found = explain(asked, names, limits=limits, solver=solver)
    if isinstance(asked, Diagnosis):
        return report_infeasible(asked, request.format, out, err)
    write_files({path: render(found) for path, render in renderers.items()})
    if not request.quiet:
        show(found, request.format, out, renderer=explanation_renderer, table=explanation_table)
    return Exit.OK if found.finished else Exit.UNPROVEN


def _names(params: Mapping[str, Any]) -> tuple[str, ...]:
    """Return who is asked about, nobody for every pick.

    Raises
    ------
    UsageError
        If nobody is, or both some and all.
    """
    names = tuple(params["who"] or ())
    if bool(names) != params["all_picks"]:
        return names
    told = "--all asks about every pick, and creators are named too" if names else "nobody is asked about"
    raise UsageError(told, fix="name creators, such as microopt explain plan.json @anna, or give --all alone")


def _asked(params: Mapping[str, Any], request: Request, progress: Progress) -> PlanSession | Diagnosis:
    """Reopen the plan, or make the one of a roster.

    Raises
    ------
    UsageError
        If a plan is given with the options of another, or a roster twice.
    """
    plan = params["plan"]
    if plan == "-" or PurePath(plan).suffix.casefold() == ".json":
        given = campaign_flags(params)
        if given:
            fix = f"leave {', '.join(given)} out, or give the roster instead of the plan"
            raise UsageError(f"the plan {plan} has its campaign already", fix=fix, code="plan-and-campaign")
        check_targets(request.output or (), (plan, params["roster"]))
        progress.report("reading the plan and its roster")
        return session_from_file(plan, params["roster"], max_unpacked=parse_size(request.max_unpacked))
    if params["roster"] is not None:
        fix = "give a plan (.json) before it, or the roster alone"
        raise UsageError(f"{plan} is taken for a roster, and --roster gives another", fix=fix, code="roster-twice")
    solver, roster, campaign, _ = load_inputs(request, progress)
    return session_from_roster(roster, campaign, limits=request.limits(progress.report), solver=solver)
