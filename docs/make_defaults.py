"""Write `defaults.md` from `src/microopt/benchmarks/defaults.toml`.

Run `python docs/make_defaults.py`, or with `--check` to compare.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from functools import reduce
from importlib import import_module
from math import sqrt
from operator import getitem
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FIGURES = HERE.parent / "src" / "microopt" / "benchmarks" / "defaults.toml"
PAGE = HERE / "defaults.md"
HEAD = """# The figures a forecast falls back on

<!-- Written by docs/make_defaults.py from src/microopt/benchmarks/defaults.toml. Do not edit. -->

The midpoint that is used for a range follows it in brackets.
"""
METHOD_HEAD = """## Figures of the method

These say how the figures above, your list and your results are weighed. They are design figures, stand in the code, and
have no key in a campaign file.
"""
METHOD = (  # module of `microopt`, constant, meaning
    (
        "forecast.shrinkage",
        "ZERO_RATE_DEVIATIONS",
        "standard deviations below the usual log rate, for a stated rate of 0",
    ),
    (
        "forecast.benchmark_fit",
        "MIN_CREATORS",
        "creators with a rate that `--fit-benchmarks` needs for a platform or a size",
    ),
    ("forecast.benchmark_fit", "MIN_SPREAD", "least standard deviation of their log rates"),
    (
        "forecast.posts.groups",
        "SOURCES_DIFFER",
        "standard deviation of the log of a public figure: two of them are ten times",
    ),
    (
        "forecast.posts.groups",
        "LEAST_BETWEEN",
        "least part of the usual variance between creators, however alike their posts are",
    ),
    (
        "forecast.posts.table",
        "LEAST_ENGAGEMENTS",
        "engagements that a post without any counts as, since its log is taken",
    ),
    (
        "forecast.posts.apply",
        "LEAST_CLICK_SPREAD",
        "least standard deviation of the log of a click rate, against clicks of posts",
    ),
    (
        "forecast.fee_model",
        "FEWEST_CREATORS",
        "creators with a price, from which on a list's own prices say what is usual",
    ),
    (
        "forecast.fee_model",
        "FEWEST_FOR_LEVEL",
        "creators with a price, from which on they move the level of public figures",
    ),
    ("forecast.fee_model", "ONE_IN", "at most one in so many prices of a list is called well above the usual fee"),
    (
        "forecast.fee_model",
        "SIZE",
        "growth of log fees with log followers, and its standard deviation, before any price is seen",
    ),
    ("forecast.fee_model", "RATE", "the same with the log of the engagement rate"),
    (
        "forecast.fee_model",
        "LEAST_RANGE",
        "times the usual fee that an estimate may be off by, however alike the prices",
    ),
    ("forecast.fee_model", "FURTHEST_RATE", "farthest that a log rate may be from the usual one to count for a fee"),
    (
        "forecast.fee_model",
        "PLATFORM_SPREAD",
        "standard deviation of a market's platforms from public differences, in logs",
    ),
    ("forecast.fee_model", "FORMAT_SPREAD", "the same of formats"),
    ("forecast.robust_regression", "LEAST_SPREAD", "least standard deviation of prices about the usual fee, in logs"),
    ("forecast.public_fees", "WIDTH", "times its lower bound, where the last band of a rate card ends"),
    ("forecast.public_fees", "LEAST_FACTOR", "least price of a format as a multiple of the usual format's"),
    (
        "forecast.fee_plausibility",
        "SLIP_MARGIN",
        "times the usual fee, or a part of it, that a fee read anew may be, to be a slip",
    ),
    ("forecast.fee_plausibility", "OTHER_LEVEL", "the same of a whole market"),
    ("forecast.fee_plausibility", "FEWEST_FEES", "fees that show the level of a market"),
    ("forecast.fee_plausibility", "MOST_MEANT", "times the usual fee that a fee written in thousands may be"),
    ("forecast.figure_plausibility", "FEWEST_CLICKS", "clicks behind a conversion rate, for it to be judged"),
    (
        "forecast.brief_words",
        "PRIOR_CREATORS",
        "creators of the usual kind, added to each niche that a brief is compared with",
    ),
    ("forecast.brief_words", "LEAST_START", "letters of a word of a brief that a niche must begin with"),
    ("forecast.brief_words", "LEAST_REST", "letters by which the niche is longer, at least"),
    ("forecast.acceptance", "PRIOR_ANSWERS", "answers that the usual share of a yes is worth beside a creator's own"),
    ("forecast.acceptance", "PRIOR_YES", "answers yes that are added to all earlier ones"),
    ("forecast.acceptance", "PRIOR_NO", "answers no that are added to them"),
    ("forecast.rate_variation", "LARGEST_VARIATION", "largest variance of a stated conversion rate, over its square"),
    (
        "forecast.updating.observations",
        "MIN_POSTS",
        "posts that are in, by the results to be expected by now, for results to count",
    ),
    ("forecast.updating.notes", "LEAST_SHIFT", "change of a platform's forecast, from which on it is reported"),
    (
        "campaign.fit_settings",
        "LEAST_FIT",
        "fit of niches that a campaign does not name, once it names one that it wants",
    ),
    ("campaign.fit_settings", "WANTED", "fit above which a niche is one that a campaign wants"),
    ("planning.audience_overlap", "MAX_POOL_SHARE", "most of an audience that one offer reaches, for net reach"),
    (
        "readers.posts.read_posts",
        "FAR_BEYOND",
        "engagements of a post over its creator's followers, from which on it is not used",
    ),
    ("readers.posts.read_posts", "FRESH_DAYS", "days up to which the newest post is not called old"),
    ("readers.audience.row_shares", "MOST_IN_ALL", "what rounded shares of an audience may add up to"),
    (
        "campaign.target_audience",
        "LAST_YEAR",
        "up to which age the years of an open band such as `65+` count, where a target takes a part of it",
    ),
    (
        "analysis.explain.going_rate",
        "SIMILAR_SIZE",
        "times the followers, or a part of them, of creators of a similar size",
    ),
)


def page(text: str) -> str:
    """Return the page for the text of a benchmarks file."""
    comments = _comments(text)
    parts = [HEAD.rstrip(), comments.get("", "")]
    for name, block in _tables(text):
        facts = [f"Source: {block['source']}, {block['year']}."] if "source" in block else []
        parts += [f"## {name}", comments.get(name, ""), *facts, _shown(name, block)]
    parts += [METHOD_HEAD.rstrip(), _table(["figure", "value", "is"], [*_method_rows()])]
    return "\n\n".join(part for part in parts if part) + "\n"


def _method_rows() -> Iterator[list[str]]:
    for module, name, meaning in METHOD:
        value = getattr(import_module(f"microopt.{module}"), name)
        numbers = value if isinstance(value, tuple) else (value,)
        yield [f"`{module}.{name}`", ", ".join(f"{float(number):.4g}" for number in numbers), meaning]


def _comments(text: str) -> dict[str, str]:
    """Return the comment above each table, and that of the file under the empty name."""
    found: dict[str, str] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("#"):
            lines.append(line.lstrip("# "))
            continue
        name = line[1:-1] if line.startswith("[") else ""
        if lines:
            found.setdefault(name, "\n".join(lines))
        lines = []
    return found


def _tables(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the tables in the order of the file, each with its dotted name."""
    figures = tomllib.loads(text)
    for name in re.findall(r"^\[(.+)\]$", text, re.MULTILINE):
        yield name, reduce(getitem, name.split("."), figures)


