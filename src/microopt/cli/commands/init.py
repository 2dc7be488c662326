"""`microopt init`: a sample roster and campaign to start from."""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path
from shlex import quote
from typing import Annotated

from microopt.campaign.options import option
from microopt.cli.command import command
from microopt.cli.console import write, write_json
from microopt.errors import OutputError

SAMPLES = ("roster.csv", "campaign.toml")
SCHEMAS = (
    "plan",
    "diagnosis",
    "portfolio",
    "portfolio_diagnosis",
    "forecast",
    "frontier",
    "tradeoff",
    "risk_front",
    "compare",
    "over_time",
    "plan_comparison",
    "plan_b",
    "alternatives",
    "explain",
    "simulation",
    "history",
    "outreach",
    "batch",
    "verification",
    "store_check",
    "check",
    "claims",
    "run",
    "licenses",
    "error",
    "campaign",
    "portfolio_file",
)  # as in microopt.rendering.schemas, which takes long to import

SchemaName = Annotated[
    str | None,
    option(
        "--schema",
        metavar="NAME",
        choices=SCHEMAS,
        help="Only print the JSON Schema of an output, or of the campaign or portfolio file.",
    ),
]


@command
def init(
    folder: Annotated[str, option(metavar="[DIR]", help="Folder to write to; created if it does not exist.")] = ".",
    force: Annotated[bool, option("--force", help="Replace existing files.")] = False,
    schema: SchemaName = None,
) -> None:
    """Write a sample roster and campaign to start from.

    Examples:

    microopt init spring && microopt plan spring/roster.csv -c spring/campaign.toml

    microopt init --schema plan > plan.schema.json   (what -o plan.json writes, for validators and editors)
    """
    if schema is not None:
        from microopt.rendering.schemas import schema_text

        write_json(sys.stdout, schema_text(schema))
        return
    roster, campaign = _write_samples(Path(folder), force=force)
    write(sys.stdout, f"Wrote {roster} (invented creators) and {campaign}. Now:\n")
    write(sys.stdout, f"  microopt plan {quote(roster)} -c {quote(campaign)}\n")


def _write_samples(target: Path, *, force: bool) -> tuple[str, str]:
    """Write the samples, and return their paths."""
    from microopt.storage.atomic_write import write_files

    _make_folder(target)
    existing = [name for name in SAMPLES if (target / name).exists()]
    if existing and not force:
        fix = "name another folder, or replace the files with --force"
        raise OutputError(f"{target / existing[0]} already exists", fix=fix)
    samples = resources.files("microopt.cli").joinpath("samples")
    write_files({str(target / name): samples.joinpath(name).read_text("utf-8") for name in SAMPLES})
    return str(target / SAMPLES[0]), str(target / SAMPLES[1])


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message, fix = f"cannot create the folder {folder}: {error.strerror}", "name another: microopt init FOLDER"
        raise OutputError(message, fix=fix) from None
