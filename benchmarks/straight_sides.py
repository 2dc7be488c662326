"""The sides of `straight`: microopt and its peers on one cell, with the processor seconds of whole processes."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.peers import ABSENT
from benchmarks.process_runs import CommandRun
from benchmarks.scale_sides import (
    PLANNED,
    SPARE,
    Run,
    compare_value,
    format_gap,
    python_command,
    read_json_object,
)
from benchmarks.straight_cells import Cell
from benchmarks.straight_rosters import campaign_path, roster_path

LONG = 5.0  # seconds of a round, from which on one round is enough
TITLES = {"pulp": "PuLP + CBC", "milp": "HiGHS", "cp-sat": "CP-SAT"}
REFEREE = "cp-sat"  # asked where nobody else has a proof
COMPARED = ("pulp", "milp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long the sides may take.

    Attributes
    ----------
    own, peer
        Processor seconds of microopt and of a peer, within which a proof counts.
    patience
        Clock seconds that a processor second may take: solvers stop by the clock, and a machine may have other work.
    """

    own: float = 60.0
    peer: float = 300.0
    patience: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one side made of a cell.

    Attributes
    ----------
    runs
        Of each round.
    proven
        Whether it says in time that its plan is optimal, and the plan breaks no rule.
    found
        What its plan is: its gap, or its value beside that of microopt.
    better
        Whether its plan brings more than microopt's and breaks no rule.
    core
        How many offers microopt's prices left open.
    """

    runs: tuple[CommandRun, ...]
    proven: bool
    found: str
    better: bool = False
    core: str = ""

    @property
    def cpu(self) -> float:
        """Processor seconds, the median over the rounds."""
        return median(run.cpu for run in self.runs)

    @property
    def ended(self) -> bool:
        """Whether it came to its own end, with or without a proof."""
        return not self.runs[-1].timed_out and self.runs[-1].code in PLANNED


@dataclass(frozen=True, slots=True, kw_only=True)
class CellResult:
    """A cell with what each side made of it; a peer that is not installed is left out."""

    cell: Cell
    own: Outcome
    peers: dict[str, Outcome]

    def ratio(self, peer: str) -> float | None:
        """Return microopt's processor time relative to a peer's, or None where neither has a proof to compare."""
        other = self.peers.get(peer)
        if other is None or not other.ended or not (self.own.proven or other.proven):
            return None
        return self.own.cpu / other.cpu

    def proven_by_peers(self) -> list[str]:
        """Return the peers that have a proof."""
        return [TITLES[peer] for peer, other in self.peers.items() if other.proven]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFiles:
    """The files of a cell in a folder, and the commands on them."""

    cell: Cell
    folder: Path

    @property
    def roster(self) -> str:
        """Its roster."""
        return str(roster_path(self.folder, self.cell))

    @property
    def plan(self) -> Path:
        """Where microopt writes its plan."""
        return self.folder / f"{self.cell.name}.json"

    @property
    def program(self) -> Path:
        """The integers for the peers."""
        return self.folder / f"{self.cell.name}.npz"

    def outcome(self, peer: str) -> Path:
        """Return where a peer writes what it found."""
        return self.folder / f"{self.cell.name}-{peer}.json"

    def write_command(self) -> list[str]:
        """Return the command that writes roster and campaign."""
        return [sys.executable, "-m", "benchmarks.straight_rosters", str(self.folder), self.cell.name]

    def plan_command(self, seconds: float) -> list[str]:
        """Return the command of microopt."""
        start = python_command("from microopt.__main__ import main\nmain()")
        limits = ["-q", "--time-limit", f"{seconds:g}"]
        campaign = str(campaign_path(self.folder, self.cell))
        return [*start, "plan", self.roster, "-c", campaign, *limits, "-o", str(self.plan)]

    def program_command(self) -> list[str]:
        """Return the command that writes the integers for the peers."""
        return [sys.executable, "-m", "benchmarks.straight_program", self.roster, str(self.plan), str(self.program)]

    def peer_command(self, peer: str, seconds: float) -> list[str]:
        """Return the command of a peer."""
        start = python_command("from benchmarks.straight_peers import main\nsys.exit(main(*sys.argv[1:]))")
        return [*start, peer, self.roster, str(self.program), f"{seconds:g}", str(self.outcome(peer))]


def measure_cell(cell: Cell, folder: Path, run: Run, *, rounds: int, limits: Limits) -> CellResult:
    """Return what all sides make of a cell, in turns; the peers need a plan of microopt, for its program.

    Parameters
    ----------
    rounds
        How often each side runs, of which the median counts; once where one is slow.

    Raises
    ------
    RuntimeError
        If roster, campaign or program cannot be written.
    """
    files = CellFiles(cell=cell, folder=folder)
    _must_run(run, files.write_command())
    first = _run_own(files, run, limits)
    if first.timed_out or first.code not in PLANNED:
        return CellResult(cell=cell, own=Outcome(runs=(first,), proven=False, found=first.failure), peers={})
    _must_run(run, files.program_command())
    runs = {peer: [_run_peer(files, peer, run, limits)] for peer in COMPARED}
    all_own = [first]
    slow = any(took.seconds > LONG for took in (first, *(each[0] for each in runs.values())))
    for _ in range(0 if slow else rounds - 1):
        all_own.append(_run_own(files, run, limits))
        for peer in COMPARED:
            runs[peer].append(_run_peer(files, peer, run, limits))
    own = _own_outcome(tuple(all_own), read_json_object(files.plan), limits)
    peers = dict(_outcomes(files, runs, limits))
    if not own.proven and not any(other.proven for other in peers.values()):
        peers |= _outcomes(files, {REFEREE: [_run_peer(files, REFEREE, run, limits)]}, limits)
    return CellResult(cell=cell, own=own, peers=peers)


def _must_run(run: Run, command: Sequence[str]) -> None:
    took = run(command, SPARE)
    if took.timed_out or took.code:
        raise RuntimeError(f"{' '.join(command[1:4])}: {took.failure}")


def _run_own(files: CellFiles, run: Run, limits: Limits) -> CommandRun:
    seconds = limits.patience * limits.own
    return run(files.plan_command(seconds), seconds + SPARE)


def _run_peer(files: CellFiles, peer: str, run: Run, limits: Limits) -> CommandRun:
    files.outcome(peer).unlink(missing_ok=True)
    seconds = limits.patience * limits.peer
    return run(files.peer_command(peer, seconds), seconds + SPARE)


def _own_outcome(runs: tuple[CommandRun, ...], stated: Mapping[str, Any], limits: Limits) -> Outcome:
    took = Outcome(runs=runs, proven=False, found=format_gap(stated), core=f"{stated['proof']['core_size']:,}")
    return replace(took, proven=stated["status"] == "optimal" and took.cpu <= limits.own)


def _outcomes(
    files: CellFiles, runs: Mapping[str, Sequence[CommandRun]], limits: Limits
) -> Iterator[tuple[str, Outcome]]:
    """Yield what each installed peer found."""
    for peer, each in runs.items():
        last = each[-1]
        if last.code == ABSENT and not last.timed_out:
            continue
        if last.timed_out or last.code:
            yield peer, Outcome(runs=tuple(each), proven=False, found=last.failure)
        else:
            yield peer, _peer_outcome(tuple(each), read_json_object(files.outcome(peer)), limits)


def _peer_outcome(runs: tuple[CommandRun, ...], stated: Mapping[str, Any], limits: Limits) -> Outcome:
    sound = not stated["broken"]
    better = stated["value"] > stated["best"] and sound
    took = Outcome(runs=runs, proven=False, found=compare_value(stated), better=better)
    return replace(took, proven=stated["status"] == "optimal" and sound and took.cpu <= limits.peer)
