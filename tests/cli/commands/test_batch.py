"""`microopt batch`: every campaign of a folder, each for itself, and a summary of all."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import ROSTER, only_object

STATES = "creator,state,paid\n@eve,signed,\n"
RULES = 'rules = ["niche:beauty count 1..3"]\n'
NAMES = ("aura", "dew", "glow", "pulse")


@pytest.fixture
def folder(desk):
    """Return a folder with four campaigns on one list."""
    (desk / "campaign.toml").unlink()
    for number, name in enumerate(NAMES):
        write(f"{name}.toml", f'name = "{name}"\nbudget = {3000 + 500 * number}\n{RULES}')
    return desk


@pytest.fixture
def batch(folder, shell):
    """Return a function that plans the folder, and returns what it says as JSON with the exit code."""

    def batch(*args):
        done = shell("batch", ".", "--format", "json", *args)
        assert done.stderr == b"", done.stderr.decode()
        summary = only_object(done.stdout.decode())
        assert done.returncode == summary["exit"]
        return {entry["name"]: entry for entry in summary["campaigns"]}, summary

    return batch


def write(path, text):
    Path(path).write_text(text, encoding="utf-8")


def read(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def runs(entries):
    return {name: entry["run"] for name, entry in entries.items()}


def without_times(plan):
    """Return a plan without what two runs of the same campaign may differ in."""
    value = read(plan)
    for key in ("seal", "claims", "replan"):
        value.pop(key)
    value["proof"].pop("seconds")
    return value


def test_the_first_night_plans_every_campaign_as_its_own_command_does(batch, shell):
    entries, summary = batch()
    assert runs(entries) == dict.fromkeys(NAMES, "planned")
    assert summary["exit"] == 0
    for name in NAMES:
        assert shell("plan", "roster.csv", "-c", f"{name}.toml", "-q", "-o", "alone.json").returncode == 0
        assert without_times("alone.json") == without_times(f"{name}.json")
        assert shell("verify", f"{name}.json").returncode == 0
        assert entries[name]["creators"] == len({pick["creator"] for pick in read(f"{name}.json")["picks"]})
        assert entries[name]["spend"] == read(f"{name}.json")["totals"]["spend"]


def test_a_second_night_without_news_changes_nothing(batch):
    batch()
    before = {name: Path(f"{name}.json").read_bytes() for name in NAMES}
    entries, summary = batch()
    assert runs(entries) == dict.fromkeys(NAMES, "unchanged")
    assert summary["exit"] == 0
    assert {name: Path(f"{name}.json").read_bytes() for name in NAMES} == before
    assert not Path("history").exists()


def test_states_and_results_of_a_campaign_are_those_of_its_name(batch):
    batch()
    write("glow.states.csv", STATES)
    write("dew.results.csv", "creator,posts,views,engagements\n@eve,1,9000,700\n")
    entries, _ = batch()
    assert runs(entries) == {"aura": "unchanged", "dew": "replanned", "glow": "replanned", "pulse": "unchanged"}
    (contract,) = read("glow.json")["campaign"]["running"]["contracts"]
    assert (contract["creator"], contract["state"]) == ("@eve", "signed")
    assert len(list(Path("history").iterdir())) == 2


def test_states_count_on_the_first_night_too(batch):
    write("glow.states.csv", "creator,state,paid\n@ben,signed,\n")
    entries, _ = batch()
    assert entries["glow"]["run"] == "planned"
    assert read("glow.json")["replan"]["previous"]
    assert "@ben" in {pick["creator"] for pick in read("glow.json")["picks"]}
    assert runs(batch()[0])["glow"] == "unchanged"


def test_a_campaign_file_that_changed_is_followed_once(batch):
    batch()
    write("glow.toml", f'name = "glow"\nbudget = 1000\n{RULES}')
    assert runs(batch()[0])["glow"] == "replanned"
    assert read("glow.json")["campaign"]["budget"] == 1000
    assert set(runs(batch()[0]).values()) == {"unchanged"}


def test_a_budget_that_was_changed_by_hand_stays(batch, shell):
    batch()
    assert shell("replan", "glow.json", "-b", "4321", "-o", "glow.json", "-q").returncode == 0
    write("glow.states.csv", STATES)
    batch()
    assert read("glow.json")["campaign"]["budget"] == 4321


def test_a_plan_without_a_campaign_file_is_replanned_from_the_list_that_it_states(batch, shell):
    assert shell("plan", "roster.csv", "-b", "2000", "-o", "lone.json", "-q").returncode == 0
    write(
        "roster.csv",
        ROSTER.replace("@eve,instagram,story,beauty,US,5200,120", "@eve,instagram,story,beauty,US,5200,150"),
    )
    entries, _ = batch()
    assert (entries["lone"]["run"], entries["lone"]["roster"]) == ("replanned", "roster.csv")


def test_a_campaign_that_fails_has_its_own_code_and_stops_no_other(batch):
    batch()
    before = Path("dew.json").read_bytes()
    write("dew.csv", "creator,platform,followers,fee\n@x,instagram,1000,call me\n")
    write("pulse.toml", "budget = [")
    write("aura.toml", 'budget = 300\nrules = ["all spend >= 400"]\n')
    entries, summary = batch()
    assert {name: entry["exit"] for name, entry in entries.items()} == {"aura": 4, "dew": 3, "glow": 0, "pulse": 2}
    assert runs(entries) == {"aura": "infeasible", "dew": "failed", "glow": "unchanged", "pulse": "failed"}
    assert summary["exit"] == 2
    assert "pulse.toml is not TOML" in entries["pulse"]["message"]
    assert "dew.csv" in entries["dew"]["message"]
    assert entries["dew"]["code"]
    assert "$300" in entries["aura"]["message"]
    assert Path("dew.json").read_bytes() == before


@pytest.mark.parametrize(
    ("codes", "expected"),
    [((0, 5, 8), 8), ((5, 4), 4), ((3, 2), 2), ((6, 2), 6), ((7, 1, 130), 130), ((), 0), ((99, 5), 99)],
)
def test_the_code_of_a_batch_is_that_of_the_campaign_that_needs_somebody_most(codes, expected):
    from microopt.inflight.batch.result import most_severe

    assert most_severe(codes) == expected


def test_the_number_of_jobs_changes_no_plan(folder, batch, tmp_path):
    write("glow.states.csv", STATES)
    batch("--jobs", "1")
    plans = {name: without_times(f"{name}.json") for name in NAMES}
    for name in NAMES:
        Path(f"{name}.json").unlink()
    batch("--jobs", "3")
    assert {name: without_times(f"{name}.json") for name in NAMES} == plans


def test_a_list_for_all_goes_before_those_of_the_folder(batch):
    shutil.copy("roster.csv", "all.csv")
    write("roster.csv", "nothing\n")
    write("glow.csv", "nothing\n")
    entries, _ = batch("--roster", "all.csv")
    assert runs(entries) == dict.fromkeys(NAMES, "planned")
    assert entries["glow"]["roster"] == "all.csv"


def test_each_plan_has_its_other_formats_next_to_it(batch):
    entries, _ = batch("--also", "md", "--also", "csv", "--stores", "--log", "runs.jsonl")
    assert set(runs(entries).values()) == {"planned"}
    for name in NAMES:
        assert Path(f"{name}.md").is_file()
        assert Path(f"{name}.plan.csv").is_file()
        assert Path(f"{name}.db").is_file()
    lines = [json.loads(line) for line in Path("runs.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(line["plan"] for line in lines) == sorted(f"{name}.json" for name in NAMES)
    assert runs(batch("--also", "md", "--also", "csv")[0]) == dict.fromkeys(NAMES, "unchanged")


def test_a_dry_run_writes_nothing_but_the_summary(folder, batch):
    before = sorted(path.name for path in Path().iterdir())
    entries, summary = batch("--dry-run", "-o", "summary.json")
    assert sorted(path.name for path in Path().iterdir()) == sorted([*before, "summary.json"])
    assert set(runs(entries).values()) == {"planned"}
    assert summary["dry_run"] is True
    assert read("summary.json") == summary


def test_the_summary_of_last_night_is_no_campaign_and_no_note(batch):
    batch("-o", "summary.json")
    _, summary = batch("-o", "summary.json")
    assert summary["notes"] == []


def test_a_summary_may_not_replace_a_plan(folder, shell):
    done = shell("batch", ".", "-o", "glow.json")
    assert done.returncode == 2
    assert not Path("glow.json").exists()


def test_an_expectation_holds_for_each_campaign(batch):
    entries, summary = batch("--expect", "spend >= 3500")
    assert summary["exit"] == 8
    missed = {name for name, entry in entries.items() if entry["unmet"]}
    assert missed
    assert {name for name, entry in entries.items() if entry["exit"] == 8} == missed


def test_the_table_fits_a_narrow_screen_and_quiet_says_only_what_is_wrong(folder, shell):
    write("pulse.toml", "budget = [")
    table = shell("batch", ".", env={"COLUMNS": "80"}).stdout.decode()
    assert table.startswith("4 campaigns in .: 3 planned and 1 failed.\n")
    assert max(map(len, table.splitlines())) <= 80
    done = shell("batch", ".", "--quiet")
    assert done.stdout == b""
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("pulse (exit code 2): ")


def test_lines_for_a_log_name_each_campaign(folder, shell):
    lines = shell("batch", ".", "--format", "line").stdout.decode().splitlines()
    assert [line.partition(" · ")[0] for line in lines[:4]] == list(NAMES)
    assert lines[4].startswith("4 campaigns in .: 4 planned.")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--jobs", "0"), "--jobs"),
        (("--also", "json"), "json"),
        (("--also", "docx"), "docx"),
        (("--as-of", "soon"), "--as-of"),
        (("--keep-at-least", "x"), "--keep-at-least"),
        (("--gap", "nan"), "--gap"),
    ],
)
def test_a_wrong_flag_is_said_once_and_nothing_is_planned(folder, shell, flags, said):
    done = shell("batch", ".", *flags)
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert not list(Path().glob("*.json"))


@pytest.fixture
def agency(folder):
    """Return the folder with a portfolio of two of its campaigns."""
    text = "[capacity]\ncampaigns = 1\n"
    for name in ("dew", "glow"):
        text += f'[[campaign]]\nname = "{name}"\nfile = "{name}.toml"\nroster = "roster.csv"\n'
    for name in ("aura", "pulse"):
        Path(f"{name}.toml").unlink()
    write("agency.toml", text)
    return folder


def of_agency(shell, *args):
    done = shell("batch", "agency.toml", "--format", "json", *args)
    assert done.stderr == b"", done.stderr.decode()
    summary = only_object(done.stdout.decode())
    assert done.returncode == summary["exit"]
    return {entry["name"]: entry for entry in summary["campaigns"]}


def creators(plan):
    return {pick["creator"] for pick in read(plan)["picks"]}


def test_the_campaigns_of_a_portfolio_are_planned_together_night_after_night(agency, shell):
    assert runs(of_agency(shell)) == {"dew": "planned", "glow": "planned"}
    assert not creators("dew.json") & creators("glow.json")
    assert set(runs(of_agency(shell)).values()) <= {"replanned", "unchanged"}
    before = Path("dew.json").read_bytes()
    assert runs(of_agency(shell)) == {"dew": "unchanged", "glow": "unchanged"}
    assert Path("dew.json").read_bytes() == before
    assert not creators("dew.json") & creators("glow.json")
    for name in ("dew", "glow"):
        assert shell("verify", f"{name}.json").returncode == 0


def test_a_dry_run_of_a_portfolio_writes_nothing(agency, shell):
    before = {path.name for path in Path().iterdir()}
    assert set(runs(of_agency(shell, "--dry-run")).values()) == {"planned"}
    assert {path.name for path in Path().iterdir()} == before


def test_a_campaign_of_a_portfolio_that_is_broken_stops_no_other(agency, shell):
    write("dew.toml", "budget = [")
    entries = of_agency(shell)
    assert runs(entries) == {"dew": "failed", "glow": "planned"}
    assert entries["dew"]["exit"] == 2


@pytest.mark.parametrize(
    "flags", [("--stores",), ("--roster", "roster.csv"), ("--log", "x.jsonl"), ("--expect", "cpa <= 5")]
)
def test_options_of_folders_are_refused_for_a_portfolio(agency, shell, flags):
    done = shell("batch", "agency.toml", *flags)
    assert done.returncode == 2
    assert flags[0] in done.stderr.decode()


def test_a_portfolio_in_a_folder_is_left_alone_and_named(agency, batch):
    entries, summary = batch()
    assert set(entries) == {"dew", "glow"}
    assert summary["notes"][0].startswith("agency.toml is a portfolio and is left alone")


@pytest.mark.parametrize("place", ["nowhere", "empty", "roster.csv"])
def test_a_place_without_campaigns_is_refused(folder, shell, place):
    Path("empty").mkdir()
    done = shell("batch", place)
    assert done.returncode == 2
    assert place in done.stderr.decode()
