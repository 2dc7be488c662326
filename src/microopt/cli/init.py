"""`microopt init`: a sample roster and campaign to start from."""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from microopt.cli.boundary import boundary
from microopt.cli.console import write
from microopt.errors import OutputError

SAMPLES = ("roster.csv", "campaign.toml")


def init(
    folder: Annotated[str, typer.Argument(metavar="[DIR]", help="Where to write them; made if it is not there.")] = ".",
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
) -> None:
    """Write a sample roster and campaign to start from.

    Example:

    microopt init spring && microopt plan spring/roster.csv -c spring/campaign.toml
    """
    with boundary():
        from microopt.cli.output import write_all

        target = Path(folder)
        there = [name for name in SAMPLES if (target / name).exists()]
        if there and not force:
            raise OutputError(
                f"{target / there[0]} is there already", fix="name another folder, or replace it with --force"
            )
        _make(target)
        samples = resources.files("microopt").joinpath("samples")
        write_all({str(target / name): samples.joinpath(name).read_text("utf-8") for name in SAMPLES})
        roster, campaign = (str(target / name) for name in SAMPLES)
        write(sys.stdout, f"Wrote {roster} (invented creators) and {campaign}. Now:\n")
        write(sys.stdout, f"  microopt plan {quote(roster)} -c {quote(campaign)}\n")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {folder}: {error.strerror}", fix="name another folder") from None
