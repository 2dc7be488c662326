"""Measure how hard the pages are to read: `python docs/readability.py` prints words and grade of each."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAX_GRADE = 9.0
FOR_ENGINEERS = frozenset({"adding.md"})
GENERATED = frozenset({"cli.md", "defaults.md", "messages.md"})

BLOCK = re.compile(r"^```.*?^```|^\|.*?$|^#+ .*?$|<!--.*?-->", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
ITEM = re.compile(r"^\s*(?:[-*]|\d+\.)\s+", re.MULTILINE)


def user_pages() -> list[Path]:
    """Return the pages that are measured: those that marketers read and people write."""
    exempt = FOR_ENGINEERS | GENERATED
    pages = [page for page in sorted((ROOT / "docs").glob("*.md")) if page.name not in exempt]
    return [ROOT / "README.md", ROOT / "examples" / "README.md", *pages]


def prose(text: str) -> str:
    """Return the sentences of a page: without code, tables, headings and link targets; an identifier is one word."""
    text = BLOCK.sub("\n\n", text)
    text = re.sub(r"`[^`]*`|\bhttps?://\S+", "it", text)
    text = LINK.sub(r"\1", PICTURE.sub("", text))
    text = re.sub(r"(?<=\d)[.,](?=\d)", "", text.replace("*", ""))  # else 0.5 ends a sentence
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", ITEM.sub("\n\n", text))]
    return "\n".join(part if part[-1] in ".!?" else f"{part.rstrip(':;,')}." for part in paragraphs if part)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a page's prose: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    import textstat

    return float(textstat.flesch_kincaid_grade(prose(text)))


def words(text: str) -> int:
    """Return the words of a whole page, as `wc -w` counts them."""
    return len(text.split())


if __name__ == "__main__":
    print(f"{'page':<22}{'words':>7}{'grade':>7}")
    for page in user_pages():
        text = page.read_text(encoding="utf-8")
        print(f"{page.relative_to(ROOT)!s:<22}{words(text):>7,}{grade(text):>7.1f}")
