"""How time and memory grow from a thousand to ten million offers, compared with reading alone and other solvers."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from platform import python_version
from tempfile import TemporaryDirectory

from benchmarks.markdown import table
from benchmarks.peers import PEERS
from benchmarks.process_runs import ROOM, CommandRun, run_command
from benchmarks.reading import has_pyarrow
from benchmarks.scale_hard import HARD, HARD_COLUMNS, HARD_SECONDS, MOST_OFFERS, PEER_SECONDS, run_hard_rosters
from benchmarks.scale_rosters import BUDGET, PLAIN, RULES
from benchmarks.scale_sides import (
    COLUMNS,
    ScaleInstance,
    SideResult,
    TimeAllowance,
    missed_by_peer,
    plan_result,
    prepare_program,
    read_result,
    run_in_turns,
    run_peer,
)
from benchmarks.spec import Report, Size, Spec
from benchmarks.timing import timing_environment, version_of

LIMIT = 300.0  # seconds: where a peer is ended, and for microopt's own search
MOST = 900.0  # seconds that PuLP may take to show that it is a hundred times as slow
TIMES = 100.0
GROWTH = 10.0
TIME_BARS = {"balanced": 2.5, "conversions": 2.0, "engagement": 2.0}
MEMORY_BAR = 1.5
GOALS: dict[str, tuple[str, ...]] = {
    "balanced": (),
    "conversions": ("--goal", "conversions"),
    "engagement": ("--goal", "engagement"),
}
PANDAS = "pandas.read_csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """All sides at one size; microopt and pandas by whether they see pyarrow."""

    instance: ScaleInstance
    pandas: Mapping[bool, SideResult]
    plans: Mapping[tuple[str, bool], SideResult]
    peers: Mapping[str, SideResult]

    def rows(self) -> Iterator[list[str]]:
        """Yield the rows of the table."""
        for pyarrow, pandas in self.pandas.items():
            for goal in GOALS:
                yield self.plans[goal, pyarrow].cells(self.instance.offers, pandas)
            yield pandas.cells(self.instance.offers, pandas)
        for peer in self.peers.values():
            yield peer.cells(self.instance.offers, self.pandas[False])

    def missed(self) -> Iterator[str]:
        """Yield in which plans microopt has no proof, and where a peer finds more."""
        text = self.instance.title
        for plan in self.plans.values():
            if plan.why or not plan.value.startswith("optimum"):
                yield f"{text}: {plan.side} has no proof: {plan.why or plan.value}"
        for peer in self.peers.values():
            yield from missed_by_peer(self.instance, self.plans["balanced", False], peer)


def run(size: Size) -> Report:
    """Measure size by size; the rosters of one are removed before those of the next are written."""
    plain, hard, missed = [], [], []
    stages = ""
    patience = TimeAllowance(limit=LIMIT, bars=size.creators)
    patiences = {kind: TimeAllowance(limit=PEER_SECONDS, bars=size.creators) for kind in HARD}
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        env = environment()
        for offers in sorted({*size.sizes, *size.hard}):
            kinds = [kind for kind in HARD if offers in size.hard and offers <= MOST_OFFERS.get(kind, offers)]
            with written_rosters(Path(folder, str(offers)), offers, size, kinds, env) as instances:
                if offers in size.sizes:
                    plain.append(_plain(instances[PLAIN], size, patience))
                    _print_rows(plain[-1].rows())
                stages = _stages(instances[PLAIN]) if offers == size.creators else stages
                for kind in kinds:
                    rows, more = run_hard_rosters(instances[kind], patiences[kind], size.peers or PEERS)
                    _print_rows(rows)
                    hard += rows
                    missed += more
    rows = [cells for each in plain for cells in each.rows()]
    lines = [line for each in plain for line in each.missed()]
    hardest = table(HARD_COLUMNS, sorted(hard, key=lambda cells: list(HARD.values()).index(cells[0])), left=3)
    text = "\n\n".join([table(COLUMNS, rows, left=2), _method(size), hardest, _hard_method(), stages])
    return Report(text=text, missed=(*_missed_bars(plain, size), *lines, *missed))


def _print_rows(rows: Iterable[Sequence[str]]) -> None:
    """Show measurements as they arrive: the full benchmark takes an hour."""
    for cells in rows:
        print(" | ".join(cells), file=sys.stderr, flush=True)


def environment() -> dict[str, str]:
    """Return a user's environment, with the source tree that this benchmark itself runs on, if one was named.

    Modules are compiled where they are installed: a peer that is run once must not be charged for compiling its own.
    """
    env = timing_environment("")
    del env["PYTHONPYCACHEPREFIX"]
    path = os.environ.get("PYTHONPATH")
    return {**env, **({"PYTHONPATH": path} if path else {})}


@contextmanager
def written_rosters(
    folder: Path, offers: int, size: Size, kinds: Sequence[str], env: Mapping[str, str]
) -> Iterator[dict[str, ScaleInstance]]:
    """Write the rosters of one size, and remove them in the end."""
    folder.mkdir()
    run = partial(_run, env=env)
    every = (PLAIN, *kinds)
    command = [sys.executable, "-m", "benchmarks.scale_rosters", str(folder), str(offers), str(size.seeds[0]), *every]
    wrote = run(command, 3 * LIMIT)
    if wrote.code:
        raise RuntimeError(f"no rosters of {offers:,} offers: {wrote.failure}")
    try:
        yield {kind: ScaleInstance(kind=kind, offers=offers, folder=folder, run=run) for kind in every}
    finally:
        shutil.rmtree(folder)


def _run(command: Sequence[str], limit: float, *, env: Mapping[str, str]) -> CommandRun:
    return run_command(command, env=env, seconds=limit)


def _plain(instance: ScaleInstance, size: Size, patience: TimeAllowance) -> Plain:
    rounds = size.rounds if 10 * instance.offers <= size.creators else min(size.rounds, 3)
    rounds = 1 if instance.offers > size.creators else rounds
    pandas, plans = {}, {}
    for pyarrow in (False, True) if instance.offers == size.creators and has_pyarrow() else (False,):
        end = ", with pyarrow" if pyarrow else ""
        commands = {
            f"microopt, {goal}{end}": instance.plan_command(f"{goal}{end}", *flags, seconds=LIMIT, pyarrow=pyarrow)
            for goal, flags in GOALS.items()
        }
        commands[f"{PANDAS}{end}"] = instance.read_command(pyarrow=pyarrow)
        runs = run_in_turns(commands, instance.run, rounds=rounds, warm=rounds > 1, limit=3 * LIMIT)
        pandas[pyarrow] = read_result(f"{PANDAS}{end}", runs[f"{PANDAS}{end}"])
        for goal in GOALS:
            side = f"microopt, {goal}{end}"
            plans[goal, pyarrow] = plan_result(side, instance.plan(f"{goal}{end}"), runs[side])
    peers = _peers(instance, plans["balanced", False], size, patience)
    return Plain(instance=instance, pandas=pandas, plans=plans, peers=peers)


def _peers(instance: ScaleInstance, own: SideResult, size: Size, patience: TimeAllowance) -> dict[str, SideResult]:
    """Run each peer once; at the size of the bars PuLP for as long as its bar needs."""
    wrong = own.why or prepare_program(instance, "balanced")
    if wrong:
        return {peer: SideResult(side=peer, why=f"not run: no program ({wrong})") for peer in PEERS}
    result = {}
    for peer in PEERS:
        insist = peer == "pulp" and instance.offers == size.creators
        limit = min(MOST, max(LIMIT, 1.05 * TIMES * own.seconds)) if insist else LIMIT
        result[peer] = run_peer(instance, peer, patience, limit=limit, insist=insist)
    return result


def _missed_bars(plain: Sequence[Plain], size: Size) -> Iterator[str]:
    """Yield each bar that is missed."""
    at = {each.instance.offers: each for each in plain}
    top = at.get(size.creators)
    if top is None:
        return
    for (goal, pyarrow), plan in top.plans.items():
        pandas = top.pandas[pyarrow]
        if not (plan.ended and pandas.ended):
            continue
        if plan.time_ratio(pandas) > TIME_BARS[goal]:
            yield f"{plan.side}: {plan.time_ratio(pandas):.2f} times pandas, the bar is {TIME_BARS[goal]}"
        if plan.memory_ratio(pandas) > MEMORY_BAR:
            yield f"{plan.side}: {plan.memory_ratio(pandas):.2f} times its memory, the bar is {MEMORY_BAR}"
    yield from _compare_with_pulp(top.plans["balanced", False], top.peers["pulp"])
    before = at.get(size.creators // 10)
    for goal in GOALS if before else ():
        assert before is not None
        small, large = before.plans[goal, False], top.plans[goal, False]
        if small.ended and large.ended and large.seconds > GROWTH * small.seconds:
            yield f"{goal}: ten times the offers take {large.seconds / small.seconds:.1f} times as long, the bar is 10"


def _compare_with_pulp(own: SideResult, pulp: SideResult) -> Iterator[str]:
    if not (own.ended and pulp.runs):
        yield f"PuLP cannot be compared: {pulp.why or own.why}"
    elif pulp.why and not pulp.runs[-1].timed_out:
        yield f"PuLP failed, so its bar is not shown: {pulp.why}"
    elif pulp.seconds < TIMES * own.seconds:
        stopped = ", and was ended before it was done" if pulp.runs[-1].timed_out else ""
        yield f"PuLP takes {pulp.seconds / own.seconds:.1f} times as long{stopped}; the bar is {TIMES:g}"


def _stages(instance: ScaleInstance) -> str:
    """Return where the time of one plan goes, as a table."""
    out = instance.folder / "stages.json"
    plan = instance.plan_command("stages", seconds=LIMIT)
    arguments = plan[plan.index("plan") :]
    took = instance.run([sys.executable, "-m", "benchmarks.stages", str(out), *arguments], 3 * LIMIT)
    if not out.exists():
        raise RuntimeError(f"no profile: {took.err.strip()[-500:]}")
    parts: dict[str, float] = json.loads(out.read_text(encoding="utf-8"))
    total = sum(parts.values())
    rows = [[stage, f"{part:.3f} s", f"{100 * part / total:.0f}%"] for stage, part in parts.items()]
    rows.append(["in all", f"{total:.3f} s", f"{100 * total / took.seconds:.0f}% of the process"])
    note = f"Where the time of one `microopt plan` goes at {instance.offers:,} offers, goal balanced, without pyarrow; "
    note += "each stage without the others that it calls, in one run with a clock around each."
    return f"{table(['Stage', 'Takes', 'Share'], rows)}\n\n{note}"


def _method(size: Size) -> str:
    beside = ", ".join(f"{name} {version_of(name)}" for name in ("pandas", "pyarrow", "pulp", "scipy", "ortools"))
    return (
        f"Budget ${BUDGET:,} and {len(RULES)} rules; whole processes, without pyarrow unless it is named; rounds: "
        f"{size.rounds} after one to warm up, {min(3, size.rounds)} at {size.creators:,} offers, one above; peers "
        f"once, ended after {LIMIT:.0f} s (PuLP at {size.creators:,} after {TIMES:g} times microopt, {MOST:.0f} s at "
        f"most) or at {ROOM >> 30} GB of addresses. Python {python_version()}, {beside}; {os.cpu_count()} cores, "
        "shared with other work."
    )


def _hard_method() -> str:
    return (
        f"The hard end: one run each, microopt with {HARD_SECONDS:.0f} s, peers with {PEER_SECONDS:.0f} s; a gap after "
        "10 s is of a run of its own with `--time-limit 10`. Half of all fees buys some 800,000 creators of a million: "
        "that is left out, for writing such a plan takes longer than making it."
    )


SPEC = Spec(
    name="scale",
    about="whole plans of a thousand to ten million offers, beside `pandas.read_csv`, other solvers and a greedy pick",
    full=Size(
        creators=1_000_000,
        seeds=(1,),
        rounds=5,
        sizes=(1_000, 10_000, 100_000, 1_000_000, 10_000_000),
        hard=(1_000, 100_000, 1_000_000),
    ),
    smoke=Size(creators=400, seeds=(1,), rounds=1, sizes=(200, 400), hard=(200,), peers=("greedy",)),
    run=run,
)
