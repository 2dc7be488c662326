"""Where the plans of a portfolio go: a name of a campaign is a safe part of a path, and no two share a file."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.cli.portfolio_files import MAX_NAME, find_plan_files, safe_file_name
from microopt.errors import UsageError


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("glow", "glow"),
        ("Glow & Co: spring", "Glow-Co-spring"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", "campaign"),
        ("été 2027", "été-2027"),
        ("a\x00b\x1b[2J\u202ec", "a-b-2J-c"),
        ("-rf", "rf"),
        ("x" * 300, "x" * MAX_NAME),
    ],
)
def test_a_name_is_a_safe_part_of_a_path(name, safe):
    assert safe_file_name(name) == safe


@given(st.text(max_size=120))
def test_every_name_is_one_part_of_a_path_and_safe_once_is_safe(name):
    safe = safe_file_name(name)
    assert re.fullmatch(r"\w[\w.-]*", safe)
    assert Path(safe).name == safe
    assert safe_file_name(safe) == safe


def test_patterns_give_files_by_name(tmp_path):
    patterns = ["out/{name}.json", str(tmp_path), "pages/"]
    assert find_plan_files(patterns, ["glow", "d/w"]) == {
        "glow": ("out/glow.json", f"{tmp_path}/glow.json", "pages/glow.json"),
        "d/w": ("out/d-w.json", f"{tmp_path}/d-w.json", "pages/d-w.json"),
    }


def test_braces_of_other_names_are_left_as_they_are():
    assert find_plan_files(["{x}{0}{name}.json"], ["glow"]) == {"glow": ("{x}{0}glow.json",)}


def test_a_single_campaign_needs_no_name_in_its_pattern():
    assert find_plan_files(["plan.json"], ["glow"]) == {"glow": ("plan.json",)}


def test_names_that_would_share_a_file_are_refused_only_where_plans_are_written():
    assert find_plan_files([], ["a b", "A-B"]) == {"a b": (), "A-B": ()}
    with pytest.raises(UsageError, match="one file name"):
        find_plan_files(["{name}.json"], ["a b", "A-B"])
