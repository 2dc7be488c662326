"""A file of another kind than the one that is wanted is called what it is."""

import json

import pytest

from microopt.readers.file_kinds import name_kind
from microopt.rendering.data.json import object_json
from tests.readers.builders import roster_error
from tests.rendering.builders import plan


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"creator;followers;fee", "a table"),
        (b"creator\tfollowers\tfee", "a table"),
        (b"PAR1", "a Parquet file"),
        (b"\x1f\x8b", "a gzip file"),
        (b"%PDF-1.7", "a PDF"),
        (b"# of spring, 2026\n[goal]\nname = 1", "a campaign file"),
        (b'rules = ["count 2..5"]', "a campaign file"),
        (b'[{"a": 1}]', "JSON"),
        (b"one word", ""),
        (b"", ""),
    ],
)
def test_the_first_bytes_say_what_a_file_is(data, kind):
    assert name_kind(data) == kind


def test_a_plan_in_place_of_a_list_is_called_a_plan():
    for text, kind in ((object_json(plan()), "a plan of microopt"), (json.dumps({"a": 1, "b": 2}), "JSON")):
        error = roster_error(text, "plan.json")
        assert error.message.endswith(f"plan.json is {kind}, not a table")
        assert error.fix == "give the list itself, as .csv, .xlsx or .parquet"


def test_a_campaign_file_in_place_of_a_list_is_called_one_and_goes_after_its_flag():
    error = roster_error('budget = "$10,000"\n[exchange]\nEUR = 1.08\n', "my.toml")
    assert error.message.endswith("my.toml is a campaign file, not a table")
    assert error.fix.startswith("give the list first, and this file after -c: roster.csv -c ")
    assert error.fix.endswith("my.toml")
