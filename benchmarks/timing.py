"""Time whole processes side by side: A B C, A B C, ..., so that other load on the machine affects all alike."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from time import perf_counter

Command = Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One run of a command: seconds from start to end, and processor seconds of all it started."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """The time of a command relative to its peer.

    Attributes
    ----------
    seconds, peer
        Medians over the rounds, from start to end.
    low, high
        The least and the greatest ratio within one round.
    cpu
        The ratio of the medians of processor seconds, which other work on the machine disturbs less.
    """

    seconds: float
    peer: float
    low: float
    high: float
    cpu: float

    @property
    def value(self) -> float:
        """The ratio of the medians."""
        return self.seconds / self.peer


def time_ratio(own: Sequence[Timing], peer: Sequence[Timing]) -> Ratio:
    """Return the times of a command relative to those of its peer, round by round."""
    each = [a.wall / b.wall for a, b in zip(own, peer, strict=True)]
    return Ratio(
        seconds=median(took.wall for took in own),
        peer=median(took.wall for took in peer),
        low=min(each),
        high=max(each),
        cpu=median(took.cpu for took in own) / median(took.cpu for took in peer),
    )


def script_path(name: str) -> str:
    """Return the path of a console script of this interpreter's environment."""
    return str(Path(sys.executable).with_name(name))


def version_of(package: str) -> str:
    """Return the version of a package that is measured, or that it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def timing_environment(cache: str) -> dict[str, str]:
    """Return the environment of a timed process: as a user's, with compiled modules kept in `cache`.

    Where `PYTHONDONTWRITEBYTECODE` is set, a package that was just edited would be compiled again in every run, and
    its peer would not.
    """
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONSTARTUP")
    remaining = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**remaining, "PYTHONPYCACHEPREFIX": cache, "COLUMNS": "100", "NO_COLOR": "1"}


def side_by_side(
    commands: Mapping[str, Command], rounds: int, env: Mapping[str, str], ends: Collection[int] = (0,)
) -> dict[str, list[Timing]]:
    """Return the timings of each command in each round, after one round that is not counted.

    Parameters
    ----------
    ends
        Exit codes that are no failure.

    Raises
    ------
    RuntimeError
        If a command fails.
    """
    times: dict[str, list[Timing]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            took = run_once(command, env, ends)
            if number:
                times[name].append(took)
    return times


def run_once(
    command: Command, env: Mapping[str, str], ends: Collection[int] = (0,), folder: Path | None = None
) -> Timing:
    """Return the timing of a command, which runs in a folder, by default the current one; see `side_by_side`.

    Raises
    ------
    RuntimeError
        If it fails.
    """
    start, used = perf_counter(), _cpu()
    done = subprocess.run(command, cwd=folder, env=dict(env), capture_output=True, text=True, check=False)
    took = Timing(wall=perf_counter() - start, cpu=_cpu() - used)
    if done.returncode not in ends:
        raise RuntimeError(f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return took


def _cpu() -> float:
    """Return the processor seconds of all processes that were started here and have ended."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
