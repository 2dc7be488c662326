"""`microopt plan`: the page, the formats, the files, the streams."""

import contextlib
import csv
import gzip
import io
import json
import os
import re
import shlex
import subprocess

import pytest

from tests.cli.conftest import ROSTER, command, files, only_object

PLAN = ("plan", "roster.csv", "--budget", "5000")


def test_a_plan_is_a_table_on_standard_output_and_nothing_else(run, desk):
    before = files(desk)
    done = run(*PLAN)
    assert done.exit_code == 0
    assert done.stderr == ""
    assert "Proven best" in done.stdout
    assert re.search(r"@cleo +Mid +YT video", done.stdout)
    assert files(desk) == before


def test_details_show_how_the_plan_was_proven(run):
    done = run(*PLAN, "--details")
    assert "Proven optimal in" in done.stdout
    assert "Proven optimal in" not in run(*PLAN).stdout


def test_a_campaign_file_and_flags_go_together(run):
    done = run("plan", "roster.csv", "-c", "campaign.toml", "-b", "600", "-r", "all hours <= 4", "--format", "json")
    value = only_object(done.stdout)
    campaign = value["campaign"]
    assert (campaign["name"], campaign["budget"]) == ("Test", 600)
    assert campaign["rules"] == ["niche:beauty count 1..3", "all hours <= 4"]
    assert len(value["campaign_sha256"]) == 64


def test_json_is_one_object_with_a_proof(run):
    done = run(*PLAN, "--format", "json")
    value = only_object(done.stdout)
    assert (done.exit_code, done.stderr) == (0, "")
    assert (value["schema"], value["status"], value["proof"]["gap"]) == ("microopt.plan/1", "optimal", 0)
    assert value["totals"]["spend"] <= 5_000
    assert value["proof"]["bound"] == value["proof"]["objective"]


def test_csv_holds_the_picks_of_the_json(run):
    rows = list(csv.DictReader(io.StringIO(run(*PLAN, "--format", "csv").stdout)))
    picks = only_object(run(*PLAN, "--format", "json").stdout)["picks"]
    assert [row["creator"] for row in rows] == [pick["creator"] for pick in picks]
    assert [float(row["fee"]) for row in rows] == [pick["fee"] for pick in picks]


def test_markdown_is_a_page(run):
    done = run(*PLAN, "--format", "markdown")
    assert done.exit_code == 0
    assert done.stdout.startswith("# Campaign plan\n")


def test_repeating_and_shuffling_change_nothing_but_time_and_place(run, desk):
    head, *rows = ROSTER.splitlines()
    (desk / "shuffled.csv").write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    texts = []
    for name in ("roster.csv", "roster.csv", "shuffled.csv"):
        value = only_object(run("plan", name, "-b", "5k", "--format", "json").stdout)
        source = value["roster"]["source"]
        del value["seal"], value["proof"]["seconds"], source["path"], source["sha256"]
        del value["claims"]  # seconds and path are among them
        texts.append(json.dumps(value))
    assert texts[0] == texts[1] == texts[2]


def test_every_format_is_written_beside_the_table(run, desk):
    done = run(*PLAN, "-o", "p.json", "-o", "p.csv", "-o", "p.md", "-o", "p.txt")
    assert done.exit_code == 0
    assert "Proven best" in done.stdout
    assert json.loads((desk / "p.json").read_text(encoding="utf-8"))["schema"] == "microopt.plan/1"
    assert (desk / "p.csv").read_text(encoding="utf-8").startswith("creator,")
    assert (desk / "p.md").read_text(encoding="utf-8").startswith("# ")
    assert (desk / "p.txt").read_text(encoding="utf-8") == done.stdout
    assert sorted(files(desk)) == ["campaign.toml", "p.csv", "p.json", "p.md", "p.txt", "roster.csv"]


def test_the_json_file_is_the_json_that_is_printed(run, desk):
    done = run(*PLAN, "--format", "json", "-o", "p.json")
    assert only_object(done.stdout) == json.loads((desk / "p.json").read_text(encoding="utf-8"))


def test_quiet_prints_nothing_and_still_writes(run, desk):
    done = run(*PLAN, "-q", "-o", "p.json")
    assert (done.exit_code, done.output) == (0, "")
    assert (desk / "p.json").exists()


