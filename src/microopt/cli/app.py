"""The Typer app and its commands."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from microopt.cli.error_boundary import boundary
from microopt.cli.lazy_commands import LazyCommands
from microopt.errors import UsageError

COMMANDS = LazyCommands(
    "plan",
    "compare",
    "explain",
    "frontier",
    "alternatives",
    "tradeoff",
    "simulate",
    "check",
    "forecast",
    "claims",
    "history",
    "report",
    "verify",
    "replan",
    "portfolio",
    "batch",
    "plan-b",
    "outreach",
    "init",
    "licenses",
    "store",
)
MIN_SIMILARITY = 0.7  # of the names of options without their dashes, which make names seem nearer than they are


class QuickGroup(TyperGroup):
    """The list of commands in plain text: rich takes longer to import than all the rest of `microopt --help`.

    An error of Typer itself becomes JSON with `--format json`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rich_markup_mode = None
        self.commands = COMMANDS  # type: ignore[assignment]  # Typer only reads it

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Keep the arguments as they were written."""
        ctx.meta["microopt.args"] = list(args)
        return super().parse_args(ctx, args)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the commands for the one list of the folder, where microopt was called without arguments."""
        super().format_epilog(ctx, formatter)
        if ctx.meta.get("microopt.args"):
            return
        from microopt.cli.next_command import first_commands

        if commands := first_commands(Path()):
            with formatter.section("For the list in this folder"):
                formatter.write("".join(f"  {command}\n" for command in commands))

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if hasattr(error, "possibilities"):  # an unknown option
                error.possibilities = _near_options(error)
            args = ctx.meta["microopt.args"]
            wants_json = "--format=json" in args or ("--format", "json") in pairwise(args)
            if not hasattr(error, "format_message"):  # which only Typer's own errors have
                raise
            from microopt.cli.parse_errors import restate

            restated = restate(error, args)
            if restated is None and not wants_json:
                raise
            with boundary(as_json=wants_json):
                raise restated or UsageError(error.format_message(), fix=f"see microopt {args[0]} --help") from None


def _near_options(error: Any) -> list[str]:
    """Return, of the options that are suggested for an unknown one, those that are longer or differ by a slip."""
    from difflib import SequenceMatcher

    word = error.option_name.lstrip("-")
    names = {option: option.lstrip("-") for option in error.possibilities or ()}
    return [
        option
        for option, name in names.items()
        if name.startswith(word) or SequenceMatcher(None, word, name).ratio() >= MIN_SIMILARITY
    ]


app = typer.Typer(
    name="microopt",
    cls=QuickGroup,
    help="Plan an influencer campaign: the mix of micro and mega creators that brings the most within a budget, "
    "proven best.\n\n\b\nStart with:\n  microopt check roster.csv\n  microopt plan roster.csv --budget 20000\n\n"
    "No list yet?  microopt init  writes an example.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
