"""Time to verify a plan, compared with `pandas.read_csv` of its roster, and with reading it with all checks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from platform import python_version
from tempfile import TemporaryDirectory

import pandas as pd

from benchmarks.markdown import table
from benchmarks.reading import WITHOUT_PYARROW, has_pyarrow, write_roster_file
from benchmarks.spec import Report, Size, Spec
from benchmarks.timing import Timing, script_path, time_ratio, timing_environment

BAR = 2.0
BUDGET = 100_000
SECONDS = 30  # for the plan: whether it is proven makes no difference to a check
CLOCKED = """
import json, sys, time
{imports}
start, used = time.perf_counter(), time.process_time()
found = {call}
seconds = [time.perf_counter() - start, time.process_time() - used]
print(json.dumps([*seconds, {holds}]))
"""
SIDES = {
    "pandas": ("import pandas", "pandas.read_csv(sys.argv[1])", "True"),
    "reading": ("from microopt.readers.roster import read_roster", "read_roster(sys.argv[1])", "True"),
    "verify": ("from microopt.verification.verify import verify", "verify(sys.argv[2], sys.argv[1])", "found.holds"),
}


def run(size: Size) -> Report:
    """Plan once, then check the plan, read its roster and let pandas read it, in turns."""
    rows, missed = [], []
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        env = timing_environment(str(Path(folder, "compiled")))
        roster, plan = write_roster_file(Path(folder), "clean", size), Path(folder, "plan.json")
        status = _plan(roster, plan, env)
        for pyarrow in (True, False) if has_pyarrow() else (False,):
            took = _in_turns(roster, plan, size.rounds, env, pyarrow=pyarrow)
            case = f"{'with' if pyarrow else 'without'} pyarrow"
            rows += [_row(case, side, took) for side in ("verify", "reading")]
            value = time_ratio(took["verify"], took["pandas"]).value
            missed += [f"{case}: {value:.2f} times the time of pandas, the bar is {BAR}"] if value > BAR else []
    headers = ["What", "", "Takes", "pandas", "Ratio", "Over the rounds", "Of CPU time", "Bar"]
    how = (
        f"{size.creators:,} offers, the plan {status}; rounds: {size.rounds} after one to warm up; "
        f"Python {python_version()}, pandas {pd.__version__}; {os.cpu_count()} cores, shared with other work."
    )
    return Report(text=f"{table(headers, rows, left=2)}\n\n{how}", missed=tuple(missed))


def _in_turns(
    roster: Path, plan: Path, rounds: int, env: Mapping[str, str], *, pyarrow: bool
) -> dict[str, list[Timing]]:
    """Return what each side took in each round, after one round that warms the file's cache."""
    took: dict[str, list[Timing]] = {side: [] for side in SIDES}
    for number in range(rounds + 1):
        for side, timings in took.items():
            once = _time_verification(side, roster, plan, env, pyarrow=pyarrow)
            if number:
                timings.append(once)
    return took


def _plan(roster: Path, plan: Path, env: Mapping[str, str]) -> str:
    """Write a plan of the roster and return its status."""
    flags = ["--budget", str(BUDGET), "--goal", "engagement", "--time-limit", str(SECONDS), "-q", "-o", str(plan)]
    subprocess.run([script_path("microopt"), "plan", str(roster), *flags], env=dict(env), check=False)
    return str(json.loads(plan.read_text(encoding="utf-8"))["status"])


def _time_verification(side: str, roster: Path, plan: Path, env: Mapping[str, str], *, pyarrow: bool) -> Timing:
    imports, call, holds = SIDES[side]
    imports = imports if pyarrow else f"{WITHOUT_PYARROW}\n{imports}"
    code = CLOCKED.format(imports=imports, call=call, holds=holds)
    command = [sys.executable, "-c", code, str(roster), str(plan)]
    done = subprocess.run(command, env=dict(env), capture_output=True, check=True)
    wall, cpu, held = json.loads(done.stdout)
    if not held:
        raise RuntimeError("the plan does not hold")
    return Timing(wall=wall, cpu=cpu)


def _row(case: str, side: str, took: Mapping[str, list[Timing]]) -> list[str]:
    name = {"verify": "`verify`", "reading": "reading alone"}[side]
    ratio = time_ratio(took[side], took["pandas"])
    spread = f"{ratio.low:.2f}..{ratio.high:.2f}"
    bar = f"{BAR}" if side == "verify" else ""
    times = [f"{ratio.seconds:.2f} s", f"{ratio.peer:.2f} s", f"{ratio.value:.2f}"]
    return [name, case, *times, spread, f"{ratio.cpu:.2f}", bar]


SPEC = Spec(
    name="verifying",
    about="checking a plan without a solver, against `pandas.read_csv` of its roster",
    full=Size(creators=1_000_000, seeds=(1,), rounds=5),
    smoke=Size(creators=2_000, seeds=(1,), rounds=1),
    run=run,
)
