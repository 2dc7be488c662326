"""`microopt simulate`: what a plan may bring, how likely it meets what is asked of it, and who carries the risk."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Annotated

from microopt.campaign.flag_values import amounts_of
from microopt.campaign.options import option
from microopt.cli.command import Take, command
from microopt.cli.exit_codes import Exit
from microopt.cli.options import MaxUnpacked, OutputOptions, PlanPath, PlanPosts, PlanRoster
from microopt.quantities.parse_and_format import parse_size

SIMULATION = "Simulation"

SimulationOutput = Annotated[
    OutputOptions,
    Take(
        choices={"format": ("table", "json", "csv", "markdown")},
        help={
            "format": "How to print the simulation.",
            "output": "Also write to a file: .json, .csv, .md, .txt, a page .html, a workbook .xlsx, pictures .png and "
            ".svg. Repeatable.",
        },
    ),
]
Draws = Annotated[int, option("--draws", panel=SIMULATION, metavar="N", help="How many outcomes to simulate.")]
Seed = Annotated[
    int | None,
    option(
        "--seed",
        panel=SIMULATION,
        metavar="N",
        help="Seed of the draws: the same one gives the same outcomes. By default the one after the seed of the plan, "
        "usually 2, so that a plan is judged by outcomes that it was not chosen by.",
    ),
]
Targets = Annotated[
    Mapping[str, str],
    option(
        "--target",
        panel=SIMULATION,
        metavar="METRIC=N",
        parse=amounts_of("--target"),
        help="Say how likely the plan reaches this total: conversions=300. Repeatable.",
    ),
]
Expected = Annotated[
    Sequence[str],
    option(
        "--expect",
        panel=SIMULATION,
        metavar="'MEASURE RANGE'",
        help="Say how likely the plan meets this: 'cpa <= 60', 'spend <= 95%'. Repeatable.",
    ),
]


@command
def simulate(
    *,
    plan: PlanPath,
    roster: PlanRoster = None,
    posts: PlanPosts = None,
    max_unpacked: MaxUnpacked = "4G",
    draws: Draws = 10_000,
    seed: Seed = None,
    target: Targets = {},  # noqa: B006 (nobody changes it)
    expect: Expected = (),
    output: SimulationOutput,
) -> Exit:
    """Show what a plan may bring: likely totals, the chance to meet each target and rule, and who carries the risk.

    Every outcome draws together what each creator may bring and whether they accept, by the forecast's own uncertainty.

    Examples:

    microopt simulate plan.json

    microopt simulate plan.json --target conversions=300 --expect 'cpa <= 60'

    microopt simulate plan.json --draws 50000 -o simulation.html -o simulation.xlsx
    """
    from microopt.analysis.session import PlanSession
    from microopt.analysis.simulation.simulate import check_draws, parse_targets
    from microopt.analysis.simulation.simulate import simulate as simulate_plan
    from microopt.cli.progress import Progress
    from microopt.cli.results import ResultWriter
    from microopt.plan.expectations import parse_expectation
    from microopt.rendering import simulation_renderer
    from microopt.rendering.terminal.simulation import simulation_table

    check_draws(draws, seed)
    targets, expectations = parse_targets(target), [*map(parse_expectation, expect)]
    writer = ResultWriter(output, (plan, roster, posts), simulation_renderer, simulation_table)
    with Progress(sys.stderr, quiet=output.quiet, verbose=output.verbose) as progress:
        progress.report("reading the plan and its roster")
        session = PlanSession.from_file(plan, roster, posts=posts, max_unpacked=parse_size(max_unpacked))
        result = simulate_plan(
            session, draws=draws, seed=seed, targets=targets, expectations=expectations, report=progress.report
        )
    writer.write(result)
    return Exit.OK
