"""`microopt replan`: the next plan of a campaign that is running, made every night."""

from __future__ import annotations

from microopt.cli.command import command
from microopt.cli.exit_codes import Exit
from microopt.cli.replan_options import ReplanOptions


@command
def replan(options: ReplanOptions) -> Exit:
    """Plan a campaign anew while it runs: keep who signed, learn from results, spend the rest better.

    Examples:

    microopt replan plan.json --roster roster.csv --states states.csv --results results.csv -o plan.json

    microopt replan plan.json --results results.csv --keep-at-least 80% -o plan.json --store campaign.db

    microopt replan plan.json --results results.csv --expect 'conversions >= 300' --dry-run --format line
    """
    from microopt.cli.replan_run import run_replan

    return run_replan(options)
