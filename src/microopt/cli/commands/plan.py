"""`microopt plan`: the best plan, as a table, JSON, CSV or Markdown."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from microopt.campaign.options import option
from microopt.cli.background_import import import_in_background
from microopt.cli.command import Take, command
from microopt.cli.console import write
from microopt.cli.exit_codes import Exit
from microopt.cli.options import (
    PLAN_FORMATS,
    PLAN_OUTPUT_HELP,
    SOLVE,
    CampaignOptions,
    CrossCheck,
    Details,
    Expectations,
    OutputOptions,
    RosterPath,
    SolveOptions,
)

if TYPE_CHECKING:
    from microopt.plan.plan import Plan

Repair = Annotated[
    bool,
    option("--repair", panel=SOLVE, help="If no plan keeps all rules, change as little as possible and plan."),
]
PriceRules = Annotated[
    bool, option("--price-rules", panel=SOLVE, help="Show what each rule costs: the best plan without it.")
]
Spread = Annotated[
    bool,
    option(
        "--spread",
        panel=SOLVE,
        help="Say how much the two largest creators bring, and what a cap of 25% on each creator would cost.",
    ),
]


@command
def plan(
    *,
    context: typer.Context,
    roster: RosterPath,
    options: CampaignOptions,
    solve: SolveOptions,
    repair: Repair = False,
    cross_check: CrossCheck = False,
    price_rules: PriceRules = False,
    spread: Spread = False,
    output: Annotated[OutputOptions, Take(choices={"format": PLAN_FORMATS}, help=PLAN_OUTPUT_HELP)],
    expect: Expectations = (),
    details: Details = False,
) -> Exit:
    """Find the mix of creators that brings the most within the budget and the rules, and prove it.

    Examples:

    microopt plan roster.csv --budget 20000

    microopt plan roster.csv -b 20k --niche beauty=2..5 --tier mega=..40% -o plan.json

    microopt plan roster.csv -c campaign.toml --goal conversions --where 'followers 5k..500k'
    """
    from microopt.cli.load import load_inputs
    from microopt.cli.next_command import find_repair_command, next_command_offered
    from microopt.cli.outputs import check_dates, check_targets, say_written, write_plan
    from microopt.cli.plan_search import run_search
    from microopt.cli.progress import Progress
    from microopt.cli.results import exit_code_for, report_infeasible, report_unmet, show_plan
    from microopt.plan.diagnosis import Diagnosis
    from microopt.plan.expectations import parse_expectation, stated_amounts
    from microopt.planning.optimize import optimize

    second = solve.second_backend() if cross_check else None
    expectations = tuple(map(parse_expectation, expect))
    if output.format == "table" and not output.quiet:  # CBC is a process of its own: import what shows while it works
        import_in_background("microopt.rendering.terminal.plan")
    with Progress(sys.stderr, quiet=output.quiet, verbose=output.verbose) as progress:
        check_targets(output.output, (roster, options.campaign_file))
        with next_command_offered(context, roster, options):
            inputs = load_inputs(roster, options, solve, progress, stated_amounts(expectations))
        check_dates(output.output, inputs.campaign)
        search = partial(optimize, second=second, repair=repair, price_rules=price_rules)
        result, attachments = run_search(search, inputs, output.output, solve.limits(progress.report), spread=spread)
    if inputs.campaign.calendar is not None and not output.quiet:
        from microopt.cli.past_waves import warn_of_past_waves  # only for a campaign with a calendar

        warn_of_past_waves(inputs.campaign)
    if isinstance(result, Diagnosis):
        return report_infeasible(result, output.format, repair=find_repair_command(context, result))
    write_plan(result, output.output, attachments)  # first, so that an error is the only output
    if not output.quiet:
        show_plan(result, output.format, details=details, written=output.output)
        say_written(output.output)
    _note_repair(result, output)
    return exit_code_for(result, solve.accepted_gap, report_unmet(result, expectations))


def _note_repair(plan: Plan, output: OutputOptions) -> None:
    """Say on standard error what was repaired, where the plan that is shown does not."""
    from microopt.cli.results import WITHOUT_SENTENCES

    if plan.repair is not None and (output.quiet or output.format in WITHOUT_SENTENCES):
        from microopt.rendering.wording.plan_figures import format_repair

        write(sys.stderr, f"Repaired: {format_repair(plan.repair, plan.roster.currency)}.\n")
