"""Damaged workbooks, hostile ones among them, give a roster that the file explains, or a RosterError, soon."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.scale import repeats

FILES = repeats(2_000)
PARTS = 4  # separate processes, which the workers of a parallel run share
TESTS = Path(__file__).parents[3]


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(1, PARTS + 1))
def test_no_damage_of_a_workbook_ends_in_anything_but_a_roster_or_its_faults(seed, tmp_path):
    pytest.importorskip("python_calamine")
    command = [sys.executable, "-m", "tests.readers.fuzz", str(seed), str(FILES // PARTS), str(tmp_path), "workbooks"]
    done = subprocess.run(command, cwd=TESTS, check=False, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]