def _shown(name: str, block: dict[str, Any]) -> str:
    if "floors" in block:
        return _by_band("post" if name == "repetition" else "followers from", block)
    if all(isinstance(value, dict) for value in block.values()):
        return _by_name(block)
    rows = [[key, _figure(value)] for key, value in block.items() if key not in ("source", "year")]
    return _table(["figure", "value"], rows)


def _by_band(heading: str, block: dict[str, Any]) -> str:
    keys = [key for key, value in block.items() if isinstance(value, list) and key != "floors"]
    rows = [[f"{floor:,}", *(_figure(block[key][i]) for key in keys)] for i, floor in enumerate(block["floors"])]
    others = [[key, str(block[key])] for key in block if key not in (*keys, "floors", "source", "year")]
    tables = [_table([heading, *keys], rows), *([_table(["figure", "value"], others)] if others else [])]
    return "\n\n".join(tables)


def _by_name(block: dict[str, dict[str, Any]]) -> str:
    keys = list(dict.fromkeys(key for inner in block.values() for key in inner))
    rows = [[name, *(_figure(inner.get(key, "")) for key in keys)] for name, inner in block.items()]
    return _table(["name", *keys], rows)


def _figure(value: Any) -> str:
    """Return a figure, or a range with the geometric midpoint that is taken for it."""
    if isinstance(value, list) and len(value) == 2 and all(isinstance(bound, int | float) for bound in value):
        return f"{value[0]}..{value[1]} ({sqrt(value[0] * value[1]):.3g})"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headers, ["---"] * len(headers), *rows))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, or with `--check` return 1 if it is not what would be written."""
    parser = argparse.ArgumentParser(description="Write docs/defaults.md from src/microopt/benchmarks/defaults.toml.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the page is stale")
    check = parser.parse_args(arguments).check
    text = page(FIGURES.read_text(encoding="utf-8"))
    if not check:
        PAGE.write_text(text, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        print("docs/defaults.md is stale: run python docs/make_defaults.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
