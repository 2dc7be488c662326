"""The next command: in a folder with one list, and after an error that a flag settles."""

import contextlib
import os
import shlex
import subprocess

import pytest

from microopt.campaign.inputs import CampaignInput
from microopt.cli.load import load
from microopt.cli.next_command import find_next_command, first_commands
from microopt.cli.options import CampaignOptions, ReadingOptions
from microopt.errors import MicrooptError
from tests.cli.conftest import ROSTER, command


def test_without_arguments_the_one_list_of_the_folder_is_named(run):
    done = run()
    assert "Commands:" in done.output
    assert "  microopt check roster.csv -c campaign.toml\n" in done.output
    assert "  microopt plan roster.csv -c campaign.toml\n" in done.output


def test_a_list_whose_name_begins_like_a_flag_is_named_with_its_folder(run, desk):
    (desk / "roster.csv").rename(desk / "-roster.csv")
    assert "  microopt check ./-roster.csv -c campaign.toml\n" in run().output


def test_help_that_was_asked_for_is_the_same_in_each_folder(run):
    assert "roster.csv -c" not in run("--help").output


SUFFIXES = ["csv", "csv.gz", "tsv", "tsv.gz", "XLSX", "xlsm", "xlsb", "xls", "ods", "parquet", "pq"]


@pytest.mark.parametrize("name", [f"list.{suffix}" for suffix in SUFFIXES])
def test_a_list_without_a_campaign_is_planned_with_a_budget(tmp_path, name):
    (tmp_path / name).touch()
    (tmp_path / "notes.txt").touch()
    assert first_commands(tmp_path) == [f"microopt check {name}", f"microopt plan {name} --budget 20000"]


def test_a_list_with_a_campaign_of_its_name_is_planned_with_it(tmp_path):
    for name in ("launch.csv", "launch.toml", "pyproject.toml"):
        (tmp_path / name).touch()
    assert first_commands(tmp_path)[1] == "microopt plan launch.csv -c launch.toml"


@pytest.mark.parametrize("names", [(), ("a.csv", "b.xlsx"), ("plan.json",), (".hidden.csv",), ("~$open.xlsx",)])
def test_no_list_or_several_are_not_named(tmp_path, names):
    for name in names:
        (tmp_path / name).touch()
    assert first_commands(tmp_path) == []


@pytest.mark.parametrize("name", ["my list; rm x.csv", "it's.csv", "-b.csv"])
def test_the_name_of_a_list_is_quoted(tmp_path, name):
    (tmp_path / name).touch()
    assert shlex.split(first_commands(tmp_path)[0])[2].removeprefix("./") == name


def next_command(path, *, args=("-b", "5k"), **settings):
    """Return the purpose and the command that are offered after the error of a list."""
    options = CampaignOptions(settings=CampaignInput(**{"budget": "5k", **settings}), reading=ReadingOptions())
    with pytest.raises(MicrooptError) as raised:
        load(str(path), options)
    found = find_next_command(raised.value, ["plan", path.name, *args], str(path), options)
    return found and (found.purpose, found.command)


LINE = "microopt plan list.csv -b 5k "
CARD = ROSTER.replace("fee", "Rate card")
WANT = "\n".join(line.rpartition(",")[0] for line in CARD.replace("Rate card", "What they want").splitlines())
SETTLED = {
    "a bad row": (
        ROSTER.replace("18300", "lots"),
        "To leave out the rows with problems",
        f"{LINE}--skip-bad-rows",
    ),
    "an open fee": (ROSTER.replace(",400,", ",tbc,"), "To estimate the missing fees", f"{LINE}--estimate-fees"),
    "an open fee and a bad row": (
        ROSTER.replace(",400,", ",tbc,").replace("45000", "lots"),
        "To leave out the rows with problems",
        f"{LINE}--skip-bad-rows",
    ),
    "another header": (
        WANT,
        "To read 'What they want' as the fee",
        f"{LINE}--map 'What they want=fee'",
    ),
    "no fees": ("creator,followers\n@a,3000\n@b,40000\n", "To estimate the missing fees", f"{LINE}--estimate-fees"),
    "another header and a bad row": (
        WANT.replace("18300", "lots"),
        "To read 'What they want' as the fee and leave out the rows with problems",
        f"{LINE}--map 'What they want=fee' --skip-bad-rows",
    ),
}


@pytest.mark.parametrize("case", SETTLED)
def test_the_command_that_goes_on_is_offered(tmp_path, case):
    text, *offered = SETTLED[case]
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    assert next_command(path) == tuple(offered)


def test_a_missing_budget_has_an_example(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(ROSTER, encoding="utf-8")
    purpose, line = next_command(path, args=(), budget=None)
    assert (purpose, line) == (
        "To plan with an example budget of 20,000",
        "microopt plan list.csv --budget 20000",
    )


UNSETTLED = {
    "an empty file": "",
    "no followers": "creator,fee\n@a,3\n",
    "two headers that may be the fee": CARD.replace("Rate card", "What they want"),
    "nobody left": "creator,followers,fee\n@a,lots,3\n",
}


@pytest.mark.parametrize("case", UNSETTLED)
def test_nothing_is_offered_where_nothing_is_known_to_help(tmp_path, case):
    path = tmp_path / "list.csv"
    path.write_text(UNSETTLED[case], encoding="utf-8")
    assert next_command(path) is None


def test_flags_stand_before_the_end_of_flags(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(ROSTER.replace("18300", "lots"), encoding="utf-8")
    assert next_command(path, args=("-b", "5k", "--"))[1] == f"{LINE}--skip-bad-rows --"


def on_terminal(desk, *args, code=3):
    """Return what a terminal of 80 columns is shown, without colour."""
    reader, writer = os.openpty()
    environment = {**os.environ, "TERM": "dumb"}
    process = subprocess.Popen(command(*args), cwd=desk, env=environment, stdout=subprocess.DEVNULL, stderr=writer)
    os.close(writer)
    output = b""
    with contextlib.suppress(OSError):  # Linux reports the end of a terminal as an error
        while part := os.read(reader, 65_536):
            output += part
    os.close(reader)
    assert process.wait(60) == code
    return output.decode().replace("\r\n", "\n")


def test_a_terminal_is_shown_the_command_on_one_line(desk, run):
    (desk / "roster.csv").write_text(ROSTER.replace("18300", "lots"), encoding="utf-8")
    rule = ("-r", f"niche:{'beauty' * 20} count >= 1")
    line = shlex.join(["microopt", "plan", "roster.csv", "-b", "5k", *rule, "--skip-bad-rows"])
    assert on_terminal(desk, "plan", "roster.csv", "-b", "5k", *rule).endswith(
        f"To leave out the rows with problems, run:\n  {line}\n"
    )
    assert ", run:" not in run("plan", "roster.csv", "-b", "5k", *rule).stderr


def test_a_terminal_is_shown_the_command_that_repairs_an_impossible_campaign(desk, run):
    args = ("plan", "roster.csv", "-b", "1000", "--tier", "mega=1..")
    shown = on_terminal(desk, *args, code=4)
    assert shown.endswith(f"To plan with the first change, run:\n  {shlex.join(['microopt', *args, '--repair'])}\n")
    assert "add --repair" not in shown
    assert "add --repair" in run(*args).stderr
    assert run(*args, "--repair").exit_code == 0
