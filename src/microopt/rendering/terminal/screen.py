"""Screen: how wide a text may be and whether it may have colour; turns rich things into text."""

from __future__ import annotations

import io

from msgspec import Struct
from rich.console import Console, RenderableType
from rich.text import Text

from microopt.rendering.sanitize import plain


class Screen(Struct, frozen=True, kw_only=True):
    """Where a text is going.

    Attributes
    ----------
    width
        Columns.
    colour
        Whether to write ANSI colours.
    """

    width: int = 80
    colour: bool = False

    def render(self, *parts: RenderableType) -> str:
        """Return the parts as text, one below the other."""
        out = io.StringIO()
        console = Console(
            file=out,
            width=self.width,
            force_terminal=self.colour,
            color_system="auto" if self.colour else None,
            no_color=not self.colour,
            markup=False,
            highlight=False,
            emoji=False,
            soft_wrap=False,
            legacy_windows=False,
        )
        for part in parts:
            console.print(part)
        return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def cell(text: str, style: str = "") -> Text:
    """Return text from a cell, safe to show."""
    return Text(plain(text), style=style)
