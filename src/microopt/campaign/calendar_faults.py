"""What is wrong with the table `[calendar]`, each fault with its key."""

from __future__ import annotations

from microopt.errors import Fault


class Faults:
    """Collects what is wrong with the table, so that all of it is told at once."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add_fault(self, code: str, message: str, fix: str, key: str) -> None:
        """Add a fault of a key of the table."""
        self.found.append(Fault(code=code, message=f"[calendar]: {message}", fix=fix, column=f"calendar.{key}"))
