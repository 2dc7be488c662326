"""Startup time of the command, compared with the imports of pandas and PuLP."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from platform import python_version
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.markdown import table
from benchmarks.rosters import write_roster
from benchmarks.spec import Report, Size, Spec
from benchmarks.timing import Ratio, script_path, side_by_side, time_ratio, timing_environment, version_of

HEAVY = ("pandas", "pulp")
HELP_BAR = 2.0
BARS = {"engagement": 1.3, "balanced": 1.6}
OPEN = ["niche:beauty count 3..8", "tier:mega spend <= 50%"]
CAMPAIGNS = {"open": OPEN, "40 creators": [*OPEN, "all count ..40"]}
BUDGET = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One timed pair: a command against its peer; its bar is one of processor seconds."""

    command: str
    campaign: str
    roster: str
    ratio: Ratio
    bar: float

    @property
    def within(self) -> bool:
        """Whether it is within its bar."""
        return self.ratio.cpu <= self.bar

    def cells(self) -> list[str]:
        """Return its row of the table."""
        took = self.ratio
        seconds, spread = (f"{took.seconds:.2f} s", f"{took.peer:.2f} s"), f"{took.low:.2f}..{took.high:.2f}"
        verdict = "within" if self.within else "over"
        ratios = [f"{took.cpu:.2f}", f"{took.value:.2f}", spread]
        return [self.command, self.campaign, self.roster, *seconds, *ratios, f"{self.bar}", verdict]


def run(size: Size) -> Report:
    """Time `microopt plan` and `microopt --help` against their imports."""
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        env = timing_environment(str(Path(folder, "compiled")))
        cases = [case for seed in size.seeds for case in _plans(Path(folder), size, seed, env)]
        cases.append(_help(size, env))
        loaded = _loaded_by_help(env)
    heavy = " and ".join(loaded) if loaded else "neither pandas nor PuLP"
    text = "\n\n".join([_summary(cases), f"`microopt --help` loads {heavy}.", _summarize_cases(cases), _method(size)])
    missed = [
        f"{case.command}, {case.campaign}, {case.roster}: {case.ratio.cpu:.2f} of CPU time, the bar is {case.bar}"
        for case in cases
        if not case.within
    ]
    return Report(text=text, missed=(*missed, *(f"microopt --help loads {name}" for name in loaded)))


def _plans(folder: Path, size: Size, seed: int, env: Mapping[str, str]) -> Iterator[Case]:
    """Time every campaign and goal on the roster of one seed."""
    path = write_roster(folder, size.creators, seed)
    peer = [sys.executable, "-c", f"import {', '.join(HEAVY)}"]
    for name, rules in CAMPAIGNS.items():
        for goal, bar in BARS.items():
            times = side_by_side({"peer": peer, "plan": _plan(path, goal, rules)}, size.rounds, env)
            took = time_ratio(times["plan"], times["peer"])
            yield Case(command=f"plan --goal {goal}", campaign=name, roster=f"seed {seed}", ratio=took, bar=bar)


def _plan(path: Path, goal: str, rules: list[str]) -> list[str]:
    flags = [flag for rule in rules for flag in ("--rule", rule)]
    return [script_path("microopt"), "plan", str(path), "--budget", str(BUDGET), "--goal", goal, *flags]


def _help(size: Size, env: Mapping[str, str]) -> Case:
    commands = {"peer": [sys.executable, "-c", "import typer"], "help": [script_path("microopt"), "--help"]}
    times = side_by_side(commands, 3 * size.rounds, env)
    took = time_ratio(times["help"], times["peer"])
    return Case(command="--help", campaign="", roster="", ratio=took, bar=HELP_BAR)


def _loaded_by_help(env: Mapping[str, str]) -> list[str]:
    """Return which of the heavy modules `microopt --help` imports."""
    command = [sys.executable, "-X", "importtime", "-m", "microopt", "--help"]
    log = subprocess.run(command, env=dict(env), capture_output=True, text=True, check=True).stderr
    modules = {line.rpartition("|")[2].strip() for line in log.splitlines()}
    return [name for name in HEAVY if name in modules]


def _summary(cases: list[Case]) -> str:
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case.command, case.campaign), []).append(case)
    rows = []
    for (command, campaign), own in groups.items():
        values = [case.ratio.cpu for case in own]
        spread = f"{min(values):.2f}..{max(values):.2f}" if len(own) > 1 else ""
        within = f"{sum(case.within for case in own)} of {len(own)}"
        ratios = [f"{median(values):.2f}", spread, f"{own[0].bar}", within]
        rows.append([f"`microopt {command}`", campaign, *ratios, f"{median(case.ratio.value for case in own):.2f}"])
    return table(
        ["Command", "Campaign", "Of CPU time", "Over the rosters", "Bar", "Within", "By the clock"], rows, left=2
    )


def _summarize_cases(cases: list[Case]) -> str:
    times = ["Takes", "Peer", "Of CPU time", "By the clock", "Over the rounds"]
    headers = ["Command", "Campaign", "Roster", *times, "Bar", ""]
    return table(headers, [case.cells() for case in cases], left=3)


def _method(size: Size) -> str:
    beside = ", ".join(f"{name} {version_of(name)}" for name in ("pandas", "pulp", "pyarrow", "typer"))
    return (
        f"{size.creators:,} creators a roster; rosters: {len(size.seeds)}; rounds: {size.rounds} after one to warm up; "
        f"Python {python_version()}, {beside}; {os.cpu_count()} cores, shared with other work."
    )


SPEC = Spec(
    name="startup",
    about="whole processes: `microopt plan` against `import pandas, pulp`, `microopt --help` against `import typer`",
    full=Size(creators=1_000, seeds=(1, 2, 3, 4, 5), rounds=7),
    smoke=Size(creators=100, seeds=(1,), rounds=1),
    run=run,
)
