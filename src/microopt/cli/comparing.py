"""What `microopt compare` does once its flags are read."""

from __future__ import annotations

from typing import TextIO

from microopt.cli import studying
from microopt.cli.planning import Request
from microopt.exits import Exit
from microopt.renderers import comparison_renderer
from microopt.renderers.comparison_table import comparison_table
from microopt.studies.compare import compare


def run(request: Request, out: TextIO, err: TextIO) -> Exit:
    """Make the comparison, write it, show it, and return the exit code."""
    return studying.run(
        request, out, err, study=compare, renderer=comparison_renderer, table=comparison_table,
        done=lambda found: found.proven(request.gap),
    )  # fmt: skip
