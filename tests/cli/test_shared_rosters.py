"""Lists that campaigns share are read once, and again as soon as anything about them is another."""

from fractions import Fraction
from pathlib import Path

import pytest

from microopt.cli import shared_rosters as rosters
from microopt.cli.shared_rosters import SharedRosters
from microopt.errors import OutputError
from microopt.files.record import recorded_files
from microopt.readers.options import ReadOptions
from microopt.storage.targets import claim_targets


@pytest.fixture
def counted(desk, monkeypatch):
    """Return shared lists, and the paths that were really read."""
    read, paths = rosters.read_roster, []

    def count(path, options):
        paths.append(path)
        return read(path, options)

    monkeypatch.setattr(rosters, "read_roster", count)
    return SharedRosters(), paths


def test_one_list_is_read_once(counted):
    shared, paths = counted
    assert shared.read("roster.csv", ReadOptions()) is shared.read("roster.csv", ReadOptions())
    assert paths == ["roster.csv"]


@pytest.mark.parametrize(
    "other",
    [
        {"currency": "USD"},
        {"exchange": {"EUR": Fraction(3, 2)}},
        {"headers_elsewhere": ("x",)},
        {"skip_bad_rows": True},
    ],
)
def test_a_list_that_is_read_in_another_way_is_another(counted, other):
    shared, paths = counted
    shared.read("roster.csv", ReadOptions())
    shared.read("roster.csv", ReadOptions(**other))
    assert len(paths) == 2


def test_a_list_that_changed_is_read_again(counted):
    shared, paths = counted
    before = shared.read("roster.csv", ReadOptions())
    text = Path("roster.csv").read_text(encoding="utf-8")
    Path("new.csv").write_text(text.replace("400", "500"), encoding="utf-8")
    Path("new.csv").replace("roster.csv")
    assert int(before.fee[0]) == 40_000
    assert int(shared.read("roster.csv", ReadOptions()).fee[0]) == 50_000
    assert len(paths) == 2


def test_a_list_that_is_known_is_still_an_input_of_the_command(counted):
    shared, _ = counted
    shared.read("roster.csv", ReadOptions())
    with recorded_files():
        shared.read("roster.csv", ReadOptions())
        with pytest.raises(OutputError):
            claim_targets(["roster.csv"])


def test_only_so_many_offers_are_kept(counted):
    _, paths = counted
    shared = SharedRosters(most_offers=7)
    Path("other.csv").write_bytes(Path("roster.csv").read_bytes())
    for path in ("roster.csv", "other.csv", "other.csv", "roster.csv"):
        shared.read(path, ReadOptions())
    assert paths == ["roster.csv", "other.csv", "roster.csv"]
