"""What `microopt plan` does once its flags are read: load, optimise, print, write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from threading import Thread
from typing import Any, TextIO

from microopt.campaign.campaign import Campaign
from microopt.campaign.settings import CampaignInput
from microopt.cli.attachments import attachment_formats, render_attachments
from microopt.cli.console import screen_of, write, write_json
from microopt.cli.exit_codes import Exit
from microopt.cli.load import RosterFlags, load, pairs, pools
from microopt.cli.outputs import check_targets, write_plan
from microopt.cli.progress import Progress
from microopt.cli.request import SolveFlags, refuse_nan
from microopt.cli.showing import show_text
from microopt.cli.signals import solving
from microopt.plan.expectations import Expectation, Unmet, parse_expectation, unmet
from microopt.plan.plan import Diagnosis, Plan
from microopt.planning.optimize import optimize
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.parse_and_format import parse_size
from microopt.readers.plan_file import read_ideals
from microopt.rendering import plan_renderer
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend, load_backend


class Request(SolveFlags, frozen=True, kw_only=True):
    """The flags of `microopt plan`, and of the studies that take them, as written, under their own names."""

    roster: str
    campaign: str | None
    budget: str | None
    goal: str | None
    worth: Sequence[str] | None
    rule: Sequence[str] | None
    niche: Sequence[str] | None
    tier: Sequence[str] | None
    platform: Sequence[str] | None
    region: Sequence[str] | None
    creators: str | None
    include: Sequence[str] | None
    exclude: Sequence[str] | None
    competitor: Sequence[str] | None
    one_offer_per: str | None
    target: Sequence[str] | None
    ideals: str | None
    audience: Sequence[str] | None
    tiers: str | None
    per_creator: str | None
    order_value: str | None
    where: Sequence[str] | None
    estimate_fees: bool
    no_shrink: bool
    fit_benchmarks: bool
    max_sponsored_share: str | None
    with_minors: bool
    skip_bad_rows: bool
    sheet: str | None
    max_unpacked: str
    format: str
    output: Sequence[str] | None
    quiet: bool
    verbose: bool
    repair: bool = False
    price_rules: bool = False
    expect: Sequence[str] | None = None

    def settings(self) -> CampaignInput:
        """Return the flags that shape the campaign."""
        by, sizes = pools(self.audience or ())
        shorts = {"niche": self.niche, "tier": self.tier, "platform": self.platform, "region": self.region}
        return CampaignInput(
            budget=self.budget,
            goal=self.goal,
            worth=pairs(self.worth or (), "--worth"),
            rules=self.rule or (),
            shorts=tuple((column, text) for column, texts in shorts.items() for text in texts or ()),
            where=self.where or (),
            creators=self.creators,
            include=self.include or (),
            exclude=self.exclude or (),
            competitors=self.competitor or (),
            one_offer_per=self.one_offer_per,
            target=pairs(self.target or (), "--target"),
            audience_by=by,
            audience=sizes,
            ideals=() if self.ideals is None else read_ideals(self.ideals),
            tiers=self.tiers,
            per_creator=self.per_creator,
            order_value=self.order_value,
            estimate_fees=self.estimate_fees,
            no_shrink=self.no_shrink,
            fit_benchmarks=self.fit_benchmarks,
            max_sponsored_share=self.max_sponsored_share,
            with_minors=self.with_minors,
        )

    def reading(self) -> RosterFlags:
        """Return the flags that say how the roster is read."""
        unpacked = parse_size(self.max_unpacked)
        return RosterFlags(skip_bad_rows=self.skip_bad_rows, sheet=self.sheet, max_unpacked=unpacked)


def request_of(params: Mapping[str, Any]) -> Request:
    """Return the flags of a command that are plan's, its own left out."""
    return Request(**{name: params[name] for name in Request.__struct_fields__ if name in params})


