"""Compute one creator by hand in `forecast.md`, from the example roster and `src/microopt/benchmarks/defaults.toml`.

Run `python docs/make_example.py`, or with `--check` to compare. Each step is an expression with the numbers that a
reader sees above it, so that the page's own arithmetic leads to its result. A test compares the last figures with those
of `microopt forecast`.
"""

from __future__ import annotations

import argparse
import ast
import csv
import operator
import re
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from math import exp, log, sqrt
from pathlib import Path
from statistics import NormalDist
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
FIGURES = HERE.parent / "src" / "microopt" / "benchmarks" / "defaults.toml"
ROSTER = HERE.parent / "examples" / "launch.csv"
PAGE = HERE / "forecast.md"
CREATOR, OFFER = "@cobaltlashes", "reel"
BEGIN, END = "<!-- by hand: written by docs/make_example.py -->\n", "<!-- end: by hand -->"
DIGITS = 5  # significant ones of each result

Unary = Callable[[float], float]
OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
FUNCTIONS: Mapping[str, Unary] = {"ln": log, "exp": exp, "sqrt": sqrt, "N": NormalDist().cdf}


class Given(NamedTuple):
    """A figure that is looked up: its symbol, its meaning, the number, and where it is from."""

    symbol: str
    meaning: str
    number: str
    place: str


class Step(NamedTuple):
    """A figure that is computed: its symbol, its meaning, and an expression of symbols in braces."""

    symbol: str
    meaning: str
    expression: str


STEPS = (
    Step(
        "W(sw)",
        "of the mean, what counts if the largest posts are cut",
        "N({z} - {sw}) + (1 - {q}) * exp({z} * {sw} - {sw}^2 / 2)",
    ),
    Step(
        "c",
        "how far {n} posts are from a single one, 0, and from very many, 1",
        "1 - ln(1 + (exp({sw}^2) - 1) / {n}) / {sw}^2",
    ),
    Step("x", "mean of the logs of the posts", "ln({rate}) - {c} * ({sw}^2 / 2 + ln({W(sw)}))"),
    Step("k", "posts that the usual rate is worth", "{sw}^2 / {sb}^2"),
    Step("w", "weight of the creator's own posts", "{n} / ({n} + {k})"),
    Step("m", "log rate, drawn towards the usual one", "{w} * {x} + (1 - {w}) * {mu}"),
    Step("v", "what is not known about it, a variance", "{sw}^2 / ({n} + {k})"),
    Step("s", "spread of the next post", "sqrt({v} + {sw}^2)"),
    Step("W(s)", "as W(sw), for s", "N({z} - {s}) + (1 - {q}) * exp({z} * {s} - {s}^2 / 2)"),
    Step("g", "growth since the posts were made", "{growth} * {age} / 365"),
    Step("rate to expect", "of one post", "exp({m} + {g} + {s}^2 / 2) * {W(s)}"),
    Step(
        "engagements",
        "of a paid post, by real people",
        "{followers} * {rate to expect} * {format} * {sponsored} * {credibility}",
    ),
    Step("impressions", "and people reached", "{followers} * {view rate}"),
    Step("clicks", "at the middle of the range", "{impressions} * sqrt({ctr low} * {ctr high})"),
    Step("lift", "an audience that reacts more buys more", "exp({e} * ({m} - {mu}) + {e}^2 * ({v} - {sb}^2) / 2)"),
    Step("conversions", "of the offer", "{clicks} * {cvr} * {lift}"),
    Step("CPE", "cost of an engagement", "{fee} / {engagements}"),
    Step("median", "of the engagements", "{engagements} / exp({s}^2 / 2) / {W(s)}"),
    Step("low", "end of their likely range", "{median} / exp({t} * {s})"),
    Step("high", "end of their likely range", "{median} * exp({t} * {s})"),
    Step("spread of clicks", "their range goes 1.2816 spreads either way", "ln({ctr high} / {ctr low}) / (2 * 1.2816)"),
    Step(
        "sc",
        "spread of conversions: views, clicks, buyers, lift",
        "sqrt({s}^2 + {spread of clicks}^2 + {clicks of posts}^2 + {buyers}^2 + {buyers of posts}^2 + {e}^2 * {s}^2)",
    ),
    Step("low of conversions", "end of their likely range", "{conversions} / exp({sc}^2 / 2 + {t} * {sc})"),
    Step("high of conversions", "end of their likely range", "{conversions} * exp({t} * {sc} - {sc}^2 / 2)"),
)


def offer(path: Path = ROSTER) -> dict[str, str]:
    """Return the row of the offer."""
    with path.open(encoding="utf-8", newline="") as file:
        return next(row for row in csv.DictReader(file) if (row["creator"], row["offer"]) == (CREATOR, OFFER))


