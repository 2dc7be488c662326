"""`microopt licenses`: the packages that microopt is installed with, and under which licenses."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from microopt.cli.command import Take, command
from microopt.cli.console import screen_for, write, write_json
from microopt.cli.options import OutputOptions

if TYPE_CHECKING:
    from microopt.readers.installed_parts import Part


@command
def licenses(
    *,
    output: Annotated[
        OutputOptions, Take(help={"format": "How to print the list."}, without=("output", "quiet", "verbose"))
    ],
) -> None:
    """List the packages that microopt is installed with, and their licenses.

    Examples:

    microopt licenses

    microopt licenses --format json
    """
    from microopt.readers.installed_parts import installed_parts

    result = installed_parts()
    if output.format == "json":
        from microopt.rendering.data.json import object_json

        write_json(sys.stdout, object_json(result))
    else:
        write(sys.stdout, _table(result.parts))


def _table(parts: tuple[Part, ...]) -> str:
    """Return the list as a table, with a sentence on what pages contain."""
    from rich.text import Text

    from microopt.rendering.terminal.table import Column, table

    screen = screen_for(sys.stdout)
    columns: list[Column[Part]] = [
        Column("Part", lambda part: part.name, min_width=10, share=2, wrap=True),
        Column("Version", lambda part: part.version or "-"),
        Column("License", lambda part: part.license, min_width=12, share=3, wrap=True),
        Column("Needed by", lambda part: part.needed_by or "-", priority=1),
    ]
    note = "A page of -o plan.html contains the code that draws its charts, and the notices that its licenses ask for."
    return screen.render(*table(columns, parts, screen), Text(note, style="dim"))
