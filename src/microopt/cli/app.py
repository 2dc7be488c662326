"""The Typer app and its commands."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from microopt.cli import check, init, plan


class QuickGroup(TyperGroup):
    """The list of commands in plain text: rich takes longer to import than all the rest of `microopt --help`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rich_markup_mode = None


app = typer.Typer(
    name="microopt",
    cls=QuickGroup,
    help="Plan an influencer campaign: the mix of micro and mega creators that brings the most within a budget, "
    "proven best.\n\nStart with:  microopt init  and  microopt plan roster.csv --budget 20000",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("plan")(plan.plan)
app.command("check")(check.check)
app.command("init")(init.init)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"microopt {version('microopt')}")
        raise typer.Exit


@app.callback()
def _top(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    pass
