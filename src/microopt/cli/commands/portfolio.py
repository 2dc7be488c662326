"""`microopt portfolio`: several campaigns on one pool of creators, each with the plan that is best for all of them."""

from __future__ import annotations

from microopt.cli.command import command
from microopt.cli.exit_codes import Exit
from microopt.cli.portfolio_options import PortfolioOptions


@command
def portfolio(options: PortfolioOptions) -> Exit:
    """Plan several campaigns that share creators, a budget and rules, and prove that no division is better.

    Each campaign gets a plan of its own, which can be checked, explained and replanned like any other.

    A campaign that has a plan already is planned anew from it: signed creators stay.

    Examples:

    microopt portfolio agency.toml

    microopt portfolio agency.toml --plans 'plans/{name}.json' --plans 'pages/{name}.html' -o march.json

    microopt portfolio agency.toml --fair --allocate --format markdown
    """
    from microopt.cli.portfolio_run import run_portfolio

    return run_portfolio(options)