def test_a_file_is_replaced_whole_and_keeps_its_mode(run, desk):
    (desk / "p.csv").write_text("old" * 10_000, encoding="utf-8")
    (desk / "p.csv").chmod(0o640)
    assert run(*PLAN, "-o", "p.csv").exit_code == 0
    assert "old" not in (desk / "p.csv").read_text(encoding="utf-8")
    assert (desk / "p.csv").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("format", ["table", "json"])
@pytest.mark.parametrize("target", ["no/such/folder/p.json", "folder.json", "p.docx", "plan", "x" * 300 + ".json"])
def test_a_target_that_cannot_be_written_stops_it_with_everything_as_it_was(run, desk, target, format):
    (desk / "folder.json").mkdir()
    (desk / "old.json").write_text("old", encoding="utf-8")
    before = files(desk)
    done = run(*PLAN, "--format", format, "-o", "old.json", "-o", "new.csv", "-o", target)
    assert done.exit_code == 2
    assert files(desk) == before
    if format == "json":
        assert only_object(done.stdout)["faults"][0]["fix"]
        assert done.stderr == ""
    else:
        assert done.stdout == ""
        assert "Fix:" in done.stderr


@pytest.mark.parametrize("target", ["roster.csv", "./roster.csv", "link.csv"])
def test_the_roster_is_never_replaced_by_its_plan(run, desk, target):
    (desk / "link.csv").symlink_to("roster.csv")
    done = run(*PLAN, "-o", target)
    assert done.exit_code == 2
    assert "one of the inputs" in done.stderr
    assert (desk / "roster.csv").read_text(encoding="utf-8") == ROSTER


@pytest.mark.parametrize("format", ["table", "json"])
def test_a_disk_that_fails_late_leaves_every_old_file(run, desk, format, monkeypatch):
    calls = []

    def full(file):
        calls.append(file)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    (desk / "old.json").write_text("old", encoding="utf-8")
    before = files(desk)
    monkeypatch.setattr("os.fsync", full)
    done = run(*PLAN, "--format", format, "-o", "old.json", "-o", "new.csv")
    assert done.exit_code == 2
    assert files(desk) == before
    output = only_object(done.stdout)["message"] if format == "json" else done.stderr
    assert "No space left on device" in output
    assert "Proven" not in done.stdout


@pytest.mark.parametrize(
    ("code", "args"),
    [
        (2, ("-r", "niche:beauty cuont >= 1")),
        (4, ("-r", "niche:beauty count >= 4")),
        (3, ("--where", "followers 1..")),
    ],
)
def test_no_file_is_written_when_there_is_no_plan(run, desk, code, args):
    roster = "missing.csv" if code == 3 else "roster.csv"
    (desk / "old.json").write_text("old", encoding="utf-8")
    before = files(desk)
    done = run("plan", roster, "-b", "5k", *args, "-o", "old.json", "-o", "new.csv")
    assert done.exit_code == code
    assert files(desk) == before


