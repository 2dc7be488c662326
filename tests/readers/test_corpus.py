"""Small rosters with one problem each, in folders by theme: the expected.py of a folder has what its files give."""

import runpy
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from microopt.campaign.campaign import Campaign
from microopt.errors import RosterError
from microopt.forecast.plausibility import find_suspicions
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from tests.support.pastable import is_pastable

FOLDER = Path(__file__).parents[1] / "data" / "rosters"
CASES = [
    (str((expected.parent / file).relative_to(FOLDER)), options, facts)
    for expected in sorted(FOLDER.rglob("expected.py"))
    for file, options, facts in runpy.run_path(str(expected))["CASES"]
]
LISTS = Path(__file__).parents[3] / "shared" / "data"


def case_ids():
    seen = Counter()
    for file, _, expected in CASES:
        seen[file] += 1
        yield f"{file}-{'faults' if 'faults' in expected else 'facts'}" + f"-{seen[file]}" * (seen[file] > 1)


def cells(column):
    return [column[row] for row in range(len(column.codes))]


def niches(roster):
    column = roster.texts["niche"]
    return [column.label_values(int(code)) for code in column.codes]


def suspicions(roster):
    """Return the rows of each kind of figures that are hard to believe."""
    found = find_suspicions(roster, Campaign(budget=1))
    return {suspicion.code: [creator.row for creator in suspicion.creators] for suspicion in found}


def find_use(roster, name):
    (use,) = [use for use in roster.columns if use.header == name][:1]
    return use


def check_facts(roster, expected):
    for name, values in expected.get("numbers", {}).items():
        assert roster.numbers[name].tolist() == pytest.approx(values, rel=1e-12, nan_ok=True), name
    for name, values in expected.get("texts", {}).items():
        assert cells(roster.texts[name]) == values, name
    for name, values in expected.get("values", {}).items():
        column = roster.texts[name]
        assert [column.label_values(int(code)) for code in column.codes] == values, name
    for name, column in expected.get("columns", {}).items():
        assert find_use(roster, name).column == column, name
    for name, part in expected.get("readings", {}).items():
        assert part in find_use(roster, name).reading, name
    for part in expected.get("notes", ()):
        assert any(part in note for note in roster.notes), part
    assert not {*expected.get("lacks", ())} & roster.numbers.keys()
    got = {
        "row": roster.row.tolist(),
        "fee": roster.fee.tolist(),
        "currency": roster.currency,
        "creators": roster.creators,
        "niches": niches(roster) if "niches" in expected else None,
        "suspicions": suspicions(roster) if "suspicions" in expected else None,
    }
    same = {name: value for name, value in expected.items() if name in got}
    assert {name: got[name] for name in same} == same


@pytest.mark.parametrize(("file", "options", "expected"), CASES, ids=case_ids())
def test_a_roster_gives_what_is_expected(file, options, expected):
    if file.endswith(".xlsx"):
        pytest.importorskip("python_calamine")
    if file.endswith(".parquet"):
        pytest.importorskip("pyarrow")
    path, options = str(FOLDER / file), ReadOptions(**options)
    if "faults" not in expected:
        check_facts(read_roster(path, options), expected)
        return
    with pytest.raises(RosterError) as caught:
        read_roster(path, options)
    got = [(fault.code, fault.row, fault.column) for fault in caught.value.faults]
    assert sorted(got, key=repr) == sorted(expected["faults"], key=repr)
    assert all(fault.message for fault in caught.value.faults)
    assert [fault.fix for fault in caught.value.faults if not is_pastable(fault.fix)] == []
    assert caught.value.fix


def test_every_file_of_the_corpus_has_an_expectation():
    paths = [path for path in FOLDER.rglob("*") if path.suffix not in (".py", ".pyc") and path.is_file()]
    files = {str(path.relative_to(FOLDER)) for path in paths}
    assert files == {file for file, _, _ in CASES} - {"missing.csv"}
    assert len(files) >= 45


@pytest.mark.parametrize(("file", "rows"), [("instagram-top-1000.csv", 1000), ("instagram-top-200.csv", 200)])
def test_the_public_lists_are_read_completely(file, rows):
    path = LISTS / file
    if not path.exists():
        pytest.skip("the folder ../shared/data is not here")
    roster = read_roster(str(path), ReadOptions(fees_required=False))
    assert len(roster) == rows
    assert roster.row.tolist() == list(range(2, rows + 2))
    assert np.isfinite(roster.numbers["followers"]).all()
    assert {find_use(roster, use.header).column for use in roster.columns} >= {"creator", "followers", "region"}
    with pytest.raises(RosterError, match="1 problem") as caught:
        read_roster(str(path))
    assert [(fault.code, fault.column) for fault in caught.value.faults] == [("column-missing", "fee")]


def test_the_list_of_a_thousand_is_understood():
    path = LISTS / "instagram-top-1000.csv"
    if not path.exists():
        pytest.skip("the folder ../shared/data is not here")
    roster = read_roster(str(path), ReadOptions(fees_required=False))
    taken = {use.header: use.column for use in roster.columns}
    assert taken == {
        "Country": "region",
        "Rank": None,
        "Account": "creator",
        "Title": None,
        "Link": "url",
        "Category": "niche",
        "Followers": "followers",
        "Audience Country": "audience_country",
        "Engagement avg": "engagements",
        "Authentic engagement": "authentic_engagements",
        "Scraped": None,
    }
    assert find_use(roster, "Country").reading == "the same in every row: 'All'"
    assert roster.texts["creator"][0] == "cristiano"
    assert niches(roster)[1] == ("Fashion", "Modeling", "Beauty")
    assert roster.numbers["authentic"][0] == pytest.approx(7.8 / 9.5)
    assert roster.texts["audience_country"][0] == "India"


def test_the_list_of_two_hundred_is_understood():
    path = LISTS / "instagram-top-200.csv"
    if not path.exists():
        pytest.skip("the folder ../shared/data is not here")
    roster = read_roster(str(path), ReadOptions(fees_required=False))
    assert roster.numbers["followers"][0] == 475.8e6
    assert roster.numbers["engagement_rate"][0] == pytest.approx(0.0139)
    assert roster.numbers["total_likes"][0] == 29e9
    assert [roster.text("region", row) for row in range(3)] == ["Spain", "United States", ""]
    assert find_use(roster, "60d_eng_rate").reading == "percent"
