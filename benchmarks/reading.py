"""Time and memory to read and check a roster, compared with `pandas.read_csv` of the same file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from platform import python_version
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from benchmarks.markdown import table
from benchmarks.spec import Report, Size, Spec
from benchmarks.timing import timing_environment

MEMORY_BAR = 2.0
BARS = {"clean": 2.0, "messy": 4.0}
CLOCKED = r"""
import json, re, sys, time
{imports}
start = time.perf_counter()
rows = len({call})
seconds = time.perf_counter() - start
peak = int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1]) / 1024
print(json.dumps([rows, seconds, peak]))
"""
SIDES = {
    "pandas": ("import pandas", "pandas.read_csv(sys.argv[1])"),
    "microopt": ("from microopt.readers.roster import read_roster", "read_roster(sys.argv[1])"),
}
WITHOUT_PYARROW = "sys.modules['pyarrow'] = None"  # as on a machine that has none: pandas then keeps text as objects
NICHES = ("beauty", "fitness", "food", "travel", "gaming", "fashion", "family", "tech")
PLATFORMS = ("instagram", "tiktok", "youtube")
REGIONS = ("us", "uk", "de", "fr", "es", "br", "in", "jp")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTiming:
    """The seconds of one call, and the peak memory of its process in megabytes."""

    seconds: float
    megabytes: float


def roster_columns(rows: int, seed: int) -> dict[str, np.ndarray]:
    """Return nine clean columns of a roster, one row per creator."""
    draw = np.random.default_rng(seed)
    followers = np.exp(draw.uniform(np.log(1e3), np.log(5e6), rows)).astype(np.int64)
    return {
        "creator": np.char.add("creator_", np.arange(rows).astype(str)),
        "platform": draw.choice(PLATFORMS, rows),
        "niche": draw.choice(NICHES, rows),
        "region": draw.choice(REGIONS, rows),
        "followers": followers,
        "fee": np.maximum(25, (followers * draw.uniform(0.002, 0.02, rows)).astype(np.int64)),
        "engagement_rate": np.round(draw.uniform(0.005, 0.09, rows), 4),
        "posts": draw.integers(3, 900, rows),
        "views": (followers * draw.uniform(0.1, 0.6, rows)).astype(np.int64),
    }


def messy_columns(clean: Mapping[str, np.ndarray]) -> dict[str, object]:
    """Return the same columns as exports write them: 12.5K and 1.2M, $1,250, 3.4%."""
    return {
        **clean,
        "followers": [_format_count(count) for count in clean["followers"].tolist()],
        "fee": [f"${fee:,}" for fee in clean["fee"].tolist()],
        "engagement_rate": [f"{100 * rate:.2f}%" for rate in clean["engagement_rate"].tolist()],
        "views": [_format_count(count) for count in clean["views"].tolist()],
    }


def _format_count(count: int) -> str:
    if count >= 1_000_000:
        return f"{count / 1e6:.1f}M"
    return f"{count / 1e3:.1f}K" if count >= 10_000 else f"{count:,}"


def write_roster_file(folder: Path, kind: str, size: Size) -> Path:
    """Write the roster of a kind, quoted where a cell holds a comma."""
    clean = roster_columns(size.creators, size.seeds[0])
    path = folder / f"{kind}.csv"
    pd.DataFrame(clean if kind == "clean" else messy_columns(clean)).to_csv(path, index=False)
    return path


def run(size: Size) -> Report:
    """Read a clean and a messy roster with both sides, in turns."""
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        env = timing_environment(str(Path(folder, "compiled")))
        rows, missed = [], []
        for kind, bar in BARS.items():
            path = write_roster_file(Path(folder), kind, size)
            for pyarrow in (True, False) if has_pyarrow() else (False,):
                took = _in_turns(path, size.rounds, partial(_time_read, env=env, pyarrow=pyarrow))
                case = f"{kind}, {'with' if pyarrow else 'without'} pyarrow"
                rows.append(_row(case, took, bar))
                missed += _missed_bars(case, took, bar)
    headers = ["Roster", "microopt", "pandas", "Ratio", "Bar", "microopt, peak", "pandas, peak", "Ratio", "Bar"]
    return Report(text=f"{table(headers, rows)}\n\n{_method(size)}", missed=tuple(missed))


def _method(size: Size) -> str:
    return (
        f"{size.creators:,} rows, {len(roster_columns(1, 0))} columns; rounds: {size.rounds} after one to warm up; "
        f"Python {python_version()}, pandas {pd.__version__}; {os.cpu_count()} cores, shared with other work."
    )


def has_pyarrow() -> bool:
    """Whether pyarrow is installed."""
    from importlib.util import find_spec

    return find_spec("pyarrow") is not None


def _in_turns(path: Path, rounds: int, clocked: Callable[[str, Path], ReadTiming]) -> dict[str, ReadTiming]:
    """Return each side's medians over the rounds, after one round that warms the file's cache."""
    result: dict[str, list[ReadTiming]] = {side: [] for side in SIDES}
    for number in range(rounds + 1):
        for side, all_took in result.items():
            took = clocked(side, path)
            if number:
                all_took.append(took)
    return {
        side: ReadTiming(seconds=median(t.seconds for t in all_took), megabytes=median(t.megabytes for t in all_took))
        for side, all_took in result.items()
    }


def _time_read(side: str, path: Path, *, env: Mapping[str, str], pyarrow: bool) -> ReadTiming:
    imports, call = SIDES[side]
    code = CLOCKED.format(imports=imports if pyarrow else f"{WITHOUT_PYARROW}\n{imports}", call=call)
    done = subprocess.run([sys.executable, "-c", code, str(path)], env=dict(env), capture_output=True, check=True)
    _, seconds, megabytes = json.loads(done.stdout)
    return ReadTiming(seconds=seconds, megabytes=megabytes)


def _ratios(took: Mapping[str, ReadTiming]) -> tuple[float, float]:
    own, peer = took["microopt"], took["pandas"]
    return own.seconds / peer.seconds, own.megabytes / peer.megabytes


def _row(case: str, took: Mapping[str, ReadTiming], bar: float) -> list[str]:
    time, memory = _ratios(took)
    seconds = [f"{took[side].seconds:.2f} s" for side in ("microopt", "pandas")]
    peaks = [f"{took[side].megabytes:,.0f} MB" for side in ("microopt", "pandas")]
    return [case, *seconds, f"{time:.2f}", f"{bar}", *peaks, f"{memory:.2f}", f"{MEMORY_BAR}"]


def _missed_bars(case: str, took: Mapping[str, ReadTiming], bar: float) -> list[str]:
    time, memory = _ratios(took)
    late = [f"{case}: {time:.2f} times the time of pandas, the bar is {bar}"] if time > bar else []
    return late + ([f"{case}: {memory:.2f} times its memory, the bar is {MEMORY_BAR}"] if memory > MEMORY_BAR else [])


SPEC = Spec(
    name="reading",
    about="reading and checking a roster, against `pandas.read_csv` of the same file",
    full=Size(creators=1_000_000, seeds=(1,), rounds=5),
    smoke=Size(creators=2_000, seeds=(1,), rounds=1),
    run=run,
)