def test_gzip_reads_like_plain(run, desk):
    (desk / "roster.csv.gz").write_bytes(gzip.compress(ROSTER.encode()))
    plain, packed = (
        only_object(run("plan", name, "-b", "5k", "--format", "json").stdout)
        for name in ("roster.csv", "roster.csv.gz")
    )
    assert plain["picks"] == packed["picks"]
    assert plain["roster"]["source"]["sha256"] != packed["roster"]["source"]["sha256"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_standard_input_is_a_dash(run, pack):
    done = run("plan", "-", "-b", "5k", stdin=pack(ROSTER.encode()))
    assert done.exit_code == 0
    assert "standard input" in done.stdout


def test_tabs_read_like_commas(run, desk):
    (desk / "roster.tsv").write_text(ROSTER.replace(",", "\t"), encoding="utf-8")
    done = run("plan", "roster.tsv", "-b", "5k", "--format", "csv")
    assert done.stdout == run(*PLAN, "--format", "csv").stdout


@pytest.mark.parametrize("width", ["80", "120"])
def test_a_pipe_is_as_wide_as_columns_says(run, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    lines = run(*PLAN).stdout.splitlines()
    assert max(map(len, lines)) <= int(width)
    assert any("CPM" in line for line in lines) is (width == "120")


@pytest.mark.parametrize("columns", ["", "0", "-5", "many", "9" * 30])
def test_columns_that_make_no_sense_do_no_harm(run, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    assert run(*PLAN).exit_code == 0


def run_on_terminal(desk, **env):
    """Return what a terminal of unknown size is shown."""
    reader, writer = os.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", **env}
    process = subprocess.Popen(command(*PLAN), cwd=desk, env=environment, stdout=writer, stderr=subprocess.DEVNULL)
    os.close(writer)
    output = b""
    with contextlib.suppress(OSError):  # Linux reports the end of a terminal as an error
        while part := os.read(reader, 65_536):
            output += part
    os.close(reader)
    assert process.wait(60) == 0
    return output.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colour_and_its_width(desk):
    output = run_on_terminal(desk)
    assert output.startswith("\x1b[1m$")
    assert "\nProven best" in output  # calm: only what needs attention is colored
    assert max(len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in output.splitlines()) <= 80


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "dumb"])
def test_a_terminal_without_colour_gets_none(desk, env):
    output = run_on_terminal(desk, **env)
    assert "Proven best" in output
    assert "\x1b" not in output


def test_a_pipe_gets_no_colour(run):
    assert "\x1b" not in run(*PLAN).stdout


def test_head_ends_it_quietly_with_the_file_written(desk):
    line = " ".join(map(shlex.quote, command("plan", "big.csv", "-b", "1b", "--format", "json", "-o", "p.json")))
    head, *rows = ROSTER.splitlines()
    many = [row.replace(",", f"{number},", 1) for row in rows for number in range(200)]
    (desk / "big.csv").write_text("\n".join([head, *many]), encoding="utf-8")
    script = f"{line} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], cwd=desk, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "{\n0\n"
    assert done.stderr == ""
    assert len(json.loads((desk / "p.json").read_text(encoding="utf-8"))["picks"]) == 1_000


def test_json_survives_a_stream_that_knows_only_ascii(shell, desk):
    (desk / "roster.csv").write_text(ROSTER.replace("@anna", "@änna🎉"), encoding="utf-8")
    done = shell("plan", "roster.csv", "-b", "5k", "--format", "json", env={"PYTHONIOENCODING": "ascii"})
    assert "@änna🎉" in [pick["creator"] for pick in only_object(done.stdout.decode("ascii"))["picks"]]


def test_a_table_survives_a_stream_that_knows_only_ascii(shell):
    done = shell(*PLAN, env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert b"Proven best" in done.stdout


def test_filters_are_counted_in_the_header(run):
    done = run(*PLAN, "--where", "followers ..100k", "--platform", "instagram")
    assert "3 filtered out" in done.stdout
    assert "@ben" not in done.stdout


def test_short_forms_include_exclude_and_creators_shape_the_plan(run):
    done = run(
        *PLAN,
        "--niche",
        "beauty=1..1",
        "--tier",
        "micro=1..",
        "-x",
        "@cleo",
        "-i",
        "eve",
        "--creators",
        "2",
        "--format",
        "json",
    )
    value = only_object(done.stdout)
    assert {pick["creator"] for pick in value["picks"]} == {"@eve", "@ben"}
    assert value["campaign"]["rules"] == ["all count = 2", "niche:beauty count 1..1", "tier:micro count 1.."]
    assert (value["campaign"]["include"], value["campaign"]["exclude"]) == (["eve"], ["@cleo"])


def test_wide_micro_counts_a_hundred_thousand_as_micro(run):
    value = only_object(run(*PLAN, "--tiers", "wide-micro", "--format", "json").stdout)
    assert set(value["mix"]) <= {"micro", "macro", "mega"}


def test_per_creator_is_on_top_of_every_fee(run):
    value = only_object(run(*PLAN, "--per-creator", "50", "--format", "json").stdout)
    assert all(pick["cost"] == pick["fee"] + 50 for pick in value["picks"])
    assert value["totals"]["spend"] == sum(pick["cost"] for pick in value["picks"]) <= 5_000


def test_extra_costs_are_counted_line_by_line_and_the_contingency_is_kept(run):
    flags = ("--usage", "20%", "--agency", "15%", "--seeding", "40", "--contingency", "10%")
    value = only_object(run(*PLAN, *flags, "--format", "json").stdout)
    totals = value["totals"]
    assert totals["extra_costs"].keys() == {"usage", "agency", "seeding"}
    assert totals["extra_costs"]["usage"] == pytest.approx(totals["fees"] / 5)
    assert totals["extra_costs"]["seeding"] == 40 * totals["creators"]
    assert totals["spend"] == pytest.approx(totals["fees"] + sum(totals["extra_costs"].values()))
    assert value["kept_back"] == 500
    assert totals["spend"] + value["unspent"] == pytest.approx(4_500)
    shown = run(*PLAN, *flags).stdout
    assert "budget $5,000 less $500 contingency" in shown
    for title in ("Fees", "Usage rights", "Agency", "Seeding", "Total", "Contingency 10%"):
        assert any(line.startswith(title) for line in shown.splitlines())


def test_a_plan_with_a_contingency_holds_and_is_planned_again(run, desk):
    assert run(*PLAN, "--contingency", "10%", "--usage", "20%", "-o", "plan.json").exit_code == 0
    assert run("verify", "plan.json").exit_code == 0
    assert run("replan", "plan.json", "-o", "again.json").exit_code == 0
    first, second = (json.loads((desk / name).read_text(encoding="utf-8")) for name in ("plan.json", "again.json"))
    assert (second["kept_back"], second["totals"]) == (first["kept_back"], first["totals"])


@pytest.mark.parametrize("goal", ["balanced", "engagement", "conversions", "reach", "value:hours"])
def test_every_goal_gives_a_proven_plan(run, goal):
    value = only_object(run(*PLAN, "--goal", goal, "--format", "json").stdout)
    assert (value["status"], value["campaign"]["goal"]["name"]) == ("optimal", goal)


def test_worth_sets_the_goal(run):
    value = only_object(
        run(*PLAN, "--worth", "engagements=0.05", "--worth", "conversions=30", "--format", "json").stdout
    )
    assert value["campaign"]["goal"]["worths"] == [["engagements", 0.05], ["conversions", 30]]
    expected = sum(
        0.05 * pick["metrics"]["engagements"] + 30 * pick["metrics"]["conversions"] for pick in value["picks"]
    )
    assert value["proof"]["objective"] == pytest.approx(expected)


def test_both_solvers_agree(run):
    pytest.importorskip("highspy")
    first, second = (only_object(run(*PLAN, "--solver", name, "--format", "json").stdout) for name in ("cbc", "highs"))
    assert first["picks"] == second["picks"]
    assert first["proof"]["objective"] == second["proof"]["objective"]


def test_a_budget_too_small_for_anyone_is_an_empty_plan_with_a_warning(run):
    done = run("plan", "roster.csv", "-b", "5", "--format", "json")
    value = only_object(done.stdout)
    assert (done.exit_code, value["picks"], value["status"]) == (0, [], "optimal")
    assert "@eve at $120" in " ".join(value["warnings"])


def test_a_cap_on_what_no_one_holds_is_a_warning_with_the_nearest(run):
    done = run(*PLAN, "-r", "platform:tiktokk spend <= 40%")
    assert done.exit_code == 0
    assert re.search(r"Warning: .*tiktokk.*did you mean tiktok\?", done.stdout)


def test_handles_of_every_kind_come_through(run, desk):
    handles = ["[red]@x[/red]", "@🎉👩‍👩‍👧", "@שלום", "@" + "x" * 199, "=HYPERLINK(1)"]
    rows = [
        row.replace(row.split(",")[0], handle, 1) for row, handle in zip(ROSTER.splitlines()[1:], handles, strict=True)
    ]
    (desk / "roster.csv").write_text("\n".join([ROSTER.splitlines()[0], *rows]), encoding="utf-8")
    output = run("plan", "roster.csv", "-b", "1M").stdout
    assert all(handle[:8] in output for handle in handles)
    picks = only_object(run("plan", "roster.csv", "-b", "1M", "--format", "json").stdout)["picks"]
    assert sorted(pick["creator"] for pick in picks) == sorted(handles)
    table = run("plan", "roster.csv", "-b", "1M", "--format", "csv").stdout
    assert "'=HYPERLINK(1)" in table


def test_rules_are_priced_where_that_is_asked(run, desk):
    done = run("plan", "roster.csv", "-c", "campaign.toml", "--price-rules", "-o", "plan.json")
    assert "Without this rule" in done.stdout
    output = only_object((desk / "plan.json").read_text())["rule_prices"]
    assert [(price["label"], price["status"]) for price in output] == [("niche:beauty count 1..3", "optimal")]
    assert run("verify", "plan.json").exit_code == 0
