"""What is wrong with the table `[calendar]`, or with `--waves`, each fault with its key."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from microopt.errors import Fault

EXAMPLE = ("2027-03", "2027-04")  # waves that a fix writes where those that are meant are not known


class Faults:
    """Collects what is wrong with a calendar, so that all of it is told at once.

    Parameters
    ----------
    waves_of_flag, retainer_of_flag
        Whether `--waves` gives the waves, and `--retainer` the retainer, so that they are corrected there.
    """

    def __init__(self, *, waves_of_flag: bool = False, retainer_of_flag: bool = False) -> None:
        self.found: list[Fault] = []
        self.waves_of_flag = waves_of_flag
        self._flags = {"waves": waves_of_flag, "retainer": retainer_of_flag}

    def add_fault(self, code: str, message: str, fix: str, key: str) -> None:
        """Add a fault of a key of the table."""
        place = f"--{key}" if self._flags.get(key) else "[calendar]"
        self.found.append(Fault(code=code, message=f"{place}: {message}", fix=fix, column=f"calendar.{key}"))

    def write_waves(self, waves: Sequence[str]) -> str:
        """Return the flag or the line of the file that gives these waves."""
        if self.waves_of_flag:
            return f"--waves {shlex.quote(','.join(waves))}"
        listed = ", ".join(f'"{wave}"' for wave in waves)
        return f"waves = [{listed}]"
