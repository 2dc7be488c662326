"""Each example runs, with its campaign file, to a proof that its own figures bear out."""

from collections import Counter
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.conftest import only_object

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ["launch", "season", pytest.param("always-on", marks=pytest.mark.slow)]


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_planned_to_a_proof(run, name):
    done = run("plan", EXAMPLES / f"{name}.csv", "-c", EXAMPLES / f"{name}.toml", "--format", "json")
    value = only_object(done.stdout)
    assert (done.exit_code, value["status"], value["proof"]["gap"]) == (0, "optimal", 0)
    assert value["totals"]["spend"] <= value["campaign"]["budget"]
    assert max(Counter(pick["creator"] for pick in value["picks"]).values()) == 1
    for rule in value["rules"]:
        assert rule["at_least"] is None or rule["used"] >= rule["at_least"]
        assert rule["at_most"] is None or rule["used"] <= rule["at_most"]


@pytest.mark.parametrize(
    ("name", "most"), [("launch", 40), ("season", 100), pytest.param("always-on", 100, marks=pytest.mark.slow)]
)
def test_the_table_of_an_example_fits_eighty_columns_without_a_cut_name(run, monkeypatch, name, most):
    monkeypatch.setenv("COLUMNS", "80")
    done = run("plan", EXAMPLES / f"{name}.csv", "-c", EXAMPLES / f"{name}.toml")
    lines = done.stdout.splitlines()
    assert max(map(cell_len, lines)) <= 80
    assert len(lines) <= most
    names = [line.split()[0] for line in lines if line.startswith("@") and " " in line]
    assert [handle for handle in names if "…" in handle and cell_len(handle) < 20] == []


@pytest.mark.parametrize("name", ["launch", "season"])
def test_an_example_beats_ranking_by_engagement_rate_by_a_visible_margin(run, name):
    done = run("plan", EXAMPLES / f"{name}.csv", "-c", EXAMPLES / f"{name}.toml", "--format", "json")
    value = only_object(done.stdout)
    ideals = {ideal["metric"]: ideal["total"] for ideal in value["ideals"]}
    sums = [value["totals"]["metrics"], value["baseline"]["totals"]["metrics"]]
    planned, baseline = (sum(of[metric] / ideals[metric] for metric in ideals) for of in sums)
    assert planned == pytest.approx(value["proof"]["objective"], rel=1e-6)
    assert planned > 1.1 * baseline


@pytest.mark.parametrize("name", ["launch", "season", "always-on"])
def test_an_example_has_nothing_wrong_with_it(run, name):
    done = run("check", EXAMPLES / f"{name}.csv", "-c", EXAMPLES / f"{name}.toml", "--format", "json")
    value = only_object(done.stdout)
    assert done.exit_code == 0
    roster = value["roster"]
    assert roster["creators"] + roster["filtered"] == {"launch": 30, "season": 250, "always-on": 2_000}[name]
    assert len(value["counts"]["platform"]) == 3
    assert len(value["counts"]["niche"]) == 10
    assert {"micro", "mega"} <= value["counts"]["tier"].keys()
    assert value["roster"]["offers"] > value["roster"]["creators"]


@pytest.mark.parametrize("command", ["check", "plan"])
def test_what_is_assumed_of_a_messy_list_fits_on_one_screen(run, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "80")
    done = run(command, EXAMPLES / "messy.csv", "-c", EXAMPLES / "messy.toml")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    told = lines[next(number for number, line in enumerate(lines) if line.startswith("Note: ")) :]
    assert len(told) <= 24
    assert sum("fees are not plain amounts" in line for line in told) == 1


@pytest.mark.parametrize(("name", "roster"), [("glow", "creators"), ("dew", "creators"), ("pulse", "europe")])
def test_each_campaign_of_the_agency_is_planned_alone(run, name, roster):
    folder = EXAMPLES / "agency"
    done = run("plan", folder / f"{roster}.csv", "-c", folder / f"{name}.toml", "--format", "json")
    assert (done.exit_code, only_object(done.stdout)["status"]) == (0, "optimal")


def test_the_campaigns_of_the_agency_want_the_same_creators(run):
    folder, wanted = EXAMPLES / "agency", Counter()
    for name, roster in (("glow", "creators"), ("dew", "creators"), ("pulse", "europe")):
        done = run("plan", folder / f"{roster}.csv", "-c", folder / f"{name}.toml", "--format", "json")
        wanted.update({pick["creator"] for pick in only_object(done.stdout)["picks"]})
    assert sum(count > 1 for count in wanted.values()) >= 5
    assert max(wanted.values()) == 3
