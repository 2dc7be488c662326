"""Results as Markdown, in `results/` and between the markers of the README."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """Return a table.

    Parameters
    ----------
    left
        How many columns, from the first, are text; the others are aligned to the right.
    """
    marks = ["---" if i < left else "--:" for i in range(len(headers))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headers, marks, *rows))


def publish(name: str, text: str) -> list[Path]:
    """Write a result to `results/NAME.md` and into the README, and return the files written.

    Raises
    ------
    ValueError
        If the README has no place for it.
    """
    result, readme = HERE / "results" / f"{name}.md", HERE / "README.md"
    page = readme.read_text(encoding="utf-8")
    result.parent.mkdir(exist_ok=True)
    result.write_text(f"{text}\n", encoding="utf-8")
    readme.write_text(_placed(page, name, text), encoding="utf-8")
    return [result, readme]


def _placed(page: str, name: str, text: str) -> str:
    start, end = f"<!-- result:{name} -->", f"<!-- end:{name} -->"
    place = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
    if not place.search(page):
        raise ValueError(f"benchmarks/README.md has no {start} ... {end}")
    return place.sub(lambda _: f"{start}\n{text}\n{end}", page)
