"""`microopt forecast`: what each offer is expected to bring, and where each number comes from."""

from __future__ import annotations

from typing import Annotated

from microopt.campaign.options import Scope, option
from microopt.cli.command import Take, command
from microopt.cli.options import OUTPUT, CampaignOptions, OutputOptions, RosterPath


@command
def forecast(
    roster: RosterPath,
    options: Annotated[CampaignOptions, Take(scope=Scope.FORECAST)],
    output: Annotated[
        OutputOptions,
        Take(
            choices={"format": ("table", "json", "csv")},
            help={
                "format": "How to print the forecast.",
                "output": "Also write to a file: .json, .csv, .txt. Repeatable.",
            },
            without=("quiet",),
        ),
    ],
    emv: Annotated[
        bool, option("--emv", panel=OUTPUT, help="Also state the earned media value, in JSON and CSV.")
    ] = False,
) -> None:
    """Show what each offer is expected to bring, with its 80% likely range, and where each number comes from.

    Examples:

    microopt forecast roster.csv

    microopt forecast roster.csv -c campaign.toml -o forecast.csv

    microopt forecast roster.csv --estimate-fees --fit-benchmarks --order-value 45
    """
    from microopt.analysis import forecast_table as analysis
    from microopt.cli.load import load
    from microopt.cli.results import ResultWriter
    from microopt.rendering import forecast_renderer
    from microopt.rendering.terminal.forecast import forecast_table

    writer = ResultWriter(output, (roster, options.campaign_file), forecast_renderer, forecast_table)
    loaded, campaign, _ = load(roster, options, budget_needed=False)
    writer.write(analysis.build_forecast_table(loaded, campaign, emv=emv))
