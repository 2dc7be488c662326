"""`microopt plan -o`: workbooks and pictures, all from one solve, all or none."""

import json
import re
import sys
import zipfile

import pytest

from tests.cli.conftest import files
from tests.support.ical_rules import check_calendar_file

PLAN = ("plan", "roster.csv", "--budget", "5000", "--quiet")
ALL = ("plan.xlsx", "plan.json", "plan.md", "plan.csv", "plan.png", "plan.svg", "plan.table.svg", "plan.txt")


def outputs(*names):
    return [part for name in names for part in ("-o", name)]


def test_one_solve_writes_every_format(run, desk):
    done = run(*PLAN, *outputs(*ALL))
    assert (done.exit_code, done.output) == (0, "")
    result = files(desk)
    assert result["plan.xlsx"].startswith(b"PK")
    assert result["plan.png"].startswith(b"\x89PNG")
    assert all(b"<svg" in result[name] for name in ("plan.svg", "plan.table.svg"))
    assert b"@cleo" in result["plan.table.svg"]
    assert b"@cleo" not in result["plan.svg"]


def test_a_workbook_reads_back_as_a_roster(run, desk):
    run(*PLAN, *outputs("plan.xlsx", "plan.json"))
    names = [pick["creator"] for pick in json.loads((desk / "plan.json").read_text())["picks"]]
    output = f"{len(names)} offers from {len(names)} creators, no problems found"
    for sheet in ((), ("--sheet", "Creators")):
        checked = run("check", "plan.xlsx", *sheet)
        assert checked.exit_code == 0
        assert output in checked.stdout
        again = run("plan", "plan.xlsx", "-b", "5000", *sheet)
        assert again.exit_code == 0
        assert all(name in again.stdout for name in names)


def test_a_workbook_tells_the_range_of_each_result(run, desk):
    run(*PLAN, *outputs("plan.xlsx"))
    with zipfile.ZipFile(desk / "plan.xlsx") as package:
        texts = package.read("xl/sharedStrings.xml").decode()
    assert "Engagements, low" in texts
    assert "benchmark" in texts


def test_the_workbook_of_a_report_has_other_budgets(run, desk):
    run(*PLAN, *outputs("plan.json"))
    done = run("report", "plan.json", "-o", "report.xlsx", "--steps", "4")
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(desk / "report.xlsx") as package:
        assert 'name="Budgets"' in package.read("xl/workbook.xml").decode()


def test_a_frontier_is_written_as_a_workbook(run, desk):
    done = run("frontier", "roster.csv", "-b", "1000..5000", "--steps", "3", "-q", "-o", "f.xlsx")
    assert done.exit_code == 0, done.output
    assert files(desk)["f.xlsx"].startswith(b"PK")


@pytest.mark.parametrize("command", ["compare", "alternatives", "tradeoff"])
def test_what_has_no_workbook_says_so_before_it_works(run, command):
    done = run(command, "roster.csv", "-b", "5000", "-o", "x.xlsx")
    assert done.exit_code == 2
    assert "not written as xlsx" in done.stderr


@pytest.mark.parametrize(
    ("name", "library", "extra"),
    [
        ("p.xlsx", "xlsxwriter", "report"),
        ("p.png", "altair", "report"),
        ("p.svg", "vl_convert", "report"),
        ("p.ics", "icalendar", "calendar"),
    ],
)
def test_a_missing_extra_is_named_before_the_work(run, desk, monkeypatch, name, library, extra):
    monkeypatch.setitem(sys.modules, library, None)
    before = files(desk)
    done = run(*PLAN, *outputs("plan.csv", name))
    assert done.exit_code == 2
    assert library in done.stderr
    assert f"pip install 'microopt[{extra}]'" in done.stderr
    assert files(desk) == before


@pytest.mark.parametrize("name", ["no/such/plan.xlsx", "roster.csv"])
def test_a_target_that_cannot_be_written_leaves_everything_as_it_was(run, desk, name):
    (desk / "plan.xlsx").write_bytes(b"old")
    before = files(desk)
    done = run(*PLAN, *outputs("plan.xlsx", name))
    assert done.exit_code != 0
    assert "cannot write" in done.stderr
    assert files(desk) == before


