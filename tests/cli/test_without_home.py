"""A user without a home and without an entry in the list of users, as in a container that runs as any number."""

import subprocess
import sys

import pytest

RUN = """
import os, pwd, sys
def unknown(*_):
    raise KeyError("no such user")
pwd.getpwuid = unknown
for name in ("HOME", "XDG_CACHE_HOME"):
    os.environ.pop(name, None)
from microopt.__main__ import main
main()
"""


def run_without_home(*args):
    return subprocess.run([sys.executable, "-c", RUN, *args], capture_output=True, text=True, timeout=110, check=False)


@pytest.mark.parametrize(
    ("name", "begins"), [("plan.svg", b"<svg"), pytest.param("plan.html", b"<!doctype html>", marks=pytest.mark.slow)]
)
def test_charts_are_drawn(desk, name, begins):
    done = run_without_home("plan", "roster.csv", "-b", "5000", "-q", "-o", name)
    assert (done.returncode, done.stderr) == (0, "")
    assert (desk / name).read_bytes().lower().startswith(begins)
