"""A command ends at once, and all the same leaves nothing undone."""

import subprocess
import sys

RUN = """
import atexit, sys

class Kept:
    def __del__(self):
        print("taken apart", file=sys.__stderr__)

sys.modules["kept"] = kept = Kept()
kept.itself = kept
atexit.register(lambda: print("registered", end=".", file=sys.stderr))
from microopt.__main__ import main
main()
print("after main", file=sys.__stderr__)
"""


def ended(*args):
    return subprocess.run([sys.executable, "-c", RUN, *args], capture_output=True, text=True, timeout=60, check=False)


def test_what_is_registered_for_the_end_runs_and_nothing_is_taken_apart(desk):
    done = ended("plan", "roster.csv", "-b", "5000")
    assert (done.returncode, done.stderr) == (0, "registered.")
    assert "Proven" in done.stdout


def test_the_exit_code_is_that_of_the_command(desk):
    assert ended("plan", "roster.csv", "-b", "50", "-r", "all count >= 3").returncode == 4
    assert ended("plan", "missing.csv", "-b", "50").returncode == 3


def test_output_to_a_file_is_complete(desk):
    with (desk / "plan.txt").open("w", encoding="utf-8") as out:
        subprocess.run(
            [sys.executable, "-c", RUN, "plan", "roster.csv", "-b", "5000"], stdout=out, timeout=60, check=True
        )
    assert (desk / "plan.txt").read_text(encoding="utf-8") == ended("plan", "roster.csv", "-b", "5000").stdout
