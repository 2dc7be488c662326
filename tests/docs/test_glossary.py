"""The glossary names each term once, in order, on one line."""

import re
from pathlib import Path

import pytest

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
LINES = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("- ")]
TERMS = [line.removeprefix("- **").partition("**")[0] for line in LINES]


def test_terms_are_sorted():
    assert sorted(TERMS, key=str.casefold) == TERMS


def test_terms_are_unique():
    folded = [term.casefold() for term in TERMS]
    assert sorted(set(folded)) == sorted(folded)


@pytest.mark.parametrize("line", LINES)
def test_each_term_is_explained_on_one_line(line):
    assert re.fullmatch(r"- \*\*[^*]+\*\*: [^\s].+[.]", line)


@pytest.mark.parametrize(
    "term", ["Roster", "Fee", "CPE", "ROAS", "Reduced cost", "IIS", "Warm start", "Sifting", "Pareto point", "Tier"]
)
def test_the_terms_that_readers_look_for_are_there(term):
    assert term in TERMS
