"""Whole plans of a million offers beside `pandas.read_csv` of the same roster, in time, processor time and memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from platform import python_version
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.markdown import table
from benchmarks.process_runs import CommandRun
from benchmarks.reading import has_pyarrow
from benchmarks.scale import GOALS, MEMORY_BAR, PANDAS, TIME_BARS, environment, written_rosters
from benchmarks.scale_rosters import KINDS, PLAIN
from benchmarks.scale_sides import ScaleInstance, SideResult, format_seconds, plan_result, read_result, run_in_turns
from benchmarks.spec import Report, Size, Spec
from benchmarks.timing import version_of

CAMPAIGNS = (PLAIN, "caps")
LIMIT = 300.0  # seconds of a plan's own search
COLUMNS = ("Campaign", "Side", "Takes", "of pandas", "Over the rounds", "Of CPU time", "Peak", "of pandas", "Plan")


def run(size: Size) -> Report:
    """Measure each campaign on one roster, without pyarrow and with it."""
    rows, missed = [], []
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        path = Path(folder, "rosters")
        with written_rosters(path, size.creators, size, CAMPAIGNS[1:], environment()) as instances:
            for kind in CAMPAIGNS:
                for pyarrow in (False, True) if has_pyarrow() else (False,):
                    pandas, plans = _measure(instances[kind], size.rounds, pyarrow=pyarrow)
                    rows += [_cells(kind, plan, pandas) for plan in (*plans.values(), pandas)]
                    missed += [*_missed(kind, plans, pandas)]
    return Report(text=f"{table(COLUMNS, rows, left=2)}\n\n{_method(size)}", missed=tuple(missed))


def _measure(instance: ScaleInstance, rounds: int, *, pyarrow: bool) -> tuple[SideResult, dict[str, SideResult]]:
    """Return pandas' side and, by goal, those of microopt, in turns."""
    end = ", with pyarrow" if pyarrow else ""
    names = {goal: f"microopt, {goal}{end}" for goal in GOALS}
    commands = {
        names[goal]: instance.plan_command(names[goal], *flags, seconds=LIMIT, pyarrow=pyarrow)
        for goal, flags in GOALS.items()
    }
    commands[f"{PANDAS}{end}"] = instance.read_command(pyarrow=pyarrow)
    runs = run_in_turns(commands, instance.run, rounds=rounds, warm=rounds > 1, limit=3 * LIMIT)
    plans = {goal: plan_result(name, instance.plan(name), runs[name]) for goal, name in names.items()}
    return read_result(f"{PANDAS}{end}", runs[f"{PANDAS}{end}"]), plans


def _cells(kind: str, side: SideResult, pandas: SideResult) -> list[str]:
    if not (side.ended and pandas.ended):
        return [KINDS[kind].title, side.side, side.why or "not compared", *[""] * (len(COLUMNS) - 3)]
    held = f"{side.megabytes:,.0f} MB"
    if side is pandas:
        return [KINDS[kind].title, side.side, format_seconds(side.seconds), "", "", "", held, "", ""]
    each = [own.seconds / peer.seconds for own, peer in zip(side.runs, pandas.runs, strict=False)]
    times = [format_seconds(side.seconds), f"{side.time_ratio(pandas):.2f}", f"{min(each):.2f}..{max(each):.2f}"]
    cpu = f"{_cpu(side.runs) / _cpu(pandas.runs):.2f}"
    return [KINDS[kind].title, side.side, *times, cpu, held, f"{side.memory_ratio(pandas):.2f}", side.value]


def _cpu(runs: tuple[CommandRun, ...]) -> float:
    return median(run.cpu for run in runs)


def _missed(kind: str, plans: dict[str, SideResult], pandas: SideResult) -> Iterator[str]:
    """Yield each bar that is missed."""
    for goal, plan in plans.items():
        name = f"{KINDS[kind].title}: {plan.side}"
        if not (plan.ended and pandas.ended):
            yield f"{name}: {plan.why or pandas.why}"
            continue
        if plan.time_ratio(pandas) > TIME_BARS[goal]:
            yield f"{name}: {plan.time_ratio(pandas):.2f} times pandas, the bar is {TIME_BARS[goal]}"
        if plan.memory_ratio(pandas) > MEMORY_BAR:
            yield f"{name}: {plan.memory_ratio(pandas):.2f} times its memory, the bar is {MEMORY_BAR}"
        if plan.value != "optimum, proven":
            yield f"{name}: no proof ({plan.value})"


def _method(size: Size) -> str:
    beside = ", ".join(f"{name} {version_of(name)}" for name in ("pandas", "pyarrow", "pulp", "highspy"))
    return (
        f"{size.creators:,} offers as in `scale`, seed {size.seeds[0]}; whole processes in turns, {size.rounds} rounds "
        f"after one to warm up, without pyarrow unless it is named. Python {python_version()}, {beside}; "
        f"{os.cpu_count()} cores, shared with other work."
    )


SPEC = Spec(
    name="million",
    about="whole plans of a million offers beside `pandas.read_csv` alone, in time, processor time and memory",
    full=Size(creators=1_000_000, seeds=(1,), rounds=3),
    smoke=Size(creators=400, seeds=(1,), rounds=1),
    run=run,
)
