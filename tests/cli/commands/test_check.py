"""`microopt check`: every fault with its place, or what the roster holds."""

import gzip

import pytest

from tests.cli.conftest import ROSTER, files, only_object


def lots(count):
    """Return a roster with this many bad cells among good ones."""
    head = ROSTER.splitlines()[0]
    rows = [f"@a{n},instagram,reel,x,US,{'lots' if n < count else 5_000 + n},400,5%,3" for n in range(count * 4)]
    return "\n".join([head, *rows]) + "\n"


def test_a_good_roster_is_summed_up(run, desk):
    before = files(desk)
    done = run("check", "roster.csv")
    assert (done.exit_code, done.stderr) == (0, "")
    for text in (
        "5 offers from 5 creators",
        "no problems found",
        "Creators by tier",
        "micro 2",
        "niche",
        "platform",
        "fee",
    ):
        assert text in done.stdout
    assert files(desk) == before


def test_a_good_roster_is_one_object_too(run):
    done = run("check", "roster.csv", "--format", "json")
    value = only_object(done.stdout)
    assert (done.exit_code, done.stderr) == (0, "")
    assert value["schema"] == "microopt.check/1"
    assert value["counts"]["niche"]["beauty"] == 3
    assert value["spreads"]["fee"]["high"] == 9_000
    assert {"header": "fee", "column": "fee"}.items() <= value["columns"][6].items()


def test_days_on_which_creators_are_available_are_read_without_a_calendar_too(run, desk):
    head, *rows = ROSTER.splitlines()
    days = ["2027-03", "soon", "TBD", "15 Mar 2027", ""]
    lines = [f"{head},available_from", *(f"{row},{day}" for row, day in zip(rows, days, strict=True))]
    (desk / "days.csv").write_text("\n".join(lines))
    done = run("check", "days.csv", "--format", "json")
    (fault,) = only_object(done.stdout)["faults"]
    assert (done.exit_code, fault["code"], fault["row"]) == (3, "date-unreadable", 3)
    # The same list can be planned without waves, and its check with a campaign that has none says so.
    (desk / "campaign.toml").write_text("budget = 5000")
    assert run("check", "days.csv", "-c", "campaign.toml").exit_code == 0
    done = run("check", "days.csv", "--skip-bad-rows", "-o", "clean.csv")
    assert "1 cell of available_from, 'TBD', was read as empty" in " ".join(done.stdout.split())
    assert "2027-03-01" in (desk / "clean.csv").read_text()


def test_a_filter_shows_in_what_is_summed_up(run):
    done = run("check", "roster.csv", "--where", "followers 5k..50k", "--format", "json")
    value = only_object(done.stdout)
    assert (value["roster"]["creators"], value["roster"]["filtered"]) == (3, 2)
    assert value["spreads"]["followers"]["high"] == 45_000
    assert "3 creators (2 filtered out)" in run("check", "roster.csv", "--where", "followers 5k..50k").stdout


