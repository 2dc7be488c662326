"""A file that is missing is answered with the nearest name in its folder."""

import pytest

from microopt.readers.nearby_files import suggest_nearby_file


@pytest.fixture
def folder(tmp_path):
    for name in ("de.csv", "launch.csv", "launch.toml", "plan.json"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "launch").mkdir()
    (tmp_path / "archive").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("missing", "nearest"),
    [
        ("de.cvs", "de.csv"),
        ("DE.CSV", "de.csv"),
        ("lanch.toml", "launch.toml"),
        ("plan.csv", "plan.json"),
        ("de.xlsx", "de.csv"),
    ],
)
def test_the_nearest_name_is_suggested_in_the_folder_that_was_named(folder, monkeypatch, missing, nearest):
    assert suggest_nearby_file(f"{folder}/{missing}") == f"did you mean {folder}/{nearest}?"
    monkeypatch.chdir(folder)
    assert suggest_nearby_file(missing) == f"did you mean {nearest}?"
    assert suggest_nearby_file(f"./{missing}") == f"did you mean ./{nearest}?"


@pytest.mark.parametrize("missing", ["roster.csv", "nowhere/de.csv", "de.csv/x", "archiv.csv", "", "\0", "launch", "."])
def test_nothing_is_suggested_where_nothing_is_near(folder, monkeypatch, missing):
    monkeypatch.chdir(folder)
    assert suggest_nearby_file(missing) == ""


def test_only_files_of_an_ending_are_suggested_where_one_is_needed(folder):
    assert suggest_nearby_file(f"{folder}/lunch.tml", ".toml") == f"did you mean {folder}/launch.toml?"
    assert suggest_nearby_file(f"{folder}/de.tml") == f"did you mean {folder}/de.csv?"
    assert suggest_nearby_file(f"{folder}/de.tml", ".toml") == ""
