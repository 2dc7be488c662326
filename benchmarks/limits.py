"""How far commands run beyond their time limit, and beyond Ctrl-C, while they seek and write plans of any size."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import pandas as pd

from benchmarks.markdown import table
from benchmarks.scale_rosters import PLAIN, campaign_path, roster_path, write_rosters
from benchmarks.spec import Report, Size, Spec
from benchmarks.timing import run_once, script_path, timing_environment
from microopt.cli.exit_codes import Exit

LIMIT = 5.0  # seconds
MOMENTS = (1.0, 4.0)  # seconds after the start at which Ctrl-C is pressed
LARGE = 1_000_000  # offers: only plans, with more time
LARGE_LIMIT, LARGE_MOMENT = 20.0, 4.0
SMALL, SMALL_LIMIT = 1_000, 1.0  # fewer offers are for a smoke run alone
SLACK, SHARE = 0.5, 0.05  # how much later a command may end: seconds, and a share of its limit
PATIENCE = 300.0  # seconds, after which a command is ended
STEP = 0.01
ENDS = (Exit.OK, Exit.UNPROVEN, Exit.NO_PLAN, Exit.INFEASIBLE, Exit.INTERRUPTED)
NOTE = (
    "Whole commands with `--time-limit {limit:g}` ({large:g} at a million offers), and without a limit of that size "
    "but with Ctrl-C some seconds after their start. `late` is how much later than the limit, or than Ctrl-C, the "
    "process ended, less the time for which it was ready to run and other work had the processors (`/proc` tells, on "
    "Linux); `ended before` did so on its own. Rosters and the campaign are those of `scale`; `half` has a budget of "
    "half of all fees and no rules, `half, shares` twelve rules more, of which ten are shares; both write JSON and CSV "
    "too. Bars: {slack:g} s and {share:.0%} of the limit; {slack:g} s after Ctrl-C. 2 cores, shared with other work."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a command ended.

    Attributes
    ----------
    late
        Seconds after the moment at which it should have ended, None where it had ended before.
    waited
        Seconds of these for which it was ready to run, and other processes ran.
    """

    code: int
    late: float | None
    waited: float = 0.0


def run(size: Size) -> Report:
    """Run every command with a limit and with Ctrl-C on a roster of each size."""
    rows: list[tuple[str, ...]] = []
    missed: list[str] = []
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        env = timing_environment(str(Path(folder, "compiled")))
        for offers in size.sizes:
            for name, command in _commands(Path(folder), offers, size.seeds[0], env):
                for event, bar, ending in _endings(command, offers, env):
                    rows.append(_row(name, offers, event, bar, ending))
                    if is_missed(ending, bar):
                        missed.append(f"{name}, {offers:,} offers, {event}: {' '.join(rows[-1][3:6])}")
    note = NOTE.format(limit=LIMIT, large=LARGE_LIMIT, slack=SLACK, share=SHARE)
    header = ("command", "offers", "event", "exit code", "late", "bar", "")
    return Report(text=f"{table(header, rows)}\n\n{note}", missed=tuple(missed))


