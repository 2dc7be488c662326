"""A straight model, start to end: `python -m benchmarks.straight_peers NAME ROSTER.csv PROGRAM.npz SECONDS OUT.json`.

It does what a script would: read the roster with pandas, build the model, solve it, once for each ideal and then for
the goal. The integers of rows and goals are handed to it, so that nobody compares two programs.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

from benchmarks.integers import load_program
from benchmarks.peers import ABSENT, PEERS, write_outcome


def ideals_path(program: Path) -> Path:
    """Return where the objectives of the ideals of a program are."""
    return program.with_suffix(".ideals.npy")


def main(name: str, roster: str, program: str, seconds: str, out: str) -> int:
    """Write what a peer finds within so many seconds."""
    start = perf_counter()
    table = pd.read_csv(roster)
    given = load_program(program)
    assert len(table) == len(given), "the program is of another roster"
    ideals = np.load(ideals_path(Path(program)))
    try:
        for values in [*ideals, given.value]:
            left = max(1.0, float(seconds) - (perf_counter() - start))
            status, picks = PEERS[name](replace(given, value=values), left)
    except ModuleNotFoundError:
        return ABSENT
    write_outcome(Path(out), given, status, picks)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
