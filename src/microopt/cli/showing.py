"""How an answer is printed, in the format that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO, TypeVar

from microopt.cli.console import screen_of, write, write_json

if TYPE_CHECKING:
    from microopt.rendering.terminal.screen import Screen

T = TypeVar("T")


def show(
    found: T,
    format: str,
    out: TextIO,
    *,
    renderer: Callable[[str], Callable[[T], str | bytes]],
    table: Callable[[T, Screen], str],
) -> None:
    """Print an answer in a format."""
    if format == "table":
        write(out, table(found, screen_of(out)))
    else:
        show_text(renderer(format)(found), format, out)


def show_text(text: str | bytes, format: str, out: TextIO) -> None:
    """Print what a renderer wrote in a format that is none of files alone."""
    assert isinstance(text, str)
    (write_json if format == "json" else write)(out, text)
