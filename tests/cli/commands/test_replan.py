"""`microopt replan`: the last plan, new results, the next plan; nothing lost, nothing done twice."""

import json
import shlex
import subprocess
from pathlib import Path

import pytest

from microopt.cli import replan_persist
from microopt.cli.exit_codes import Exit
from microopt.errors import OutputError
from microopt.plan import seal
from microopt.plan.codec import json_object
from tests.cli.conftest import command, only_object
from tests.verification.opponent import put, sealed

STATES = "creator,state,paid\n@anna,live,\n@ben,declined,100\n"
RESULTS = "date,creator,posts,views,engagements,clicks,conversions\n2026-11-02,@anna,1,9000,700,40,2\n"


@pytest.fixture
def nightly_run(run, desk):
    """Return a function that replans the campaign of the desk."""
    (desk / "states.csv").write_text(STATES, encoding="utf-8")
    (desk / "results.csv").write_text(RESULTS, encoding="utf-8")
    assert run("plan", "roster.csv", "-c", "campaign.toml", "-o", "plan.json", "-q").exit_code == 0

    def nightly_run(*args, inputs=("--states", "states.csv", "--results", "results.csv"), plan="plan.json"):
        return run("replan", plan, *inputs, *args)

    return nightly_run


def read(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def test_the_next_plan_points_to_the_last_which_is_kept(nightly_run):
    last = read("plan.json")
    done = nightly_run("-o", "plan.json")
    assert done.exit_code == 0, done.output
    plan = read("plan.json")
    assert plan["replan"]["previous"] == last["seal"]
    (remaining,) = Path("history").iterdir()
    assert read(remaining) == last
    assert "@ben" not in [pick["creator"] for pick in plan["picks"]]
    assert plan["campaign"]["running"]["sunk_cost"] == 100.0
    assert plan["campaign"]["budget"] == 4_900.0


def test_a_campaign_file_that_was_given_last_night_need_not_be_given_again(nightly_run):
    Path("new.toml").write_text('name = "New"\nbudget = 4000\n', encoding="utf-8")
    nightly_run("-o", "plan.json", "-c", "new.toml")
    before = Path("plan.json").read_bytes()
    done = nightly_run("-o", "plan.json")
    assert "Nothing changed since plan.json was made" in done.stderr
    assert Path("plan.json").read_bytes() == before


def test_details_show_how_the_next_plan_was_proven(nightly_run):
    assert "Proven optimal in" in nightly_run("--dry-run", "--details").stdout


def test_the_same_again_changes_nothing_and_says_so(nightly_run):
    nightly_run("-o", "plan.json")
    before = Path("plan.json").read_bytes()
    done = nightly_run("-o", "plan.json")
    assert done.exit_code == 0
    assert "Nothing changed since plan.json was made, so the plan stays the same." in done.stderr
    assert Path("plan.json").read_bytes() == before
    assert len(list(Path("history").iterdir())) == 1


def test_the_same_again_into_another_file_changes_nothing_either(nightly_run):
    nightly_run("-o", "next.json")
    before = Path("next.json").read_bytes()
    assert "Nothing changed" in nightly_run("-o", "next.json", "-o", "next.csv").stderr
    assert Path("next.json").read_bytes() == before
    assert Path("next.csv").is_file()


def test_a_first_plan_of_the_same_roster_is_the_plan_of_tonight(nightly_run):
    before = Path("plan.json").read_bytes()
    assert "Nothing changed" in nightly_run("-o", "plan.json", inputs=()).stderr
    assert Path("plan.json").read_bytes() == before


def test_a_dry_run_writes_nothing(nightly_run, desk):
    before = sorted((path.name, path.read_bytes()) for path in desk.iterdir())
    done = nightly_run("-o", "plan.json", "--store", "campaign.db", "--log", "runs.jsonl", "--dry-run")
    assert done.exit_code == 0
    assert "nothing was written" in done.stderr
    assert sorted((path.name, path.read_bytes()) for path in desk.iterdir()) == before


def test_a_replanned_plan_is_verified(nightly_run, run):
    nightly_run("-o", "plan.json")
    done = run("verify", "plan.json")
    assert done.exit_code == 0, done.output
    assert "the states and results of creators, as you reported them" in " ".join(done.stdout.split())


def test_an_expectation_that_is_not_met_ends_with_8_and_the_plan_is_written(nightly_run):
    done = nightly_run("-o", "plan.json", "--expect", "conversions >= 1M", "--quiet")
    assert (done.exit_code, done.stdout) == (8, "")
    assert read("plan.json")["replan"]["previous"] is not None


@pytest.mark.parametrize("log", [True, False])
def test_a_run_that_fails_leaves_the_last_plan_and_a_line_in_the_log(nightly_run, log):
    Path("results.csv").write_text(RESULTS.replace("@anna", "@nobody"), encoding="utf-8")
    before = Path("plan.json").read_bytes()
    done = nightly_run("-o", "plan.json", *(["--log", "runs.jsonl"] if log else []))
    assert done.exit_code == 3
    assert Path("plan.json").read_bytes() == before
    if log:
        entry = json.loads(Path("runs.jsonl").read_text(encoding="utf-8"))
        assert (entry["exit"], entry["error"]["code"]) == (3, "results-unknown")


def test_the_table_tells_the_step_and_json_is_one_object(nightly_run):
    assert "Since the last plan: " in nightly_run().stdout
    plan = only_object(nightly_run("--format", "json").stdout)
    assert plan["replan"]["switches"]
    assert plan["pacing"]["figures"][0]["name"] == "spend"


def test_a_plan_that_was_altered_is_not_gone_on_from(nightly_run):
    Path("plan.json").write_text(Path("plan.json").read_text("utf-8").replace('"spend": ', '"spend": 1'), "utf-8")
    done = nightly_run("-o", "plan.json")
    assert done.exit_code == 2
    assert "was altered" in done.stderr


def test_dates_outside_the_campaign_are_faults_with_their_row(nightly_run):
    done = nightly_run("--starts", "2026-11-10", "--ends", "2026-12-01", "--format", "json")
    assert done.exit_code == 3
    fault = only_object(done.stdout)["faults"][0]
    assert (fault["code"], fault["row"], fault["column"], fault["value"]) == ("date-outside", 2, "date", "2026-11-02")


@pytest.mark.parametrize(
    ("flag", "value", "expected"),
    [
        ("--keep-at-least", "200%", "write it like --keep-at-least 80%"),
        ("--swap-worth", "much", "write it like --swap-worth 0.5%"),
        ("--as-of", "tomorrow", "write it like --as-of 2026-11-26"),
        ("--budget", "none", "budget"),
        ("--ends", "2026-13-01", "write it like --ends"),
    ],
)
def test_a_flag_that_cannot_be_read_names_its_fix(nightly_run, flag, value, expected):
    done = nightly_run(flag, value)
    assert done.exit_code == 2
    assert expected.casefold() in " ".join(done.stderr.split()).casefold()


def test_a_plan_may_come_from_standard_input(nightly_run, run):
    text = Path("plan.json").read_text(encoding="utf-8")
    done = run("replan", "-", "--states", "states.csv", "-o", "next.json", "-q", stdin=text)
    assert done.exit_code == 0, done.output
    assert read("next.json")["replan"]["previous"] == json.loads(text)["seal"]


def test_neither_inputs_nor_the_roster_are_written_over(nightly_run):
    for target in ("results.csv", "roster.csv"):
        done = nightly_run("-o", target)
        assert done.exit_code == 2
        assert "it is one of the inputs" in done.stderr


def test_another_plan_that_stands_where_this_one_is_to_go_is_kept_too(nightly_run, run):
    run("plan", "roster.csv", "-b", "3000", "-o", "other.json", "-q")
    second = read("other.json")
    assert nightly_run("-o", "other.json").exit_code == 0
    assert read("other.json")["replan"]["previous"] == read("plan.json")["seal"]
    assert [read(path) for path in Path("history").iterdir()] == [second]


def test_a_plan_that_another_command_wrote_meanwhile_is_not_replaced(nightly_run, run, monkeypatch):
    from microopt.cli import replan_run

    planned = replan_run._replan

    def meanwhile(*args):
        result = planned(*args)
        run("plan", "roster.csv", "-b", "3000", "-o", "plan.json", "-q")
        return result

    monkeypatch.setattr(replan_run, "_replan", meanwhile)
    done = nightly_run("-o", "plan.json")
    assert done.exit_code == 2
    assert "another command replaced plan.json" in done.stderr
    assert read("plan.json")["campaign"]["budget"] == 3_000.0


def test_an_unchanged_night_writes_what_is_missing_or_is_of_another_plan(nightly_run):
    nightly_run("-o", "plan.json", "-o", "plan.csv")
    Path("plan.csv").write_text("stale", encoding="utf-8")
    nightly_run("-o", "plan.json", "-o", "plan.csv")
    assert Path("plan.csv").read_text(encoding="utf-8") != "stale"


def test_a_plan_is_sealed_once_for_its_files_the_store_the_log_and_the_output(nightly_run, monkeypatch):
    sealed = []
    monkeypatch.setattr(seal, "json_object", lambda plan, **facts: sealed.append(plan) or json_object(plan, **facts))
    done = nightly_run("-o", "plan.json", "--store", "campaign.db", "--log", "runs.jsonl", "--format", "json")
    assert done.exit_code == 0, done.output
    assert len(sealed) == 1
    assert only_object(done.stdout) == read("plan.json")
    sealed.clear()
    assert nightly_run("-o", "plan.json", "--store", "campaign.db", "--log", "runs.jsonl").exit_code == 0
    assert sealed == []  # nothing changed since


IMPOSSIBLE = ("campaign", "rules", 0), "nonsense"


def write(name, value):
    Path(name).write_text(json.dumps(value), encoding="utf-8")


@pytest.mark.parametrize(
    "command", [("replan", "plan.json"), ("report", "plan.json"), ("compare", "plan.json", "a.json")]
)
def test_a_plan_that_states_something_impossible_is_the_users_to_mend(nightly_run, run, command):
    write("a.json", read("plan.json"))
    write("plan.json", sealed(put(read("plan.json"), *IMPOSSIBLE), claims=True))
    done = run(*command)
    assert (done.exit_code, "microopt verify plan.json" in done.stderr) == (2, True), done.output


def test_an_altered_plan_is_called_altered_also_where_it_states_something_impossible(nightly_run):
    write("plan.json", put(read("plan.json"), *IMPOSSIBLE))
    done = nightly_run("--format", "json")
    assert (done.exit_code, only_object(done.stdout)["code"]) == (2, "plan-altered")


def test_the_command_that_checks_an_altered_plan_can_be_pasted_also_where_its_name_has_a_space(run, nightly_run):
    write("my plan.json", put(read("plan.json"), *IMPOSSIBLE))
    assert "microopt verify 'my plan.json'" in " ".join(nightly_run(plan="my plan.json").stderr.split())
    altered = read("plan.json")
    altered["campaign"]["name"] = "Another"
    write("my plan.json", altered)
    for args in ("compare", "my plan.json", "plan.json"), ("explain", "my plan.json", "--all"):
        assert "microopt verify 'my plan.json'" in " ".join(run(*args).output.split())


def test_what_is_wrong_with_results_from_standard_input_is_not_told_of_a_dash(run, nightly_run):
    results = "creator,posts,impressions\n@nobody,1,900\n"
    done = run("replan", "plan.json", "--results", "-", stdin=results)
    assert done.stderr.startswith("Error: standard input: ")


def test_a_file_that_may_be_a_plans_only_copy_is_not_replaced(nightly_run):
    write("next.json", sealed(put(read("plan.json"), *IMPOSSIBLE), claims=True))
    before = Path("next.json").read_bytes()
    done = nightly_run("-o", "next.json")
    assert (done.exit_code, Path("next.json").read_bytes()) == (2, before)


def test_a_store_takes_a_plan_without_the_keys_that_have_a_default(nightly_run):
    plan = read("plan.json")
    assert plan.pop("replan") is None
    write("plan.json", sealed(plan, claims=True))
    done = nightly_run("-o", "plan.json", "--store", "campaign.db")
    assert done.exit_code == 0, done.output


def test_a_new_campaign_file_keeps_how_the_roster_is_read_and_says_so(run, desk):
    (desk / "own.csv").write_text("creator,followers,asks\n@ann,20000,14.000\n@ben,30000,1.500\n", encoding="utf-8")
    flags = ("--map", "asks=fee", "--decimal", ".", "--platform-default", "instagram")
    assert run("plan", "own.csv", "-b", "20000", *flags, "-o", "plan.json", "-q").exit_code == 0
    (desk / "new.toml").write_text("budget = 15000\n", encoding="utf-8")
    done = run("replan", "plan.json", "-c", "new.toml", "-o", "next.json")
    assert done.exit_code == 0, done.stderr
    plan = read("next.json")
    assert sorted(pick["fee"] for pick in plan["picks"]) == [1.5, 14]
    assert plan["campaign"]["budget"] == 15000
    (note,) = [note for note in plan["replan"]["notes"] if "kept from the last plan" in note]
    assert note.startswith("kept from the last plan, because new.toml does not mention them: --decimal . and")
    assert note.endswith("and --map 'asks=fee'")
    assert run("verify", "next.json").exit_code == 0
    stated = 'budget = 15000\nplatform_default = "instagram"\n[numbers]\ndecimal = ","\n'
    (desk / "new.toml").write_text(stated, encoding="utf-8")
    assert run("replan", "next.json", "-c", "new.toml", "-o", "last.json").exit_code == 0
    plan = read("last.json")
    assert {pick["fee"] for pick in plan["picks"]} <= {1500, 14000}
    kept = "kept from the last plan, because new.toml does not mention it: --map 'asks=fee'"
    assert [note for note in plan["replan"]["notes"] if "kept from" in note] == [kept]


def name_agreed_terms(desk, header):
    """Add what was agreed with a creator under an unusual header, and a campaign file that says what a header means."""
    roster = (desk / "roster.csv").read_text(encoding="utf-8")
    (desk / "roster.csv").write_text(roster.replace("fee", "asking rate", 1), encoding="utf-8")
    (desk / "states.csv").write_text("creator,state,Terms\n@anna,signed,333\n", encoding="utf-8")
    whole = (desk / "campaign.toml").read_text(encoding="utf-8")
    (desk / "columns.toml").write_text(f'{whole}\n[columns]\n{header} = "fee"\n', encoding="utf-8")


def test_columns_may_name_a_header_of_any_file_that_is_read(nightly_run, run, desk):
    """The plan that comes of it is verified, and gone on from on a night without that file."""
    name_agreed_terms(desk, "Terms")
    done = nightly_run("-c", "columns.toml", "-o", "next.json")
    assert done.exit_code == 0, done.stderr
    assert {pick["creator"]: pick["fee"] for pick in read("next.json")["picks"]}["@anna"] == 333
    assert run("verify", "next.json").exit_code == 0
    assert nightly_run("-o", "last.json", inputs=("--results", "results.csv"), plan="next.json").exit_code == 0


def test_a_header_that_no_file_has_is_a_fault(nightly_run, run, desk):
    name_agreed_terms(desk, "Terns")
    done = nightly_run("-c", "columns.toml")
    assert done.exit_code == Exit.ROSTER
    assert "neither the roster nor any other file has a header 'Terns'" in " ".join(done.stderr.split())
    assert "Did you mean Terms?" in done.stderr
    done = run("plan", "roster.csv", "-c", "columns.toml")
    assert (done.exit_code, "the roster has no header 'Terns'" in done.stderr) == (Exit.ROSTER, True)


def test_rules_that_a_new_campaign_file_does_not_have_are_named(run, desk):
    flags = ("-b", "20000", "-r", "niche:beauty count 1..2", "-r", "all count 1..3", "--order-value", "40")
    flags += ("--margin", "40%")
    assert run("plan", "roster.csv", *flags, "-o", "plan.json", "-q").exit_code == 0
    (desk / "new.toml").write_text('rules = ["all count 1..3"]\n', encoding="utf-8")
    assert run("replan", "plan.json", "-c", "new.toml", "-o", "next.json").exit_code == 0
    assert read("next.json")["replan"]["notes"] == [
        "new.toml replaces the last campaign, so that these no longer apply: niche:beauty count 1..2, order value, "
        "margin; add them to the file to keep them"
    ]
    whole = 'order_value = 40\nmargin = 0.4\nrules = ["niche:beauty count 1..2", "all count 1..3"]\n'
    (desk / "new.toml").write_text(whole, encoding="utf-8")
    assert run("replan", "plan.json", "-c", "new.toml", "-o", "next.json").exit_code == 0
    assert read("next.json")["replan"]["notes"] == []


@pytest.mark.parametrize("dated", [True, False])
def test_results_without_a_date_are_said_to_count_as_complete(nightly_run, desk, dated):
    if not dated:
        header, row = (line.split(",", 1)[1] for line in RESULTS.splitlines())
        (desk / "results.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    output = " ".join(nightly_run("--dry-run").stdout.split())
    assert ("results.csv: results without a date count as complete (@anna)" in output) is not dated


def sign_fay(states):
    """Add a creator with two offers to the roster after the last plan, and say what was agreed with her."""
    with Path("roster.csv").open("a", encoding="utf-8") as file:
        file.write("@fay,instagram,reel,beauty,US,20000,700,1%,1\n@fay,instagram,story,beauty,US,20000,250,1%,1\n")
    Path("states.csv").write_text(states, encoding="utf-8")


def test_a_signed_creator_of_several_offers_is_a_fault_in_text_and_json(nightly_run):
    sign_fay("Handle,Status\n@anna,live\n@fay,signed\n")
    message = "@fay is signed, but it is not clear for which of their offers: reel ($700), story ($250)"
    fix = "add an `offer` column, or fill in the cell, to name the one that was agreed, such as reel"
    done = nightly_run("-o", "plan.json")
    assert done.exit_code == 3
    text = " ".join(done.stderr.split())
    assert f"Error: states.csv: {message}. Fix: {fix[0].upper()}{fix[1:]}." in text
    report = only_object(nightly_run("-o", "plan.json", "--format", "json").stdout)
    assert (report["code"], report["message"]) == ("states-offer", f"states.csv: {message}")
    assert report["faults"] == [
        {"code": "states-offer", "message": message, "fix": fix, "row": 3, "column": "Handle", "value": "@fay"}
    ]


def test_the_offer_quoted_at_the_agreed_fee_is_kept_and_told_in_a_note(nightly_run, run):
    sign_fay("creator,state,agreed fee\n@anna,live,\n@fay,signed,$250\n")
    done = nightly_run("-o", "plan.json")
    assert done.exit_code == 0, done.stderr
    note = "states.csv: no offer is named for @fay (story), so the one with the agreed fee is used"
    assert f"Note: {note}." in " ".join(done.stdout.split())
    plan = read("plan.json")
    assert note in plan["replan"]["notes"]
    assert [(pick["offer"], pick["fee"]) for pick in plan["picks"] if pick["creator"] == "@fay"] == [("story", 250.0)]
    assert run("verify", "plan.json").exit_code == 0


REPLAN = ("replan", "plan.json", "--states", "states.csv", "-o", "plan.json", "--log", "runs.jsonl")


@pytest.fixture
def night(shell, desk):
    """Return a function that replans in a process of its own, with standard output or a file size limited."""
    (desk / "states.csv").write_text(STATES, encoding="utf-8")
    assert shell("plan", "roster.csv", "-c", "campaign.toml", "-o", "plan.json", "-q").returncode == 0

    def night(*args, limits="", streams=""):
        line = f"{limits} {shlex.join(command(*REPLAN, *args))} {streams}"
        return subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, check=False)

    return night


def entries():
    return [json.loads(line) for line in Path("runs.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("format", ["table", "json"])
def test_a_plan_that_is_in_place_and_cannot_be_shown_is_logged_as_it_is(night, format):
    done = night("--format", format, streams=">&-")
    assert done.returncode == Exit.UNREPORTED
    (entry,) = entries()
    assert (entry["seal"], entry["status"]) == (read("plan.json")["seal"], "optimal")
    assert (entry["exit"], entry["error"]["code"]) == (Exit.UNREPORTED, "unreported")
    assert night("-q").returncode == Exit.OK
    assert entries()[1]["unchanged"] is True


def fill_log():
    """Write a log of 59 KiB, and return its text."""
    line = '{"schema": "microopt.run/1"}\n'
    log = line * (60_000 // len(line))
    Path("runs.jsonl").write_text(log, encoding="utf-8")
    return log


def test_a_file_that_is_no_log_is_refused_before_the_work(nightly_run):
    Path("runs.jsonl").write_text("{}\n", encoding="utf-8")
    before = read("plan.json")
    done = nightly_run("-o", "plan.json", "--log", "runs.jsonl")
    assert (done.exit_code, read("plan.json")) == (Exit.USAGE, before)
    assert "cannot write runs.jsonl: it is not a log of runs" in done.stderr


def test_a_log_without_room_is_told_with_a_code_of_its_own_and_the_plan_is_in_place(night):
    last = read("plan.json")
    log = fill_log()
    done = night("-q", limits="ulimit -f 58;")  # KiB: the log has 58.6 already
    assert done.returncode == Exit.UNREPORTED
    assert "cannot write runs.jsonl: File too large" in done.stderr
    assert read("plan.json")["replan"]["previous"] == last["seal"]
    assert Path("runs.jsonl").read_text(encoding="utf-8") == log


def test_a_run_that_fails_tells_its_own_error_though_the_log_has_no_room(night):
    fill_log()
    Path("states.csv").write_text("creator,state\n@anna,perhaps\n", encoding="utf-8")
    done = night("-q", limits="ulimit -f 58;")
    assert done.returncode == Exit.ROSTER
    assert "Note: cannot write runs.jsonl: File too large" in done.stderr
    assert "perhaps" in done.stderr


def test_a_plan_that_is_in_place_is_logged_though_the_store_cannot_be_written(nightly_run, monkeypatch):
    def fail(*_args, **_given):
        raise OutputError("cannot write the store campaign.db: database or disk is full")

    monkeypatch.setattr(replan_persist, "store_run", fail)
    done = nightly_run("-o", "plan.json", "--log", "runs.jsonl")
    assert done.exit_code == Exit.USAGE
    (entry,) = entries()
    assert (entry["seal"], entry["status"], entry["exit"]) == (read("plan.json")["seal"], "optimal", Exit.USAGE)
    assert entry["error"]["message"].startswith("cannot write the store")
