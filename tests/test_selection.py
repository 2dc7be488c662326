"""Which tests run: a plain run leaves out deep ones and says so, and each is in one part of a divided run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import scale

ROOT = Path(__file__).resolve().parent.parent
DEEP = "tests/readers/test_fuzz.py"
PROPERTY = "tests/solver/test_warm_start.py"


def collected(*options):
    """Return the node ids that a run would take, and all that it prints."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", "0", "--collect-only", *options]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode in (0, 5), done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if "::" in line], done.stdout


def test_a_plain_run_leaves_deep_tests_out_and_says_how_to_run_them():
    tests, text = collected(DEEP)
    assert tests == []
    assert "Left out 4 deep tests: 4 fuzz.\nRun some with pytest -m MARKER" in text


@pytest.mark.parametrize("options", [("--deep", DEEP), ("-m", "fuzz", DEEP)])
def test_deep_tests_run_on_request(options):
    tests, text = collected(*options)
    assert len(tests) == 4
    assert "Left out" not in text


def test_each_deep_and_each_property_test_is_in_one_part():
    whole = collected("--shard", "0/1", DEEP, PROPERTY)[0]
    parts = [collected("--shard", f"{part}/3", DEEP, PROPERTY)[0] for part in range(3)]
    assert sorted(test for part in parts for test in part) == sorted(whole)
    assert len(whole) == 6


@pytest.mark.parametrize("text", ["3", "3/3", "a/b", "-1/2"])
def test_a_part_that_there_is_not_is_refused(text):
    command = [sys.executable, "-m", "pytest", "-n", "0", f"--shard={text}", DEEP]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 4
    assert "not K/N with K below N" in done.stderr


@pytest.mark.parametrize(
    ("environment", "examples", "repeats"),
    [
        ({scale.PROFILE: "fast"}, 15, 100),
        ({scale.PROFILE: "ci"}, 100, 100),
        ({scale.PROFILE: "deep"}, 200, 200),
        ({scale.PROFILE: "deep", scale.SCALE: "0.5"}, 50, 100),
        ({scale.SCALE: "0.001"}, scale.FEWEST, 100),
    ],
)
def test_the_profile_or_the_scale_sets_the_sizes(environment, examples, repeats, monkeypatch):
    for name in (scale.PROFILE, scale.SCALE):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setitem(os.environ, name, value)
    assert (scale.examples(100), scale.repeats(100)) == (examples, repeats)
