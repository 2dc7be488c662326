"""The screen that a text is made for, and the pieces of text that every renderer of the terminal uses."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from msgspec import Struct
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from microopt.rendering.sanitize import plain_lines, plain_text
from microopt.rendering.terminal.steady_columns import steady_line
from microopt.rendering.wording.full_stop import end_sentence

HEIGHT = 25  # lines; nothing that is shown depends on it
EIGHTHS = " ▏▎▍▌▋▊▉█"
# Colors that can be read on a light and on a dark terminal; the yellow and cyan of most terminals cannot on white.
WARNING, ACCENT, GOOD, BAD = "color(166)", "color(31)", "color(28)", "color(167)"
MESSAGE_STYLES = {
    "main fact": "bold",
    "hint": "dim",
    "note": "dim",
    "doubt": f"bold {WARNING}",
    "warning": f"bold {WARNING}",
    "caveat": WARNING,
}


class Screen(Struct, frozen=True, kw_only=True):
    """Where a text is shown.

    Attributes
    ----------
    width
        Columns.
    color
        Whether to write ANSI colors.
    """

    width: int = 80
    color: bool = False

    def render(self, *parts: RenderableType, to_paste: bool = False) -> str:
        """Return the parts as text, one below the other.

        Parameters
        ----------
        to_paste
            Whether they hold what a user pastes into a file or a shell, so that no mark may be added.
        """
        out = io.StringIO()
        console = self.console(out)
        for part in parts:
            console.print(part)
        text = self._shown("\n".join(line.rstrip() for line in out.getvalue().split("\n")))
        return text if to_paste else "\n".join(steady_line(line, terminal=self.color) for line in text.split("\n"))

    def unwrapped(self, text: Text) -> str:
        """Return text on one line, however long, so that it can be pasted."""
        out = io.StringIO()
        self.console(out).print(text, soft_wrap=True)
        return self._shown(out.getvalue())

    def _shown(self, text: str) -> str:
        return plain_lines(text, colored=self.color)

    def console(self, out: IO[str], *, record: bool = False) -> Console:
        """Return a console that depends on nothing in the environment.

        It is given a height too: where either is missing, rich takes both from a terminal that calls itself dumb. It is
        given 256 colors, as of 16 the nearest would be the yellow and the cyan that cannot be read on white.
        """
        return Console(
            file=out,
            record=record,
            width=self.width,
            height=HEIGHT,
            force_terminal=self.color,
            color_system="256" if self.color else None,
            no_color=not self.color,
            markup=False,
            highlight=False,
            emoji=False,
            soft_wrap=False,
            legacy_windows=False,
        )


def cell(text: str, style: str = "") -> Text:
    """Return text of a roster or a file, safe to show."""
    return Text(plain_text(text), style=style)


def first_fitting(lines: Sequence[str], screen: Screen, style: str = "dim") -> Text:
    """Return the first of some lines that fits the screen, the last if none does."""
    return cell(next((line for line in lines if cell_len(line) <= screen.width), lines[-1]), style)


def message_lines(messages: Iterable[tuple[str, str]], *, facts: str = "") -> Iterator[Text]:
    """Yield a line for each (kind, sentence), styled by its kind.

    Parameters
    ----------
    facts
        Style of the kind `fact`.
    """
    styles = {**MESSAGE_STYLES, "fact": facts}
    return (cell(sentence, styles.get(kind, "")) for kind, sentence in messages)


def notes_and_warnings(notes: Iterable[str], warnings: Iterable[str]) -> Iterator[Text]:
    """Yield the notes of a result, then its warnings."""
    yield from (cell(f"Note: {end_sentence(note)}", "dim") for note in notes)
    yield from (cell(f"Warning: {end_sentence(warning)}", f"bold {WARNING}") for warning in warnings)


def bar(share: float, width: int) -> str:
    """Return a bar that fills a share of `width` columns, to an eighth of a column."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    full, part = divmod(eighths, 8)
    return ("█" * full + (EIGHTHS[part] if part else "")).ljust(width)