def test_every_fault_is_told_with_row_column_value_code_and_fix(run, desk, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    (desk / "roster.csv").write_text(lots(30), encoding="utf-8")
    done = run("check", "roster.csv")
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr.count("number-unreadable") == 30
    assert "more:" not in done.stderr
    first = next(line for line in done.stderr.splitlines() if line.strip().startswith("2 "))
    assert all(word in first for word in ("followers", "'lots' is not a number", "12.5K"))


def test_every_fault_is_in_the_object(run, desk):
    (desk / "roster.csv").write_text(lots(30), encoding="utf-8")
    done = run("check", "roster.csv", "--format", "json")
    faults = only_object(done.stdout)["faults"]
    assert (done.exit_code, done.stderr, len(faults)) == (3, "", 30)
    assert {"row": 2, "column": "followers", "value": "lots", "code": "number-unreadable"}.items() <= faults[0].items()
    assert faults[0]["fix"]


def test_faults_of_several_kinds_are_told_together(run, desk):
    text = lots(1).replace(",400,", ",-400,", 2).replace("instagram,reel,x,US,5001", "instagram,reel,x,US,0")
    (desk / "roster.csv").write_text(text, encoding="utf-8")
    codes = [fault["code"] for fault in only_object(run("check", "roster.csv", "--format", "json").stdout)["faults"]]
    assert sorted(codes) == ["followers-zero", "number-negative", "number-negative", "number-unreadable"]


@pytest.mark.parametrize("name", ["none.csv", "empty.csv"])
def test_a_roster_that_is_not_there_or_empty_is_a_fault_too(run, desk, name):
    (desk / "empty.csv").touch()
    assert run("check", name).exit_code == 3


@pytest.mark.parametrize(
    ("command", "nearest"),
    [
        (["check", "roster.cvs"], "roster.csv"),
        (["check", "rooster.csv"], "roster.csv"),
        (["check", "roster.xlsx"], "roster.csv"),
        (["plan", "roster.csv", "-c", "campaing.toml"], "campaign.toml"),
        (["verify", "pln.json"], "plan.json"),
        (["history", "pln.json"], "plan.json"),
    ],
)
def test_a_file_that_is_not_there_is_answered_with_the_nearest_name(run, desk, command, nearest):
    (desk / "plan.json").write_text("{}", encoding="utf-8")
    done = run(*command)
    assert done.exit_code != 0
    assert f"Did you mean {nearest}?" in done.stderr


@pytest.mark.parametrize(
    ("platform", "told"),
    [
        ("Instgram", "no benchmarks for Instgram (did you mean instagram?): those of instagram are used"),
        ("You Tbe", "no benchmarks for You Tbe (did you mean youtube?): those of instagram are used"),
        ("Newsletter", "no benchmarks for Newsletter: those of instagram are used"),
        ("Kick", "no benchmarks for kick: those of instagram are used"),
    ],
)
def test_a_platform_without_benchmarks_is_told_before_any_plan(run, desk, platform, told):
    roster = f"creator,platform,followers,fee\n@a,{platform},9000,90\n@b,Instagram,9000,90\n"
    (desk / "slip.csv").write_text(roster, encoding="utf-8")
    assert told in " ".join(run("check", "slip.csv").stdout.split())
    assert told in " ".join(run("plan", "slip.csv", "-b", "100").stdout.split())


def test_a_misspelled_platform_is_a_warning_with_its_rows_below_the_answer(run, desk):
    rows = [f"@{name},{platform},9000,90" for name, platform in zip("abcde", ["Instgram"] * 4 + ["Kick"], strict=True)]
    (desk / "slip.csv").write_text("\n".join(["creator,platform,followers,fee", *rows]), encoding="utf-8")
    text = run("check", "slip.csv").stdout
    lines = " ".join(text.split("\n\n")[0].split())
    assert "5 offers from 5 creators, no errors found." in lines
    assert "Warning: rows 2, 3, 4 and 1 more: no benchmarks for Instgram (did you mean instagram?)" in lines
    assert text.splitlines()[-1] == "Note: no benchmarks for kick: those of instagram are used."
    notice, warning, *_ = run("check", "slip.csv", "--format", "github").stdout.splitlines()
    assert "no errors found" in notice
    assert warning.startswith("::warning file=slip.csv::rows 2, 3, 4 and 1 more: no benchmarks for Instgram")


def test_no_budget_is_needed(run, desk):
    (desk / "campaign.toml").write_text('rules = ["niche:beauty count 1..3"]\n', encoding="utf-8")
    assert run("check", "roster.csv", "-c", "campaign.toml").exit_code == 0


@pytest.mark.parametrize(
    ("campaign", "code"),
    [
        ("budgte = 5", "key-unknown"),
        ("budget = 'abc'", "usage"),
        ("rules = ['niche:beauty count 5..2']", "rule-range"),
        ("rules = ['niche:beuty count >= 1']", "value-unknown"),
        ("rules = ['nich:beauty count >= 1']", "column-unknown"),
        ("where = ['folowers 5k..']", "column-unknown"),
        ("include = ['@ana']", "include-unknown"),
        ("include = ['@anna']\nexclude = ['@anna']", "include-exclude"),
    ],
)
def test_a_campaign_is_checked_against_the_roster(run, desk, campaign, code):
    (desk / "campaign.toml").write_text(campaign, encoding="utf-8")
    done = run("check", "roster.csv", "-c", "campaign.toml", "--format", "json")
    fault = only_object(done.stdout)["faults"][0]
    assert (done.exit_code, done.stderr, fault["code"]) == (2, "", code)
    assert fault["fix"]


@pytest.mark.parametrize(
    "campaign",
    [
        "budget = 5\nrules = ['all cuont <= 1']",
        "budget = 5\ngoal = 'value:niche'",
        "budget = 5\nrules = ['all count <= 3 (soft 20)']",
        "budget = 5\nwhere = ['followers 900M..']",
        "budget = 5\ninclude = ['@anna']\nwhere = ['followers 1M..']",
    ],
)
def test_what_plan_refuses_check_refuses_too(run, desk, campaign):
    (desk / "campaign.toml").write_text(campaign, encoding="utf-8")
    assert run("plan", "roster.csv", "-c", "campaign.toml").exit_code == 2
    assert run("check", "roster.csv", "-c", "campaign.toml").exit_code == 2


@pytest.mark.parametrize(
    ("campaign", "codes"),
    [("budgte = 5", ["key-unknown"]), ("goal = 'fame'", ["goal-unknown", *["number-unreadable"] * 3])],
)
def test_a_wrong_campaign_comes_before_a_roster_that_it_says_how_to_read(run, desk, campaign, codes):
    (desk / "campaign.toml").write_text(campaign, encoding="utf-8")
    (desk / "roster.csv").write_text(lots(3), encoding="utf-8")
    done = run("check", "roster.csv", "-c", "campaign.toml", "--format", "json")
    assert done.exit_code == 2
    assert [fault["code"] for fault in only_object(done.stdout)["faults"]] == codes


def test_rows_that_were_left_out_are_named_with_creator_and_reason(run, desk):
    (desk / "roster.csv").write_text(ROSTER.replace("18300", "lots"), encoding="utf-8")
    done = run("check", "roster.csv", "--skip-bad-rows")
    assert "no other problems found" in done.stdout
    assert "row 2: @anna: followers: 'lots' is not a number" in done.stdout
    facts = only_object(run("check", "roster.csv", "--skip-bad-rows", "--format", "json").stdout)["roster"]
    assert [(note["code"], note["rows"]) for note in facts["left_out"]] == [("number-unreadable", [2])]


def test_a_plan_accounts_for_the_rows_that_were_left_out(run, desk):
    (desk / "roster.csv").write_text(ROSTER.replace("18300", "lots"), encoding="utf-8")
    run("plan", "roster.csv", "-b", "5k", "--skip-bad-rows", "-o", "plan.json")
    (note,) = only_object((desk / "plan.json").read_text(encoding="utf-8"))["roster"]["left_out"]
    assert note["rows"] == [2]
    assert "@anna" in note["text"]
    assert run("verify", "plan.json").exit_code == 0


def test_a_campaign_may_ask_for_fees_to_be_estimated(run, desk):
    rows = [",".join(line.split(",")[:6]) for line in ROSTER.splitlines()]
    (desk / "roster.csv").write_text("\n".join(rows), encoding="utf-8")
    assert run("check", "roster.csv").exit_code == 3
    assert run("check", "roster.csv", "--estimate-fees").exit_code == 0
    (desk / "campaign.toml").write_text("estimate_fees = true", encoding="utf-8")
    assert run("check", "roster.csv", "-c", "campaign.toml").exit_code == 0


def test_a_wrong_rule_does_not_make_a_roster_without_fees_wrong(run, desk):
    rows = [",".join(line.split(",")[:6]) for line in ROSTER.splitlines()]
    (desk / "roster.csv").write_text("\n".join(rows), encoding="utf-8")
    (desk / "campaign.toml").write_text("estimate_fees = true\nrules = ['all count 5..2']", encoding="utf-8")
    assert run("check", "roster.csv", "-c", "campaign.toml").exit_code == 2


def test_faults_are_annotations_where_a_workflow_asks(run, desk):
    (desk / "roster.csv").write_text(lots(3), encoding="utf-8")
    done = run("check", "roster.csv", "--format", "github")
    lines = done.stdout.splitlines()
    assert done.exit_code == 3
    assert len(lines) == 3
    assert lines[0].startswith("::error file=roster.csv,line=2,title=number-unreadable::column followers: 'lots'")


def test_one_offer_of_one_creator_is_told_in_the_singular(run, desk):
    (desk / "roster.csv").write_text("creator,followers,fee\nann,20000,300\n", encoding="utf-8")
    assert "1 offer from 1 creator, no problems found" in run("check", "roster.csv").stdout
    assert "1 offer from 1 creator, no" in run("check", "roster.csv", "--format", "github").stdout


def test_a_good_roster_is_a_notice_where_a_workflow_asks(run):
    done = run("check", "roster.csv", "--format", "github")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "::notice file=roster.csv::5 offers from 5 creators, no problems found\n"


def test_standard_input_and_gzip_are_checked_too(run):
    done = run("check", "-", stdin=gzip.compress(ROSTER.encode()))
    assert done.exit_code == 0
    assert "standard input" in done.stdout


MESSY = """Influencer list May;;;;
Profile URL;Followers;Kategorie;Preis;ER
https://www.instagram.com/ann.k/?hl=de;12.400;Beauty, Reise;1.500 €;4,1 %
@ben;34,5K;Reise;gifted;3,2 %
@cem;8.900;Food;300 - 450 €;5,0 %
@dia;51.200;Beauty;2.250 €;2,9 %
Gesamt;107.000;;4.200 €;
"""


def test_a_messy_roster_is_written_as_it_was_understood_and_gives_the_same_picks(run, desk):
    (desk / "messy.csv").write_text(MESSY, encoding="utf-8")
    done = run("check", "messy.csv", "-o", "clean.csv")
    assert (done.exit_code, done.stderr) == (0, "")
    picks = []
    for roster in ("messy.csv", "clean.csv"):
        plan = run("plan", roster, "-b", "€3.000", "-r", "niche:reise count >= 1", "--format", "json")
        assert plan.exit_code == 0, plan.stderr
        picks.append(only_object(plan.stdout)["picks"])
    assert picks[0] == picks[1] != []
    assert {pick["creator"] for pick in picks[0]} <= {"@ann.k", "@ben", "@cem", "@dia"}


def test_a_clean_roster_is_written_as_csv_and_never_over_the_roster_itself(run, desk):
    before = files(desk)
    for target, words in (("clean.xlsx", "end its name in .csv"), ("roster.csv", "one of the inputs")):
        done = run("check", "roster.csv", "-o", target)
        assert done.exit_code == 2 or words in done.stderr
        assert words in done.stderr.casefold()
    assert files(desk) == before


def test_nothing_is_written_of_a_roster_with_problems(run, desk):
    (desk / "roster.csv").write_text(lots(3), encoding="utf-8")
    assert run("check", "roster.csv", "-o", "clean.csv").exit_code == 3
    assert not (desk / "clean.csv").exists()
    assert run("check", "roster.csv", "-o", "clean.csv", "--skip-bad-rows").exit_code == 0
    assert len((desk / "clean.csv").read_text(encoding="utf-8").splitlines()) == 10