def run(request: Request, out: TextIO, err: TextIO) -> Exit:
    """Make the plan, write it, show it, and return the exit code."""
    second = request.second()
    expectations = tuple(map(parse_expectation, request.expect or ()))
    if request.format == "table" and not request.quiet:  # CBC is a process of its own: import what shows while it works
        Thread(target=import_module, args=("microopt.rendering.terminal.plan",), daemon=True).start()
    with Progress(err, quiet=request.quiet, every=request.verbose) as progress:
        found, pages = _sought(request, second, progress)
    if isinstance(found, Diagnosis):
        return report_infeasible(found, request.format, out, err)
    write_plan(found, request.output or (), pages)  # first: what cannot be written is then all that is told
    if not request.quiet:
        show_plan(found, request.format, out)
    if found.repair is not None and (request.quiet or request.format == "csv"):
        from microopt.rendering.wording.plan_figures import format_repair

        write(err, f"Repaired: {format_repair(found.repair, found.roster.currency)}.\n")
    return exit_code_for(found, request.gap, tell_unmet(found, expectations, err))


def exit_code_for(plan: Plan, gap: float, unmet: Sequence[Unmet]) -> Exit:
    """Return the exit code of a plan: of expectations that are not met, before a proof that is not there."""
    if unmet:
        return Exit.EXPECTATION
    within = plan.proof.status == "optimal" or (gap > 0 and plan.proof.gap <= gap)
    return Exit.OK if within and not plan.proof.unconfirmed else Exit.UNPROVEN


def tell_unmet(plan: Plan, expectations: Sequence[Expectation], err: TextIO) -> tuple[Unmet, ...]:
    """Say which expectations a plan does not meet, and return them."""
    found = unmet(plan, expectations)
    if found:
        write(err, "".join(f"Expectation: {one.message}.\n" for one in found))
    return found


def _sought(
    request: Request, second: Backend | None, progress: Progress
) -> tuple[Plan | Diagnosis, Mapping[str, str | bytes]]:
    """Return the plan, and by format what is written of it that needs more than the plan."""
    solver, roster, campaign, digest = load_inputs(request, progress)
    more = attachment_formats(request.output or ())
    stint = TimeBudget(request.limits(progress.report))
    with solving():
        found = optimize(
            roster,
            campaign,
            limits=stint.limits,
            solver=solver,
            second=second,
            campaign_sha256=digest,
            repair=request.repair,
            price_rules=request.price_rules,
        )
        if not more or isinstance(found, Diagnosis):
            return found, {}
        return found, render_attachments(found, roster, more, stint.remaining_limits(), solver)


def load_inputs(request: Request, progress: Progress) -> tuple[Backend, Roster, Campaign, str | None]:
    """Return the solver, the roster, the campaign and its file's SHA-256, once all that is asked for can be done.

    Raises
    ------
    MicrooptError
        If a flag, a target, the roster or the campaign is wrong.
    """
    check_targets(request.output or (), (request.roster, request.campaign))
    refuse_nan(("--time-limit", request.time_limit), ("--gap", request.gap))
    solver = load_backend(request.solver)
    progress.report("reading the roster")
    return (solver, *load(request.roster, request.settings(), request.campaign, request.reading()))


def show_plan(plan: Plan, format: str, out: TextIO) -> None:
    """Print a plan in a format."""
    if format == "table":
        from microopt.rendering.terminal.plan import plan_table

        write(out, plan_table(plan, screen_of(out)))
    else:
        show_text(plan_renderer(format)(plan), format, out)


def report_infeasible(diagnosis: Diagnosis, format: str, out: TextIO, err: TextIO) -> Exit:
    """Say why there is no plan, and return the exit code."""
    if format == "json":
        from microopt.rendering.data.json import diagnosis_json

        write_json(out, diagnosis_json(diagnosis))
    else:
        from microopt.rendering.terminal.diagnosis_and_errors import diagnosis_text

        write(err, diagnosis_text(diagnosis, screen_of(err)))
    if diagnosis.limit == "interrupt":
        return Exit.INTERRUPTED
    return Exit.INFEASIBLE if diagnosis.status == "infeasible" and not diagnosis.unconfirmed else Exit.NO_PLAN