def test_where_the_disk_fails_every_old_file_stands(run, desk, monkeypatch):
    (desk / "plan.xlsx").write_bytes(b"old")
    (desk / "plan.json").write_bytes(b"old too")
    before = files(desk)

    def full(file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("microopt.storage.atomic_write.os.fsync", full)
    done = run(*PLAN, *outputs("plan.json", "plan.xlsx"))
    assert "No space left on device" in done.stderr
    assert files(desk) == before


def test_an_odd_ending_lists_those_there_are(run):
    done = run(*PLAN, *outputs("plan.xls"))
    assert done.exit_code == 2
    assert all(suffix in done.stderr for suffix in (".xlsx", ".png", ".table.svg"))


def test_dates_of_a_plan_without_waves_are_refused_before_the_work(run, desk):
    before = files(desk)
    done = run(*PLAN, *outputs("plan.csv", "plan.ics"))
    assert done.exit_code == 2
    assert "such as --waves 2027-03,2027-04" in " ".join(done.stderr.split())
    assert files(desk) == before


def test_the_days_of_a_campaign_are_proposed_as_a_wave_that_works(run, desk):
    (desk / "campaign.toml").write_text("budget = 5000\nstarts = 2027-03-05\nends = 2027-04-10\n", encoding="utf-8")
    plan = ("plan", "roster.csv", "-c", "campaign.toml", "-q", "-o", "plan.ics")
    done = run(*plan)
    assert done.exit_code == 2
    proposed = re.search(r"--waves (\S+?);", " ".join(done.stderr.split()))[1]
    assert run(*plan, "--waves", proposed).exit_code == 0
    events = check_calendar_file((desk / "plan.ics").read_bytes())
    posts = [event["DTSTART"].isoformat() for event in events if event["CATEGORIES"] == "Post"]
    assert posts
    assert all("2027-03-05" <= day <= "2027-04-10" for day in posts)


def test_dates_come_from_a_plan_file_too_without_other_budgets(run, desk):
    assert run(*PLAN, "--waves", "2027-03,2027-04", *outputs("plan.json", "plan.ics")).exit_code == 0
    done = run("report", "plan.json", "-o", "again.ics")
    assert done.exit_code == 0, done.output
    assert "other budgets" not in done.stdout
    assert files(desk)["again.ics"] == files(desk)["plan.ics"]
    assert run("report", "plan.json", "-o", "b.ics", "--language", "de", "--audience", "client").exit_code == 0
    assert b"SUMMARY:Freigabe: " in files(desk)["b.ics"]


def test_a_plan_file_without_waves_has_no_dates(run, desk):
    assert run(*PLAN, *outputs("plan.json")).exit_code == 0
    before = files(desk)
    assert run("report", "plan.json", "-o", "x.html", "-o", "x.ics").exit_code == 2
    done = run("replan", "plan.json", "-o", "plan.json", "-o", "x.ics")
    assert done.exit_code == 2
    assert "no waves" not in done.stdout
    assert {name: data for name, data in files(desk).items() if name in before} == before
    assert not {"x.ics", "x.html"} & {*files(desk)}


def test_a_replan_moves_the_same_events(run, desk):
    plan = ("plan", "roster.csv", "-b", "5000", "-q", "--waves", "2027-03,2027-04")
    assert run(*plan, *outputs("plan.json", "plan.ics")).exit_code == 0
    first = check_calendar_file((desk / "plan.ics").read_bytes())
    who = next(event for event in first if event["CATEGORIES"] == "Post")["SUMMARY"].split()[1].rstrip(",")
    (desk / "states.csv").write_text(f"creator,state\n{who},signed\n", encoding="utf-8")
    done = run("replan", "plan.json", "--states", "states.csv", *outputs("plan.json", "plan.ics"))
    assert done.exit_code == 0, done.output
    later = check_calendar_file((desk / "plan.ics").read_bytes())
    assert {event["UID"] for event in later} & {event["UID"] for event in first}
    assert min(int(event["SEQUENCE"]) for event in later) > max(int(event["SEQUENCE"]) for event in first)
    assert {event["STATUS"] for event in later if f" {who}," in event["SUMMARY"]} == {"CONFIRMED"}


def test_the_suggested_day_of_whoever_signs_stays_while_others_move(run, desk):
    plan = ("plan", "roster.csv", "-b", "5000", "-q", "--waves", "2027-03")
    assert run(*plan, *outputs("plan.json")).exit_code == 0
    picks = json.loads((desk / "plan.json").read_text(encoding="utf-8"))["picks"]
    first, *_, last = sorted(picks, key=lambda pick: pick["posting_date"])
    states = f"creator,state\n{last['creator']},signed\n{first['creator']},declined\n"
    (desk / "states.csv").write_text(states, encoding="utf-8")
    done = run("replan", "plan.json", "--states", "states.csv", *outputs("plan.json"), "-q")
    assert done.exit_code == 0, done.output
    again = json.loads((desk / "plan.json").read_text(encoding="utf-8"))["picks"]
    days = {pick["creator"]: pick["posting_date"] for pick in again}
    assert days[last["creator"]] == last["posting_date"]
    assert run("verify", "plan.json").exit_code == 0
