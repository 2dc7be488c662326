"""Each page answers one question, which is its title, in its first paragraph and with an example that runs."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    page for page in runpy.run_path(str(ROOT / "docs" / "readability.py"))["user_pages"]() if page.parent.name == "docs"
]
WITHOUT_EXAMPLE = {"glossary.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_title_of_a_page_is_a_question_and_its_first_paragraph_answers(page):
    title, answer, *_ = page.read_text(encoding="utf-8").split("\n\n")
    assert re.fullmatch(r"# [A-Z].+\?", title)
    assert re.fullmatch(r"[\w`*\[].+[.!:]", answer, re.DOTALL)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name not in WITHOUT_EXAMPLE], ids=lambda page: page.stem
)
def test_a_page_has_an_example_that_runs(page):
    assert "```console\n$ microopt " in page.read_text(encoding="utf-8")
