"""A sentence ends with one mark, whatever it ends with: a note may end with a question, or with `--decimal .`."""

import re
from pathlib import Path

import pytest

import microopt
from microopt.rendering.wording.full_stop import end_sentence

SOURCE = Path(microopt.__file__).parent


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("read", "read."),
        ("read.", "read."),
        ("food?", "food?"),
        ("--decimal .", "--decimal ."),
    ],
)
def test_a_sentence_ends_with_one_mark(text, sentence):
    assert end_sentence(text) == sentence


def test_no_note_or_warning_is_ended_in_another_way():
    appended = re.compile(r"\{(?:note|warning|fix|message)\}\.(?:\\n)?[\"']")
    found = [str(path) for path in SOURCE.rglob("*.py") if appended.search(path.read_text(encoding="utf-8"))]
    assert found == []
