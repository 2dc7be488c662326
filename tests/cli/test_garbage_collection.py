"""The start of a command is not spent in the garbage collector."""

import subprocess
import sys

RUN = """
import atexit, gc, os
starts = []
gc.callbacks.append(lambda phase, _: starts.append(phase))
atexit.register(lambda: os.write(2, str(len(starts)).encode()))
from microopt.__main__ import main
starts.clear()
main()
"""
GROW = """
import gc
from microopt.cli.garbage_collection import NEW_OBJECTS, collect_rarely
collect_rarely()
before = gc.get_stats()[0]["collections"]
kept = [[] for _ in range(NEW_OBJECTS + 1000)]
print(gc.get_stats()[0]["collections"] - before)
"""


def run_counting_collections(*args):
    return subprocess.run([sys.executable, "-c", RUN, *args], capture_output=True, text=True, timeout=60, check=False)


def test_a_plan_of_a_small_roster_is_made_without_a_collection(desk):
    done = run_counting_collections("plan", "roster.csv", "-b", "5000")
    assert done.stdout
    assert done.stderr == "0"


def test_many_new_objects_are_still_collected():
    done = subprocess.run([sys.executable, "-c", GROW], capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) > 0
