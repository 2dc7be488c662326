"""`microopt licenses`: the packages that microopt is installed with, and under which licenses."""

from __future__ import annotations

import sys
from typing import Annotated

from microopt.cli.command import Take, command
from microopt.cli.console import screen_for, write, write_json
from microopt.cli.options import OutputOptions


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
        from microopt.rendering.terminal.licenses import licenses_table

        write(sys.stdout, licenses_table(result, screen_for(sys.stdout)))
