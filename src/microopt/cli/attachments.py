"""The page and the workbook of a plan that was just made; what takes long is begun while the plan is sought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from threading import Thread

from msgspec.structs import replace

from microopt.plan.plan import Plan
from microopt.rendering import format_of, plan_renderer, report_renderer
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend
from microopt.solver.result import Limit, SolveLimits

HTML, XLSX = "html", "xlsx"


def attachment_formats(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the formats to be written that tell more than the plan itself, and begin then what a page needs."""
    wanted = {format_of(path) for path in paths}
    if HTML in wanted:  # solvers are processes of their own, and leave time for it
        from microopt.rendering.charts.vega_bundle import started

        started()
        Thread(target=import_module, args=("microopt.rendering.html.page",), daemon=True).start()
    return tuple(name for name in (HTML, XLSX) if name in wanted)


def render_attachments(
    plan: Plan, roster: Roster, formats: Sequence[str], limits: SolveLimits, solver: Backend
) -> Mapping[str, str | bytes]:
    """Return what is written in each of these formats: of a page with the budgets that there is time for.

    A workbook alone has the ranges, and no other budgets: these take a while.
    """
    from microopt.analysis.report import ranged, report

    if plan.proof.limit == Limit.INTERRUPT:
        limits = replace(limits, seconds=0.0)
    try:
        found = report(plan, roster, limits=limits, solver=solver) if HTML in formats else ranged(plan, roster)
        return {name: report_renderer(name)(found) for name in formats}
    except KeyboardInterrupt:  # the plan is there
        return {name: plan_renderer(name)(plan) for name in formats}
