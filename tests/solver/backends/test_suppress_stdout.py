"""What a library prints at the level of the process does not reach standard output."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from microopt.solver.backends.suppress_stdout import suppress_stdout


def test_what_is_printed_meanwhile_is_lost_and_what_comes_after_is_not(capfd):
    with suppress_stdout():
        os.write(1, b"banner\n")
    os.write(1, b"plan\n")
    assert capfd.readouterr().out == "plan\n"


def test_standard_output_comes_back_after_an_error(capfd):
    with pytest.raises(KeyError), suppress_stdout():
        raise KeyError
    os.write(1, b"plan\n")
    assert capfd.readouterr().out == "plan\n"


def test_a_process_without_standard_output_goes_on():
    code = "import os; os.close(1)\nfrom microopt.solver.backends.suppress_stdout import suppress_stdout\n"
    code += "with suppress_stdout(): pass"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_highs_prints_nothing_of_its_own():
    pytest.importorskip("highspy")
    code = "from microopt.solver.backends.highs import Highs; Highs().version"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not done.stdout
