"""Time whole processes side by side: A B C, A B C, ..., so that a busy moment of the machine falls on all alike."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

Command = Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """How much longer a command takes than its peer.

    Attributes
    ----------
    seconds, peer
        Medians over the rounds.
    low, high
        The least and the greatest ratio within one round.
    """

    seconds: float
    peer: float
    low: float
    high: float

    @property
    def value(self) -> float:
        """The ratio of the medians."""
        return self.seconds / self.peer


def ratio(mine: Sequence[float], peer: Sequence[float]) -> Ratio:
    """Return how the times of a command stand to those of its peer, round by round."""
    each = [a / b for a, b in zip(mine, peer, strict=True)]
    return Ratio(seconds=median(mine), peer=median(peer), low=min(each), high=max(each))


def script(name: str) -> str:
    """Return the path of a console script of this interpreter's environment."""
    return str(Path(sys.executable).with_name(name))


def environment(cache: str) -> dict[str, str]:
    """Return the environment of a timed process: as a user's, with compiled modules kept in `cache`.

    Where `PYTHONDONTWRITEBYTECODE` is set, a package that was just edited would be compiled again in every run, and
    its peer would not.
    """
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONSTARTUP")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "PYTHONPYCACHEPREFIX": cache, "COLUMNS": "100", "NO_COLOR": "1"}


def side_by_side(commands: Mapping[str, Command], rounds: int, env: Mapping[str, str]) -> dict[str, list[float]]:
    """Return the seconds of each command in each round, after one round that is not counted.

    Raises
    ------
    RuntimeError
        If a command fails.
    """
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            taken = _seconds(command, env)
            if number:
                seconds[name].append(taken)
    return seconds


def _seconds(command: Command, env: Mapping[str, str]) -> float:
    start = perf_counter()
    done = subprocess.run(command, env=dict(env), capture_output=True, text=True, check=False)
    taken = perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return taken
