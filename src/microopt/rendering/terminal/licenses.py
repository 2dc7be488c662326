"""The installed parts and their licenses as a table for a person."""

from __future__ import annotations

from rich.text import Text

from microopt.readers.installed_parts import Licenses, Part
from microopt.rendering.terminal.screen import Screen, cell
from microopt.rendering.terminal.table import Column, table

PAGES = "A page of -o plan.html contains the code that draws its charts, and the notices that its licenses ask for."


def licenses_table(result: Licenses, screen: Screen) -> str:
    """Return the list as text, with a sentence on what pages contain."""
    columns: list[Column[Part]] = [
        Column("Part", lambda part: cell(part.name), min_width=10, share=2, wrap=True),
        Column("Version", lambda part: cell(part.version or "-")),
        Column("License", lambda part: cell(part.license), min_width=12, share=3, wrap=True),
        Column("Needed by", lambda part: cell(part.needed_by or "-"), priority=1),
    ]
    return screen.render(*table(columns, result.parts, screen), Text(PAGES, style="dim"))
