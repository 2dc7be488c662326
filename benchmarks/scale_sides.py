"""The sides of `scale`: microopt, pandas and the peers, their times and memory, and the cells of their rows."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.peers import ABSENT
from benchmarks.process_runs import CommandRun
from benchmarks.reading import WITHOUT_PYARROW
from benchmarks.scale_rosters import KINDS, campaign_path, roster_path

SLOW = 60.0  # seconds of a round, from which on one round is enough
EAGER = 30.0  # seconds at the size of the bars, from which on ten times the offers would take over the limit
SPARE = 300.0  # seconds beside its own limit, for reading and writing, until microopt is ended
PLANNED = (0, 5)  # exit codes: proven, and stopped before the proof
TITLES = {
    "pulp": "PuLP + CBC",
    "milp": "scipy.optimize.milp",
    "cp-sat": "OR-Tools CP-SAT",
    "greedy": "greedy by value per dollar",
}
SAYS = {"greedy": "", "optimal": "says optimal"}
COLUMNS = ("Offers", "Side", "Takes", "of pandas", "Over the rounds", "Peak", "of pandas", "Value", "Core", "Shown by")

Run = Callable[[Sequence[str], float], CommandRun]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleInstance:
    """A roster with its campaign, in a folder of its own size.

    Attributes
    ----------
    run
        Runs a command, for so many seconds at most.
    """

    kind: str
    offers: int
    folder: Path
    run: Run

    @property
    def roster(self) -> str:
        """Its roster."""
        return str(roster_path(self.folder, self.kind))

    @property
    def program(self) -> Path:
        """The file of its integer program, for the peers."""
        return self.folder / f"{self.kind}.npz"

    @property
    def title(self) -> str:
        """Its name in the report of a missed bar."""
        return f"{KINDS[self.kind].title}, {self.offers:,} offers"

    def plan(self, name: str) -> Path:
        """Return where a plan of it is written."""
        return self.folder / f"{self.kind}-{name}.json"

    def plan_command(self, name: str, *flags: str, seconds: float, pyarrow: bool = False) -> list[str]:
        """Return the command that plans it."""
        code = "from microopt.__main__ import main\nmain()"
        end = ["-c", str(campaign_path(self.folder, self.kind)), "-q", "--time-limit", str(seconds)]
        return [*python_command(code, pyarrow=pyarrow), "plan", self.roster, *end, "-o", str(self.plan(name)), *flags]

    def read_command(self, *, pyarrow: bool = False) -> list[str]:
        """Return the command that only reads it."""
        return [*python_command("import pandas\npandas.read_csv(sys.argv[1])", pyarrow=pyarrow), self.roster]


def python_command(code: str, *, pyarrow: bool = False) -> list[str]:
    """Return the command that runs some code, which may use `sys`, as if there were no pyarrow unless it may see it."""
    lines = ["import sys", *([] if pyarrow else [WITHOUT_PYARROW]), code]
    return [sys.executable, "-c", "\n".join(lines)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideResult:
    """Time and memory of one side.

    Attributes
    ----------
    side
        As the table calls it.
    runs
        Of each round; none where it was not run.
    why
        What the cell says instead of a time.
    value, core, shown
        What its plan is worth beside the others, how many offers prices left open, what the proof rests on.
    """

    side: str
    runs: tuple[CommandRun, ...] = ()
    why: str = ""
    value: str = ""
    core: str = ""
    shown: str = ""

    @property
    def ended(self) -> bool:
        """Whether it has a time."""
        return bool(self.runs) and not self.why

    @property
    def seconds(self) -> float:
        """The median over the rounds."""
        return median(run.seconds for run in self.runs)

    @property
    def megabytes(self) -> float:
        """The median over the rounds."""
        return median(run.megabytes for run in self.runs)

    def time_ratio(self, peer: SideResult) -> float:
        """Its time relative to that of a peer."""
        return self.seconds / peer.seconds

    def memory_ratio(self, peer: SideResult) -> float:
        """Its memory relative to that of a peer."""
        return self.megabytes / peer.megabytes

    def cells(self, offers: int, pandas: SideResult) -> list[str]:
        """Return its row, in the order of `COLUMNS`."""
        end = [self.value, self.core, self.shown]
        if not self.ended:
            peak = f"{self.megabytes:,.0f} MB" if self.runs else ""
            return [f"{offers:,}", self.side, self.why, "", "", peak, "", *end]
        held = f"{self.megabytes:,.0f} MB"
        if self is pandas or not pandas.ended:
            return [f"{offers:,}", self.side, format_seconds(self.seconds), "", "", held, "", *end]
        each = [own.seconds / peer.seconds for own, peer in zip(self.runs, pandas.runs, strict=False)]
        spread = f"{min(each):.2f}..{max(each):.2f}" if len(each) > 1 else ""
        times = [format_seconds(self.seconds), f"{self.time_ratio(pandas):.2f}", spread]
        return [f"{offers:,}", self.side, *times, held, f"{self.memory_ratio(pandas):.2f}", *end]


def format_seconds(amount: float) -> str:
    """Return seconds as a cell shows them."""
    return f"{amount:.2f} s" if amount < 10 else f"{amount:.1f} s"


def run_in_turns(
    commands: Mapping[str, Sequence[str]], run: Run, *, rounds: int, warm: bool, limit: float
) -> dict[str, tuple[CommandRun, ...]]:
    """Return what each command took in each round: A B C, A B C, ...

    Parameters
    ----------
    warm
        Whether a round before is not counted; it is where a command is slow or fails, and is then the only one.
    """
    result: dict[str, list[CommandRun]] = {name: [] for name in commands}
    alone: set[str] = set()
    for number in range(rounds + warm):
        for name, command in commands.items():
            if name in alone:
                continue
            took = run(command, limit)
            if took.seconds > SLOW or took.timed_out or took.code not in PLANNED:
                alone.add(name)
            if number >= warm or name in alone:
                result[name].append(took)
    return {name: tuple(runs) for name, runs in result.items()}


def plan_result(side: str, path: Path, runs: tuple[CommandRun, ...]) -> SideResult:
    """Return the runs of a side that plans, and the status of the plan it wrote last."""
    last = runs[-1]
    if last.timed_out or last.code not in PLANNED:
        return SideResult(side=side, runs=runs, why=last.failure)
    stated = read_json_object(path)
    core, shown = f"{stated['proof']['core_size']:,}", stated["proof"]["proven_by"]
    return SideResult(side=side, runs=runs, value=format_gap(stated), core=core, shown=shown)


def read_result(side: str, runs: tuple[CommandRun, ...]) -> SideResult:
    """Return the runs of a side that only reads."""
    last = runs[-1]
    return SideResult(side=side, runs=runs, why=last.failure if last.timed_out or last.code else "")


def read_json_object(path: Path) -> dict[str, Any]:
    """Return the object of a JSON file."""
    stated: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return stated


def format_gap(stated: Mapping[str, Any]) -> str:
    """Return how far a plan is from its bound."""
    return "optimum, proven" if stated["status"] == "optimal" else f"gap {100 * stated['proof']['gap']:.2g}%"


@dataclass(kw_only=True)
class TimeAllowance:
    """Which peers are still worth running as sizes grow.

    Attributes
    ----------
    limit
        Seconds after which a peer is ended.
    bars
        The size of the bars: what is slow there is not run at ten times as many offers.
    """

    limit: float
    bars: int
    past: dict[str, tuple[int, CommandRun]] = field(default_factory=dict)

    def refusal(self, peer: str, offers: int) -> str:
        """Return why a peer is not run, empty if it is."""
        if peer not in self.past:
            return ""
        before, took = self.past[peer]
        if took.timed_out:
            return f"> {self.limit:.0f} s (not run: {took.failure} at {before:,})"
        if took.ran_out_of_memory:
            return f"out of memory (not run: at {before:,})"
        if offers > self.bars and took.code == 0 and took.seconds > EAGER and peer != "greedy":
            return f"> {self.limit:.0f} s (not run: {took.seconds:.0f} s at {before:,})"
        return ""


def prepare_program(instance: ScaleInstance, name: str) -> str:
    """Write the integers of a plan for the peers; return the error, empty if there is none."""
    command = [sys.executable, "-m", "benchmarks.scale_program", instance.roster, str(instance.plan(name))]
    took = instance.run([*command, str(instance.program)], 2 * SPARE)
    return took.failure if took.timed_out or took.code else ""


def run_peer(
    instance: ScaleInstance, peer: str, patience: TimeAllowance, *, limit: float, insist: bool = False
) -> SideResult:
    """Run a peer once.

    Parameters
    ----------
    insist
        Run it although it was too slow for fewer offers.
    """
    refused = "" if insist else patience.refusal(peer, instance.offers)
    if refused:
        return SideResult(side=TITLES[peer], why=refused)
    out = instance.folder / f"{instance.kind}-{peer}.json"
    took = instance.run([sys.executable, "-m", "benchmarks.peers", peer, str(instance.program), str(out)], limit)
    patience.past[peer] = (instance.offers, took)
    if took.code == ABSENT and not took.timed_out:
        return SideResult(side=TITLES[peer], why="not installed")
    if took.timed_out or took.code:
        return SideResult(side=TITLES[peer], runs=(took,), why=took.failure)
    stated = read_json_object(out)
    return SideResult(
        side=TITLES[peer], runs=(took,), value=compare_value(stated), shown=SAYS.get(stated["status"], stated["status"])
    )


def compare_value(stated: Mapping[str, Any]) -> str:
    """Return the value of a peer relative to that of microopt, and the rules it breaks."""
    value, best, broken = stated["value"], stated["best"], stated["broken"]
    if stated["picks"] == 0 and stated["status"] not in ("optimal", "greedy"):
        return "no plan"
    text = "the same" if value == best else f"{100 * (value - best) / max(1, abs(best)):+.3g}%"
    return text if not broken else f"{text}, breaks {len(broken)} rule{'s' if len(broken) > 1 else ''}"


def missed_by_peer(instance: ScaleInstance, own: SideResult, peer: SideResult) -> list[str]:
    """Return the missed bar if a peer has a better plan that breaks no rule."""
    if not peer.value.startswith("+") or "breaks" in peer.value:
        return []
    return [f"{instance.title}: {peer.side} finds {peer.value} more than microopt ({own.value})"]
