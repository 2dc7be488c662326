"""The page of a plan that was just made: what takes long is begun while the plan is sought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from threading import Thread

from msgspec.structs import replace

from microopt.plan import Plan
from microopt.renderers import format_of, plan_renderer, report_renderer
from microopt.roster import Roster
from microopt.solver.answer import Limit, Limits
from microopt.solver.backend import Backend

HTML = "html"


def page_wanted(paths: Sequence[str]) -> bool:
    """Return whether a page is to be written, and begin then what it needs."""
    if HTML not in map(format_of, paths):
        return False
    begin_page()
    return True


def begin_page() -> None:
    """Begin to load what draws a page: solvers are processes of their own, and leave time for it."""
    from microopt.renderers.vega_bundle import begun

    begun()
    Thread(target=import_module, args=("microopt.renderers.report_html",), daemon=True).start()


def page_of(plan: Plan, roster: Roster, limits: Limits, solver: Backend) -> Mapping[str, str]:
    """Return the page by its format, with the budgets that there is time for; none after an interrupt."""
    from microopt.studies.report import report

    if plan.proof.limit == Limit.INTERRUPT:
        limits = replace(limits, seconds=0.0)
    try:
        return {HTML: report_renderer(HTML)(report(plan, roster, limits=limits, solver=solver))}
    except KeyboardInterrupt:  # the plan is there
        return {HTML: plan_renderer(HTML)(plan)}
