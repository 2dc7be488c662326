"""Parse the parts of a campaign one by one, and collect what is wrong with each until all are parsed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from microopt.errors import Fault, MicrooptError

A = TypeVar("A")
B = TypeVar("B")


class PartParser:
    """Parses parts, and has the faults of all of them so far."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def one(self, parse: Callable[[A], B], value: A, default: B) -> B:
        """Return a part, or what stands for it if it cannot be parsed."""
        try:
            return parse(value)
        except MicrooptError as error:
            self.faults.extend(error.faults)
            return default

    def each(self, parse: Callable[[str], B], lines: Sequence[str]) -> list[B]:
        """Return the lines that can be parsed."""
        parsed: list[B] = []
        for line in lines:
            try:
                parsed.append(parse(line))
            except MicrooptError as error:
                self.faults.extend(error.faults)
        return parsed
