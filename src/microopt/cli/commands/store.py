"""`microopt store`: look after the file of --store."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from microopt.campaign.options import option
from microopt.cli.command import Take, command
from microopt.cli.console import screen_for, write, write_json
from microopt.cli.exit_codes import Exit
from microopt.cli.options import OutputOptions

if TYPE_CHECKING:
    from microopt.verification.store_check import StoreCheck

app = typer.Typer(
    name="store",
    help="Look after the file of --store, which has the history of a campaign's runs.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@app.command("check")
@command
def check(
    *,
    store: Annotated[str, option(metavar="STORE", help="The file of --store.")],
    output: Annotated[OutputOptions, Take(help={"format": "How to print the result."}, without=("output",))],
) -> Exit:
    """Check a store: the file, the links between its tables, and the plan of each run. It is only read.

    Examples:

    microopt store check campaign.db

    microopt store check campaign.db --format json
    """
    from microopt.verification.store_check import check_store

    result = check_store(store)
    if not (output.quiet and result.sound):
        _show(result, output.format)
    return Exit.OK if result.sound else Exit.SOLVER


def _show(result: StoreCheck, format: str) -> None:
    """Write the result: on standard output, but as text on standard error if the check failed."""
    if format == "json":
        from microopt.rendering.data.json import object_json

        write_json(sys.stdout, object_json(result))
        return
    from microopt.rendering.terminal.store_check import store_check_text

    stream = sys.stdout if result.sound else sys.stderr
    write(stream, store_check_text(result, screen_for(stream)))
