"""A command that is to write a file that it reads is stopped when it reads it, before the work."""

import os
from pathlib import Path

import pytest
from msgspec import structs

from microopt.errors import OutputError
from microopt.files.identity import identify
from microopt.files.reading import note_input, read_file
from microopt.files.record import FileRecord, current_record, recorded_files


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the current folder, which holds roster.csv, and the same file as link.csv and hard.csv."""
    monkeypatch.chdir(tmp_path)
    Path("roster.csv").write_text("old", encoding="utf-8")
    Path("link.csv").symlink_to("roster.csv")
    os.link("roster.csv", "hard.csv")
    return tmp_path


ALIASES = ("roster.csv", "link.csv", "hard.csv", "./roster.csv")


@pytest.mark.parametrize("target", ALIASES)
@pytest.mark.parametrize("source", ALIASES)
def test_reading_a_file_that_is_to_be_written_is_refused(folder, source, target):
    with recorded_files():
        current_record().add_targets([identify(target)])
        with pytest.raises(OutputError, match=f"cannot write {target}: it is "):
            read_file(source)


@pytest.mark.parametrize("target", ALIASES)
@pytest.mark.parametrize("source", ALIASES)
def test_writing_a_file_that_was_read_is_refused(folder, source, target):
    with recorded_files():
        note_input(source)
        with pytest.raises(OutputError) as refused:
            current_record().claim([identify(target)])
    named_so = "one of the inputs" if source == target else f"the same file as {source}, one of the inputs"
    assert refused.value.message == f"cannot write {target}: it is {named_so}"
    assert refused.value.fix == f"name another file, such as {target.removesuffix('.csv')}-2.csv"


def test_a_file_that_another_program_replaced_after_it_was_read_is_the_same_still(folder):
    with recorded_files():
        read_file("roster.csv")
        Path("new.csv").write_text("new", encoding="utf-8")
        Path("new.csv").replace("roster.csv")
        with pytest.raises(OutputError, match="one of the inputs"):
            current_record().claim([identify("roster.csv")])


def test_what_is_looked_at_only_to_be_replaced_is_not_an_input(folder):
    with recorded_files():
        assert read_file("roster.csv", is_input=False) == b"old"
        current_record().claim([identify("roster.csv")])


def test_the_input_that_is_replaced_on_purpose_is_allowed_and_no_other(folder):
    Path("plan.json").write_text("old", encoding="utf-8")
    plan, roster = identify("plan.json"), identify("roster.csv")
    with recorded_files():
        record = current_record()
        record.add_targets([plan])
        record.refuse_inputs([plan], [plan, roster], [plan])
        read_file("plan.json")
        record.claim([plan], [plan])
        with pytest.raises(OutputError):
            record.claim([roster], [plan])


@pytest.mark.parametrize("second", ["plan.json", "d/../plan.json", "soft.json", "hard.json", "PLAN.json"])
def test_no_file_is_named_for_two(folder, second):
    Path("d").mkdir()
    Path("plan.json").write_text("old", encoding="utf-8")
    Path("soft.json").symlink_to("plan.json")
    os.link("plan.json", "hard.json")
    for note in (FileRecord().add_targets, FileRecord().claim):
        with pytest.raises(OutputError, match=r"two different files|the same file"):
            note([identify("plan.json"), identify(second)])


def test_a_name_is_one_whether_its_accent_is_a_part_of_the_letter_or_follows_it(folder):
    with pytest.raises(OutputError, match="are the same file on many computers"):
        FileRecord().add_targets([identify("caf\u00e9.json"), identify("cafe\u0301.json")])


def test_two_future_files_are_one_if_their_folders_are(folder):
    Path("d").mkdir()
    Path("e").symlink_to("d")
    with pytest.raises(OutputError, match=r"^d/new\.json and e/new\.json are the same file$"):
        FileRecord().add_targets([identify("d/new.json"), identify("e/new.json")])


def test_the_same_target_may_be_noted_again_and_written_once(folder):
    record, plan = FileRecord(), identify("plan.json")
    record.add_targets([plan])
    record.add_targets([plan])
    record.claim([plan])
    with pytest.raises(OutputError):
        record.claim([plan])


def test_outside_of_a_command_nothing_is_noted(folder):
    read_file("roster.csv")
    outside = current_record()
    outside.claim([identify("roster.csv")])
    with recorded_files():
        note_input("roster.csv")
        with pytest.raises(OutputError):
            current_record().claim([identify("roster.csv")])
    assert current_record() is not outside
    current_record().claim([identify("roster.csv")])


def test_a_command_in_a_command_has_its_own_record(folder):
    with recorded_files():
        read_file("roster.csv")
        with recorded_files():
            current_record().claim([identify("roster.csv")])
        with pytest.raises(OutputError):
            current_record().claim([identify("roster.csv")])


def test_a_name_with_a_nul_is_no_file_and_no_defect():
    assert identify("a\0b").number is None
    assert not identify("a\0b").is_same(identify("c\0d"))


def test_a_new_file_that_gets_the_number_of_a_replaced_one_is_another_file(folder):
    with recorded_files():
        note_input("roster.csv")
        number = identify("roster.csv").number
        Path("hard.csv").unlink()
        Path("new.csv").write_text("new", encoding="utf-8")
        Path("new.csv").replace("roster.csv")
        reused = structs.replace(identify("runs.jsonl"), number=number)
        current_record().claim([reused])
        with pytest.raises(OutputError, match="it is one of the inputs"):
            current_record().claim([identify("roster.csv")])