def givens(row: Mapping[str, str], figures: Mapping[str, Any]) -> list[Given]:
    """Return the figures that the example looks up in the roster and among the defaults."""
    followers = int(row["followers"])
    engagement, conversion, shrinkage = figures["engagement"]["instagram"], figures["conversion"], figures["shrinkage"]
    growth, block = figures["growth"], figures["format"]["instagram"][row["offer"]]
    quantile, degrees = float(shrinkage["winsorise"]), float(shrinkage["degrees"])

    def of_size(table: Mapping[str, Any], key: str) -> str:
        band = sum(followers >= floor for floor in table["floors"][1:])
        value = table[key][band]
        return _shown(sqrt(value[0] * value[1]) if isinstance(value, list) else float(value))

    def live(key: str) -> str:
        return _shown(float(figures["live"][key]))

    low, high = block["ctr"]
    return [
        Given("followers", "people", row["followers"], "your list"),
        Given(
            "rate", "engagement rate of the posts", _shown(float(row["engagement_rate"].rstrip("%")) / 100), "your list"
        ),
        Given("n", "posts behind it", row["posts"], "your list"),
        Given("credibility", "share of real followers", _shown(float(row["credibility"])), "your list"),
        Given("fee", "dollars", row["fee"], "your list"),
        Given("mu", "usual log rate of the size", of_size(engagement, "mu"), "engagement.instagram"),
        Given("sb", "spread of creators, in logs", of_size(engagement, "sd_between"), "engagement.instagram"),
        Given("sw", "spread of one creator's posts", of_size(engagement, "sd_within"), "engagement.instagram"),
        Given("q", "posts beyond this quantile are cut", _shown(quantile), "shrinkage"),
        Given("z", "its place in a normal distribution, `NORM.S.INV(q)`", _shown(NormalDist().inv_cdf(quantile)), "q"),
        Given("growth", "of the log rate in a year", of_size(growth, "per_year"), "growth"),
        Given("age", "days since the posts, on average", _shown(float(growth["age_days"])), "growth"),
        Given(
            "format",
            "engagement of a reel against a feed post",
            _shown(float(block.get("engagement", 1))),
            "format.instagram",
        ),
        Given("sponsored", "paid against organic posts", of_size(figures["sponsored"], "ratio"), "sponsored"),
        Given("view rate", "views of a reel for each follower", _shown(float(block["view_rate"])), "format.instagram"),
        Given("ctr low", "clicks of a view, at the low end", _shown(low), "format.instagram"),
        Given("ctr high", "clicks of a view, at the high end", _shown(high), "format.instagram"),
        Given("cvr", "conversions of a click", of_size(conversion, "cvr"), "conversion"),
        Given("clicks of posts", "spread of the click rates of one creator's posts", live("post_clicks"), "live"),
        Given("buyers", "spread of the conversion rates of creators", live("creator_conversions"), "live"),
        Given("buyers of posts", "spread of those of one creator's posts", live("post_conversions"), "live"),
        Given("e", "more sales for more engagement", _shown(conversion["engagement_elasticity"]), "conversion"),
        Given(
            "t",
            f"`T.INV(0.9, {degrees:g}) * SQRT(1 - 2 / {degrees:g})`: eight in ten outcomes are within t spreads",
            _shown(student_deviations(degrees)),
            "shrinkage",
        ),
    ]


def student_deviations(degrees: float) -> float:
    """Return the 90% quantile of Student's t, in its standard deviations; Abramowitz and Stegun 26.7.5."""
    z = NormalDist().inv_cdf(0.9)
    terms = (z, (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384)
    return sum(term / degrees**power for power, term in enumerate(terms)) * sqrt(1 - 2 / degrees)


def evaluate(expression: str) -> float:
    """Return the value of an expression: + - * / ^, and ln, exp, sqrt, N; none has a sign before a power, which
    spreadsheets read otherwise.
    """
    return _value(ast.parse(expression.replace("^", "**"), mode="eval").body)


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.BinOp(left=left, op=sign, right=right):
            return OPERATORS[type(sign)](_value(left), _value(right))
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return FUNCTIONS[name](_value(argument))
    raise ValueError(f"{ast.unparse(node)} is not arithmetic")


def computed(known: Sequence[Given]) -> list[tuple[Step, str, str]]:
    """Return the steps, each with its numbers filled in, and its rounded result."""
    numbers = {given.symbol: given.number for given in known}
    done = []
    for step in STEPS:
        expression = re.sub(r"\{([^}]+)\}", lambda match: _operand(numbers[match[1]]), step.expression)
        numbers[step.symbol] = _shown(evaluate(expression))
        done.append((step, expression, numbers[step.symbol]))
    return done


def _operand(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


def _shown(value: float) -> str:
    """Return a number with five significant digits, without an exponent."""
    return f"{float(f'{value:.{DIGITS}g}'):.10f}".rstrip("0").rstrip(".")


def section() -> str:
    """Return the tables: what is looked up, and what is computed."""
    known = givens(offer(), tomllib.loads(FIGURES.read_text(encoding="utf-8")))
    numbers = {given.symbol: given.number for given in known}
    looked_up = [[f"`{given.symbol}`", given.meaning, given.number, _place(given.place)] for given in known]
    steps = [
        [f"`{step.symbol}`", step.meaning.format(**numbers), f"`{text}`", result]
        for step, text, result in computed(known)
    ]
    return "\n\n".join(
        (_table(["figure", "is", "number", "from"], looked_up), _table(["figure", "is", "computed", "number"], steps))
    )


def _place(place: str) -> str:
    return place if place in ("your list", "q") else f"[`{place}`](defaults.md#{place.replace('.', '')})"


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headers, ["---"] * len(headers), *rows))


def filled(page: str) -> str:
    """Return the page with the example made anew."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{PAGE.name} has no place for the example: {BEGIN.strip()} ... {END}")
    return f"{before}{BEGIN}\n{section()}\n\n{END}{after}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the example, or with `--check` return 1 if it is not what would be written."""
    parser = argparse.ArgumentParser(description="Compute one creator by hand in docs/forecast.md.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the example is stale")
    check = parser.parse_args(arguments).check
    page = PAGE.read_text(encoding="utf-8")
    text = filled(page)
    if not check:
        PAGE.write_text(text, encoding="utf-8")
    elif text != page:
        print("docs/forecast.md has a stale example: run python docs/make_example.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
