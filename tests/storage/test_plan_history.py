"""A plan is archived before it is replaced."""

import os

import pytest
from msgspec.structs import replace

from microopt.errors import OutputError
from microopt.plan.file_name import parse_history_file_name
from microopt.readers.plan_folder import read_plan_folder
from microopt.storage.plan_history import archive_plan
from tests.cli.conftest import files
from tests.storage.database.builders import run_plan, seal_and_encode


def test_a_replanned_plan_is_archived_under_its_own_time_and_seal(tmp_path):
    document, text = seal_and_encode(run_plan(3, "ab" * 32))
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    copy = archive_plan(str(tmp_path / "plan.json"), text, document)
    assert copy == tmp_path / "history" / f"2026-03-04T020000Z-{document.seal[:12]}.json"
    assert copy.read_text(encoding="utf-8") == text
    assert parse_history_file_name(copy.name) == "2026-03-04T02:00:00Z"


def test_a_first_plan_is_archived_under_the_time_of_its_file(tmp_path):
    document, text = seal_and_encode(run_plan(0))
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    os.utime(tmp_path / "plan.json", (0, 0))
    assert archive_plan(str(tmp_path / "plan.json"), text, document).name.startswith("1970-01-01T000000Z-")


def test_an_archived_plan_is_not_archived_again(tmp_path):
    document, text = seal_and_encode(run_plan(0))
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    first = archive_plan(str(tmp_path / "plan.json"), text, document)
    os.utime(tmp_path / "plan.json", (0, 0))
    before = files(tmp_path)
    assert archive_plan(str(tmp_path / "plan.json"), text, document) == first
    assert files(tmp_path) == before


def test_a_history_that_cannot_be_written_is_an_error(tmp_path):
    document, text = seal_and_encode(run_plan(0))
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    (tmp_path / "history").write_text("a file")
    folder = tmp_path / "history"
    with pytest.raises(OutputError, match=f"plan.json: {folder} is not a folder") as refused:
        archive_plan(str(tmp_path / "plan.json"), text, document)
    assert refused.value.fix == f"move it away: mv {folder} {folder}.old"
    assert (tmp_path / "history").read_text() == "a file"


@pytest.mark.parametrize("name", ["plan.json", "2026-03-04.json", "Z-.json", "2026-13-04T020000Z-ab.json"])
def test_other_file_names_have_no_time(name):
    assert parse_history_file_name(name) is None


@pytest.mark.parametrize("made_at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9" * 300, "soon", ""])
def test_a_plan_with_a_time_that_is_none_is_archived_under_that_of_its_file(tmp_path, made_at):
    unsealed = run_plan(3, "ab" * 32)
    unsealed = replace(unsealed, replan=replace(unsealed.replan, made_at=made_at))
    document, text = seal_and_encode(unsealed)
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    os.utime(tmp_path / "plan.json", (0, 0))
    assert archive_plan(str(tmp_path / "plan.json"), text, document).name.startswith("1970-01-01T000000Z-")


def test_a_file_with_a_time_that_no_calendar_has_is_archived_and_found(tmp_path):
    document, text = seal_and_encode(run_plan(0))
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    try:
        os.utime(tmp_path / "plan.json", (10**12, 10**12))  # the year 33658
    except OSError:
        pytest.skip("the file system has no such times")
    archive_plan(str(tmp_path / "plan.json"), text, document)
    found, broken = read_plan_folder(tmp_path)
    assert (len(found), broken) == (2, ())
