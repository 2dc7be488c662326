"""The page on luck and declines: the table of three plans has the figures that the commands above it print."""

import re
from pathlib import Path

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "risk.md").read_text(encoding="utf-8")
AFTER = "Conversions after declines and substitutes"
SECTION = PAGE.split("## One campaign planned three ways")[1]


def conversions(session):
    """Return the conversions planned, and those of the worst tenth, by the heading of their columns."""
    heading = next(line for line in session.splitlines() if line.startswith("Total "))
    figures = next(line for line in session.splitlines() if line.startswith("Conversions "))
    named = dict(zip(re.split(" {2,}", heading), figures.split(), strict=False))
    return named["In plan"], named["Worst tenth"]


def test_the_table_of_three_plans_has_the_figures_of_their_sessions():
    sessions = re.findall(r"```console\n(.*?)```", SECTION, re.DOTALL)
    assert len(sessions) == 3
    rows = dict(re.findall(r"^\| ([^|]+?) \| (.+) \|$", SECTION, re.MULTILINE))
    totals = [conversions(session) for session in sessions]
    assert rows["Conversions expected, nobody replaced"].split(" | ") == [planned for planned, _ in totals]
    assert rows["Worst tenth of the outcomes, nobody replaced"].split(" | ") == [worst for _, worst in totals]
    words = " ".join(sessions[2].split())
    by_mean, _, after = rows[AFTER].split(" | ")
    assert f"the plan brings {after} conversions on average" in words
    more = float(re.search(r"([\d.]+)% more than the plan of averages with the same substitutes", words)[1])
    assert round((int(after) / int(by_mean) - 1) * 100) == round(more)


def test_the_text_around_the_sessions_has_their_figures_too():
    sessions = " ".join(" ".join(re.findall(r"```console\n(.*?)```", SECTION, re.DOTALL)).split())
    text = " ".join(re.sub(r"```.*?```", "", SECTION, flags=re.DOTALL).split())
    price = re.search(r"The price is (\d+%) of the conversions", text)[1]
    assert f"Price of safety: costs {price} of the mean" in sessions
    flattering = re.search(r"The ([\d.]+) conversions are those of the 500 scenarios", text)[1]
    assert f"{flattering} conversions there on average" in sessions
