"""Time to forecast a roster, compared with reading it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from platform import python_version
from statistics import median
from tempfile import TemporaryDirectory

import pandas as pd

from benchmarks.markdown import table
from benchmarks.reading import WITHOUT_PYARROW, write_roster_file
from benchmarks.spec import Report, Size, Spec
from benchmarks.timing import timing_environment

BAR = 0.5  # seconds, at a million offers
CLOCKED = """
import json, sys, time
{before}
from microopt import CampaignInput, campaign_from_input, read_roster
from microopt.forecast.model import forecast
campaign = campaign_from_input(CampaignInput(budget="20000"))
start = time.perf_counter()
roster = read_roster(sys.argv[1])
read = time.perf_counter()
forecast(roster, campaign)
print(json.dumps([read - start, time.perf_counter() - read]))
"""


def run(size: Size) -> Report:
    """Read and forecast a clean and a messy roster, each round in a process of its own."""
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        env = timing_environment(str(Path(folder, "compiled")))
        rows, missed = [], []
        for kind in ("clean", "messy"):
            path = write_roster_file(Path(folder), kind, size)
            for before, text in (("", "as installed"), (WITHOUT_PYARROW, "without pyarrow")):
                code = CLOCKED.format(before=f"import sys\n{before}")
                took = [_clocked(code, path, env) for _ in range(size.rounds + 1)][1:]
                read, more = (median(part) for part in zip(*took, strict=True))
                rows.append([f"{kind}, {text}", f"{read:.2f} s", f"{more:.2f} s", f"{BAR} s"])
                missed += [f"{kind}, {text}: {more:.2f} s, the bar is {BAR} s"] if more > BAR else []
    headers = ["Roster", "reading", "forecasting", "Bar"]
    facts = f"{size.creators:,} offers; rounds: {size.rounds} after one to warm up; Python {python_version()}, "
    facts += f"pandas {pd.__version__}; {os.cpu_count()} cores, shared with other work."
    return Report(text=f"{table(headers, rows)}\n\n{facts}", missed=tuple(missed))


def _clocked(code: str, path: Path, env: dict[str, str]) -> list[float]:
    done = subprocess.run([sys.executable, "-c", code, str(path)], env=env, capture_output=True, check=True)
    result: list[float] = json.loads(done.stdout)
    return result


SPEC = Spec(
    name="forecasting",
    about="forecasting a roster, beside reading it",
    full=Size(creators=1_000_000, seeds=(1,), rounds=5),
    smoke=Size(creators=2_000, seeds=(1,), rounds=1),
    run=run,
)
