"""The round trip of a workbook: a plan's own, filled in by an agency, is read as contract states."""

from datetime import date
from pathlib import Path

import pytest

from microopt.rendering.language.language import find_language
from tests.cli.commands.test_replan import read
from tests.cli.conftest import only_object
from tests.support.filled_in import fill_in

pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")
BOOK = Path("plan.xlsx")


@pytest.fixture
def planned(run, desk):
    """Return a function that replans with the workbook of the last plan."""
    assert run("plan", "roster.csv", "-c", "campaign.toml", "-o", "plan.json", "-o", "plan.xlsx", "-q").exit_code == 0
    return lambda *args: run("replan", "plan.json", "--states", "plan.xlsx", "-o", "plan.json", *args)


def contracts():
    running = read("plan.json")["campaign"]["running"]
    return {contract["creator"]: contract for contract in running["contracts"]}


def creators():
    return [pick["creator"] for pick in read("plan.json")["picks"]]


def fill(creator, **values):
    BOOK.write_bytes(fill_in(BOOK.read_bytes(), creator, **values))


def test_an_untouched_workbook_says_nothing_new(planned):
    before = read("plan.json")
    done = planned()
    assert done.exit_code == 0, done.output
    assert "Nothing changed" in done.stderr
    assert read("plan.json") == before


def test_what_is_filled_in_is_agreed(planned):
    first, second, *_ = creators()
    fill(first, Status="signed", Agreed_fee=123, Post_date=date(2026, 12, 1), Notes="call Kim")
    fill(second, Status="Declined")
    done = planned("-o", "next.xlsx")
    assert done.exit_code == 0, done.output
    signed = contracts()[first]
    assert (signed["state"], signed["fee"], signed["posting"]) == (
        "signed",
        123.0,
        {"day": "2026-12-01", "note": "call Kim"},
    )
    assert set(contracts()) == {first, second}
    assert second not in creators()
    assert next(pick["fee"] for pick in read("plan.json")["picks"] if pick["creator"] == first) == 123.0


def test_the_next_workbook_says_what_is_agreed_and_nothing_new(planned):
    first = creators()[0]
    fill(first, Status="signed", Agreed_fee=123, Post_date=date(2026, 12, 1), Notes="call Kim")
    assert planned("-o", "next.xlsx").exit_code == 0
    BOOK.write_bytes(Path("next.xlsx").read_bytes())
    before = Path("plan.json").read_bytes()
    done = planned()
    assert "Nothing changed" in done.stderr, done.output
    assert Path("plan.json").read_bytes() == before


def test_an_untouched_workbook_undoes_nothing_that_was_agreed_since(planned, run):
    first = creators()[0]
    Path("states.csv").write_text(f"creator,state\n{first},signed\n", encoding="utf-8")
    assert run("replan", "plan.json", "--states", "states.csv", "-o", "plan.json").exit_code == 0
    assert planned().exit_code == 0
    assert contracts()[first]["state"] == "signed"


def test_a_german_workbook_in_euros_comes_back(run, desk):
    roster = Path("roster.csv")
    roster.write_text(roster.read_text(encoding="utf-8").replace(",fee,", ",fee (EUR),"), encoding="utf-8")
    with Path("campaign.toml").open("a", encoding="utf-8") as campaign:
        campaign.write('[report]\nlanguage = "de"\n')
    assert run("plan", "roster.csv", "-c", "campaign.toml", "-o", "plan.json", "-o", "plan.xlsx", "-q").exit_code == 0
    first, text = creators()[0], find_language("de").text
    written = {text("Status"): "zugesagt", text("Agreed fee"): 123.5, text("Notes"): "Rückruf"}
    fill(first, sheet=text("Creators"), header=text("Creator"), **written)
    done = run("replan", "plan.json", "--states", "plan.xlsx", "-o", "plan.json")
    assert done.exit_code == 0, done.output
    assert (contracts()[first]["state"], contracts()[first]["fee"]) == ("signed", 123.5)
    assert read("plan.json")["roster"]["currency"] == "EUR"


@pytest.mark.parametrize(
    ("values", "code", "words"),
    [
        ({"Status": "singed"}, "state-unknown", "'singed' is not a contract state (cell G3 of sheet 'Creators')"),
        ({"Agreed_fee": "forty"}, "number-unreadable", "'forty' is not money (cell M3 of sheet 'Creators')"),
        ({"Post_date": "next week"}, "date-unreadable", "'next week' is not a date (cell H3 of sheet 'Creators')"),
    ],
)
def test_a_value_that_cannot_be_is_a_fault_with_its_sheet_its_cell_and_a_fix(planned, values, code, words):
    before, first = Path("plan.json").read_bytes(), creators()[0]
    fill(first, **values)
    done = planned("--format", "json")
    assert done.exit_code == 3
    (fault,) = only_object(done.output)["faults"]
    assert (fault["code"], fault["row"], fault["message"]) == (code, 3, words)
    assert fault["fix"]
    assert Path("plan.json").read_bytes() == before


@pytest.fixture
def planned_in_waves(run, desk):
    """Return a function that replans with the workbook of a plan over two months, with one post of each creator."""
    with Path("campaign.toml").open("a", encoding="utf-8") as campaign:
        campaign.write('[calendar]\nwaves = ["2027-03", "2027-04"]\nmax_posts = 1\n')
    assert run("plan", "roster.csv", "-c", "campaign.toml", "-o", "plan.json", "-o", "plan.xlsx", "-q").exit_code == 0
    return lambda *args: run("replan", "plan.json", "--states", "plan.xlsx", "-o", "plan.json", *args)


def test_suggested_days_say_nothing_new_until_something_is_filled_in(planned_in_waves):
    before = read("plan.json")
    assert all(pick["posting_date"] for pick in before["picks"])
    done = planned_in_waves()
    assert "Nothing changed" in done.stderr, done.output
    assert read("plan.json") == before


def test_the_suggested_day_of_whoever_signs_is_agreed(planned_in_waves):
    first, days = creators()[0], [pick["posting_date"] for pick in read("plan.json")["picks"]]
    fill(first, Status="signed")
    done = planned_in_waves()
    assert done.exit_code == 0, done.output
    assert contracts()[first]["posting"] == {"day": days[0], "note": ""}
    assert [pick["posting_date"] for pick in read("plan.json")["picks"] if pick["creator"] == first] == [days[0]]
