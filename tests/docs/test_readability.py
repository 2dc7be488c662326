"""Pages that marketers read are plain: a Flesch-Kincaid grade of 9 or less."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READABILITY = runpy.run_path(str(ROOT / "docs" / "readability.py"))
PAGES = READABILITY["user_pages"]()
PLAIN = "You have a list. You have a budget. We find the best plan.\n"
HARD = "Optimality certification necessitates independently recomputed coefficients notwithstanding approximations.\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_is_read_with_nine_years_of_school(page):
    assert READABILITY["grade"](page.read_text(encoding="utf-8")) <= READABILITY["MAX_GRADE"]


def test_only_pages_of_engineers_and_generated_pages_are_exempt():
    exempt = READABILITY["FOR_ENGINEERS"] | READABILITY["GENERATED"]
    assert {page.name for page in ROOT.glob("docs/*.md")} - {page.name for page in PAGES} <= exempt
    assert ROOT / "README.md" in PAGES


def test_hard_sentences_have_a_higher_grade():
    assert READABILITY["grade"](PLAIN) < READABILITY["MAX_GRADE"] < READABILITY["grade"](HARD)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("# A title\n\nIt works.\n", "It works."),
        ("Run `microopt plan` now.\n\n```sh\nmicroopt plan\n```\n", "Run it now."),
        ("| a | b |\n|---|---|\n\nSee [the page](goals.md).\n", "See the page."),
        ("[![A picture](a.png)](b.md)\n\nRates of 0.5 or 1,000 **count**:\n", "Rates of 05 or 1000 count."),
        ("- One thing\n- another;\n", "One thing.\nanother."),
    ],
)
def test_only_prose_is_measured(text, sentences):
    assert READABILITY["prose"](text) == sentences
