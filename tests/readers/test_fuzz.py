"""Damaged rosters give a roster that its file explains, or a RosterError; see `fuzz.py`.

With `MICROOPT_TEST_SCALE=10` it is the run on record, of 200,000 files.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.scale import repeats

FILES = repeats(20_000)
PARTS = 4  # separate processes, which the workers of a parallel run share
TESTS = Path(__file__).parents[2]


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(1, PARTS + 1))
def test_no_damage_ends_in_anything_but_a_roster_or_its_faults(seed, tmp_path):
    command = [sys.executable, "-m", "tests.readers.fuzz", str(seed), str(FILES // PARTS), str(tmp_path)]
    done = subprocess.run(command, cwd=TESTS, check=False, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]
