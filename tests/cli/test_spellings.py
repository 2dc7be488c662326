"""A creator is one creator in every file and every flag, however the name is encoded."""

import json
from pathlib import Path

import pytest

HEADER = "creator,platform,offer,niche,followers,fee,engagement_rate,conflicts\n"
ROSTER = f"""\
{HEADER}José,instagram,reel,beauty,18300,400,5%,
@ben,tiktok,video,fitness,45000,900,4%,be\u200bn's rival
@cleo,youtube,video,beauty,250000,2500,3%,
@eve,instagram,story,beauty,5200,120,6%,
ben's rival,instagram,story,beauty,9000,150,7%,
"""
SPELLINGS = [
    "jose\u0301",
    "jo\u200bsé",
    "ｊｏｓé",
    "@JOSE\u0301",
    "\u202ejosé",
    "jos\u00adé",
    "instagram.com/jos%C3%A9",
]


@pytest.fixture
def spelled(desk):
    (desk / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return desk


def picked(run, *args):
    done = run("plan", "roster.csv", "--budget", "5000", *args, "--format", "json")
    assert done.exit_code == 0, done.output
    return [pick["creator"] for pick in json.loads(done.stdout)["picks"]]


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_creator_is_excluded_in_any_spelling(spelled, run, name):
    assert "José" in picked(run)
    assert "José" not in picked(run, "--exclude", name)


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_creator_is_included_in_any_spelling(spelled, run, name):
    assert picked(run, "--include", name, "--creators", "1") == ["José"]


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_creator_in_two_spellings_is_bought_once(spelled, run, name):
    with Path("roster.csv").open("a", encoding="utf-8") as roster:
        roster.write(f"{name},instagram,story,beauty,18300,90,5%,\n")
    done = run("plan", "roster.csv", "--budget", "5000", "--one-offer-per", "creator", "--format", "json")
    picks = [pick["creator"] for pick in json.loads(done.stdout)["picks"]]
    assert len({"José", name} & set(picks)) == 1


def test_a_row_that_repeats_another_in_another_spelling_is_a_fault(spelled, run):
    with Path("roster.csv").open("a", encoding="utf-8") as roster:
        roster.write("jose\u0301,instagram,reel,beauty,18300,700,5%,\n")
    assert "offer-twice" in run("check", "roster.csv", "--format", "json").stdout


def test_rivals_are_kept_apart_in_any_spelling(spelled, run):
    assert not {"@ben", "ben's rival"} <= set(picked(run))


@pytest.mark.parametrize("name", SPELLINGS)
def test_contract_states_results_and_the_next_plan_find_a_creator_in_any_spelling(spelled, run, name):
    assert run("plan", "roster.csv", "--budget", "5000", "-o", "plan.json", "-q").exit_code == 0
    Path("states.csv").write_text(f"creator,state\n{name},live\n", encoding="utf-8")
    Path("results.csv").write_text(f"date,creator,posts,views\n2026-11-02,{name},1,9000\n", encoding="utf-8")
    done = run("replan", "plan.json", "--states", "states.csv", "--results", "results.csv", "-o", "next.json")
    assert done.exit_code == 0, done.output
    plan = json.loads(Path("next.json").read_text(encoding="utf-8"))
    assert "José" in [pick["creator"] for pick in plan["picks"]]
    assert "neither on the roster" not in done.output
    assert run("verify", "next.json").exit_code == 0


def test_a_plan_of_one_spelling_is_verified_against_a_roster_of_another(spelled, run):
    """The file changed, so that is told; the picks are found all the same."""
    assert run("plan", "roster.csv", "--budget", "5000", "-o", "plan.json", "-q").exit_code == 0
    Path("roster.csv").write_text(ROSTER.replace("José", "Jose\u0301"), encoding="utf-8")
    done = run("verify", "plan.json")
    assert "has changed since this plan was made" in done.output
    assert "has no offer" not in done.output


def test_look_alikes_are_told_by_plan_and_check(spelled, run):
    with Path("roster.csv").open("a", encoding="utf-8") as roster:
        roster.write("\u0435v\u0435,instagram,reel,beauty,18300,700,5%,\n")
    for command in (("check", "roster.csv"), ("plan", "roster.csv", "--budget", "5000", "--details")):
        assert "еvе looks like @eve, but has the Cyrillic letter е" in " ".join(run(*command).output.split())
