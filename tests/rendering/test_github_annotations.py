"""Faults as workflow annotations: one line each, whatever they hold."""

import pytest

from microopt.errors import CampaignError, RosterError
from microopt.rendering.github_annotations import MAX_ANNOTATIONS, error_annotations, summary_annotations
from tests.rendering.builders import HOSTILE, fault, summary, suspicion


def test_a_fault_is_a_line_with_its_place():
    text = error_annotations(RosterError("one fault", faults=[fault(7)]), "rosters/r.csv")
    output = "column followers: 'x7' is not a number. Write a plain number."
    assert text == f"::error file=rosters/r.csv,line=7,title=number-unreadable::{output}\n"


def test_an_error_without_a_row_stands_at_the_file():
    text = error_annotations(CampaignError("no goal 'x'", fix="take another", code="goal-unknown"), "r.csv")
    assert text == "::error file=r.csv,title=goal-unknown::no goal 'x'. Take another.\n"


def test_what_the_form_uses_itself_is_escaped():
    text = error_annotations(RosterError("", faults=[fault(2, message="50%\r\n::x", code="a,b:c")]), "a,b:c.csv")
    assert "file=a%2Cb%3Ac.csv,line=2,title=a%2Cb%3Ac::" in text
    assert "50%25%0D%0A::x" in text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_no_command_of_its_own(text):
    sample = RosterError(text, faults=[fault(2, message=text, fix=text, column=text), fault(3)])
    assert len(error_annotations(sample, text).split("\n")) == 3
    assert len(summary_annotations(summary(warnings=(text,))).split("\n")) == 3


def test_a_creator_with_figures_that_are_hard_to_believe_is_a_warning_at_the_row():
    lines = summary_annotations(summary(suspicions=(suspicion("@a", "@b"),))).splitlines()
    assert lines[1:] == [
        "::warning file=roster.csv,line=2,title=likes-above-followers::@a: 5M likes, 20k followers",
        "::warning file=roster.csv,line=3,title=likes-above-followers::@b: 5M likes, 20k followers",
    ]


def test_the_faults_that_github_would_drop_are_counted():
    lines = error_annotations(RosterError("", faults=[fault(row) for row in range(2, 1_300)]), "r.csv").splitlines()
    assert len(lines) == MAX_ANNOTATIONS + 1
    assert "1,248 more" in lines[-1]