def _commands(folder: Path, offers: int, seed: int, env: Mapping[str, str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Write a roster and its campaigns, and yield the commands by what they are called."""
    kinds = [PLAIN] if offers >= LARGE else [PLAIN, "half", "tight"]
    write_rosters(folder, offers, seed, kinds)
    roster, program, plan = str(roster_path(folder, PLAIN)), script_path("microopt"), str(folder / "plan.json")
    plain, half, tight = (str(campaign_path(folder, kind)) for kind in (PLAIN, "half", "tight"))
    outputs = [part for suffix in ("json", "csv") for part in ("-o", str(folder / f"large.{suffix}"))]
    fees = int(pd.read_csv(roster, usecols=["fee"])["fee"].sum())
    first = [program, "plan", roster, "-c", plain, "--gap", "0.05", "--time-limit", f"{PATIENCE:g}", "-o", plan]
    run_once(first, env, ENDS)  # all modules are compiled now, and there is a plan to start from
    yield "plan", [program, "plan", roster, "-c", plain]
    if offers >= LARGE:
        return
    yield "plan, half", [program, "plan", roster, "-b", str(fees // 2), *outputs]
    yield "plan, half, shares", [program, "plan", roster, "-c", half, *outputs]
    yield "plan, conflicts", [program, "plan", roster, "-c", tight, "-r", "all count <= 59"]
    yield "replan", [program, "replan", plan, "-o", str(folder / "next.json")]
    yield "explain --all", [program, "explain", roster, "--all", "-c", plain]
    yield "frontier", [program, "frontier", roster, "-c", plain, "-b", "10000..100000"]
    yield "alternatives", [program, "alternatives", roster, "-c", plain, "--count", "5"]
    yield "tradeoff", [program, "tradeoff", roster, "-c", plain]
    yield "compare", [program, "compare", roster, "-c", plain]


def _endings(command: Sequence[str], offers: int, env: Mapping[str, str]) -> Iterator[tuple[str, float, Ending]]:
    """Yield what was done to a command, how much later it may end, and how it ended."""
    limit = LARGE_LIMIT if offers >= LARGE else LIMIT if offers >= SMALL else SMALL_LIMIT
    limited = [*command, "--time-limit", f"{limit:g}"]
    yield f"limit of {limit:g} s", SLACK + SHARE * limit, end_of(limited, env, limit)
    for moment in (LARGE_MOMENT,) if offers >= LARGE else MOMENTS if offers >= SMALL else MOMENTS[:1]:
        ending = end_of([*command, "--time-limit", f"{PATIENCE:g}"], env, moment, signal.SIGINT)
        yield f"Ctrl-C after {moment:g} s", SLACK, ending


def end_of(
    command: Sequence[str], env: Mapping[str, str], moment: float, number: signal.Signals | None = None
) -> Ending:
    """Run a command and return how it ended.

    Parameters
    ----------
    moment
        Seconds after its start at which it should end.
    number
        What is sent to it then, and to the processes that it started, as a terminal does.
    """
    start = perf_counter()
    process = subprocess.Popen(
        command, env=dict(env), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    if _ends_before(process.pid, start + moment):
        return Ending(code=process.wait(), late=None)
    waited = _seconds_waited(process.pid)
    if number is not None:
        os.killpg(process.pid, number)
    if not _ends_before(process.pid, start + PATIENCE):
        os.killpg(process.pid, signal.SIGKILL)
    late, waited = perf_counter() - start - moment, _seconds_waited(process.pid) - waited
    return Ending(code=process.wait(), late=late, waited=waited)


def _ends_before(pid: int, end: float) -> bool:
    """Wait until a process ends, and say whether it did before a time; its record in `/proc` stays."""
    while (ended := os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)) is None and perf_counter() < end:
        sleep(STEP)
    return ended is not None


def _seconds_waited(pid: int) -> float:
    """Return for how long the main thread of a process was ready and waited for a processor; 0 where nobody tells."""
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    return 0.0


def is_missed(ending: Ending, bar: float) -> bool:
    """Whether a command failed, or ended later than so many seconds after it should have."""
    return ending.code not in ENDS or (ending.late is not None and ending.late - ending.waited > bar)


def _row(name: str, offers: int, event: str, bar: float, ending: Ending) -> tuple[str, ...]:
    late = "ended before" if ending.late is None else f"{ending.late - ending.waited:.2f} s"
    verdict = "over" if is_missed(ending, bar) else "within"
    return name, f"{offers:,}", event, str(ending.code), late, f"{bar:.2f} s", verdict


SPEC = Spec(
    name="limits",
    about="How much later than its time limit, or than Ctrl-C, a command ends.",
    full=Size(sizes=(1_000, 100_000, LARGE), seeds=(1,)),
    smoke=Size(sizes=(200,), seeds=(1,)),
    run=run,
)
