"""Memory that is freed goes back to the system."""

import subprocess
import sys
from pathlib import Path

import pytest

from microopt import memory

CODE = """
import ctypes
from pathlib import Path
from microopt.memory import release_freed_memory

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

pieces = [bytes(10_000) for _ in range(10_000)]
last = bytes(10_000)
del pieces
before = resident()
release_freed_memory()
print(before - resident())
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read as Linux tells it")
def test_freed_pieces_below_one_that_is_kept_are_given_back():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 50e6


def test_a_library_that_gives_nothing_back_is_left_alone(monkeypatch):
    asked = []

    class Library:
        def __getattr__(self, name):
            asked.append(name)
            raise AttributeError(name)

    monkeypatch.setattr(memory.ctypes, "CDLL", lambda _: Library())
    memory.release_freed_memory()
    assert asked == ["malloc_trim"]
