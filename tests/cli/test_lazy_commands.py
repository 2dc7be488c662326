"""A run imports the command that it needs, and the list of commands imports none."""

import subprocess
import sys

import pytest

from microopt.cli.app import COMMANDS
from microopt.cli.lazy_commands import LazyCommands

RUN = """
import sys
from microopt.__main__ import run
try:
    run()
finally:
    loaded = [name for name in sys.modules if name.startswith("microopt.cli.commands.")]
    print(*loaded, file=sys.stderr)
"""


def test_a_plan_imports_no_other_command(desk):
    args = [sys.executable, "-c", RUN, "plan", "roster.csv", "-b", "5000"]
    done = subprocess.run(args, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr.split() == ["microopt.cli.commands.plan"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_name_and_says_what_it_does(name):
    assert COMMANDS[name].name == name
    assert COMMANDS[name].help


def test_an_unknown_name_is_no_command():
    assert "plan" in COMMANDS
    assert "pln" not in COMMANDS
    assert LazyCommands("plan").get("compare") is None
