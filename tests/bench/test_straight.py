"""The benchmark beside straight models: its cells are spread, its campaigns feasible, its sides solve one program."""

import os
from itertools import combinations, product

import pytest
from benchmarks.process_runs import CommandRun, run_command
from benchmarks.straight import missed_bars
from benchmarks.straight_cells import BUDGETS, FEES, GOALS, OFFERS, RULES, VARIABLE, Cell, chosen_cells, fraction
from benchmarks.straight_rosters import campaign_path, campaign_text, draw_roster, roster_path, write_cell
from benchmarks.straight_sides import CellResult, Limits, Outcome, measure_cell

from microopt import Plan, campaign_from_input, optimize, read_roster
from microopt.readers.campaign_file import read_campaign_file

pytestmark = pytest.mark.bench
LEVELS = {"offers": OFFERS, "fees": FEES, "goal": GOALS, "rules": RULES, "budget": BUDGETS}
CELL = Cell(offers=1_000, fees="cents", goal="balanced", rules=12, budget="10%")
ENV = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}


def run(command, seconds):
    return run_command(command, env=ENV, seconds=seconds)


def outcome(cpu, *, proven=True, found="the same", better=False, code=0):
    took = CommandRun(seconds=cpu, cpu=cpu, megabytes=50.0, code=code, timed_out=False, out="", err="")
    return Outcome(runs=(took,), proven=proven, found=found, better=better)


def missed(own, *peers, cell=CELL):
    return list(missed_bars([CellResult(cell=cell, own=own, peers=dict(zip(("pulp", "milp"), peers, strict=False)))]))


@pytest.mark.parametrize("pair", list(combinations(LEVELS, 2)), ids="-".join)
def test_each_pair_of_levels_is_in_the_fraction(pair):
    met = {tuple(getattr(cell, factor) for factor in pair) for cell in fraction()}
    assert met == set(product(*(LEVELS[factor] for factor in pair)))


def test_each_size_has_eight_cells():
    assert [sum(cell.offers == size for cell in set(fraction())) for size in OFFERS] == [8] * len(OFFERS)


def test_a_cell_is_known_by_its_name():
    assert Cell.named(CELL.name) == CELL


@pytest.mark.parametrize(
    ("words", "number"), [("", 40), ("5000", 8), ("200,1000", 16), (CELL.name, 1), ("1000-*-30-*", 32), ("200,200", 8)]
)
def test_words_choose_cells(monkeypatch, words, number):
    monkeypatch.setenv(VARIABLE, words)
    assert len(chosen_cells()) == number


def test_the_cells_of_a_smoke_run_are_those_it_names(monkeypatch):
    monkeypatch.setenv(VARIABLE, "1000")
    assert chosen_cells(("60-cents-balanced-5-10%",))[0].offers == 60


@pytest.mark.parametrize("word", ["300", "1000-dollars-*", "balanced"])
def test_a_word_that_matches_no_cell_is_refused(monkeypatch, word):
    monkeypatch.setenv(VARIABLE, word)
    with pytest.raises(ValueError, match=f"no cell is named {word}"):
        chosen_cells()


def test_fees_are_in_cents_or_in_whole_hundreds():
    cents, hundreds = (draw_roster(200, fees)["fee"] for fees in FEES)
    assert (cents % 1 != 0).mean() > 0.9
    assert (hundreds % 100 == 0).all()
    assert cents.max() > 20 * cents.median()


@pytest.mark.parametrize(("rules", "budget"), list(product(RULES[1:], BUDGETS)))
def test_every_campaign_has_so_many_rules_and_a_plan(tmp_path, rules, budget):
    cell = Cell(offers=60, fees="cents", goal="engagement", rules=rules, budget=budget)
    write_cell(tmp_path, cell)
    given, _ = read_campaign_file(str(campaign_path(tmp_path, cell)))
    assert len(given.rules) == rules
    plan = optimize(read_roster(str(roster_path(tmp_path, cell))), campaign_from_input(given))
    assert isinstance(plan, Plan)


def test_campaigns_are_always_the_same():
    assert len({campaign_text(draw_roster(200, "cents"), CELL) for _ in range(2)}) == 1


@pytest.mark.parametrize("goal", ["balanced", "value"])
def test_all_sides_find_the_same_optimum(tmp_path, goal):
    cell = Cell(offers=60, fees="hundreds", goal=goal, rules=5, budget="10%")
    found = measure_cell(cell, tmp_path, run, rounds=1, limits=Limits(patience=10))
    assert found.own.proven, found.own.found
    assert {peer: (other.proven, other.found) for peer, other in found.peers.items()} == {
        "pulp": (True, "the same"),
        "milp": (True, "the same"),
    }
    assert found.ratio("pulp") == pytest.approx(found.own.cpu / found.peers["pulp"].cpu)


def test_a_proof_that_comes_late_does_not_count(tmp_path):
    cell = Cell(offers=60, fees="hundreds", goal="value", rules=0, budget="10%")
    found = measure_cell(cell, tmp_path, run, rounds=1, limits=Limits(own=0.01, patience=1000))
    assert (found.own.found, found.own.proven) == ("optimum, proven", False)
    assert found.peers["pulp"].proven


def test_within_all_bars_nothing_is_missed():
    assert missed(outcome(0.4), outcome(1.0), outcome(1.0)) == []


def test_a_slow_cell_is_missed_by_the_bar_of_its_size():
    own, peer, small = outcome(1.4), outcome(1.0), Cell.named("200-cents-value-0-1%")
    assert f"{CELL.name}: 1.40 times PuLP + CBC, the bar is 1.2" in missed(own, peer)
    assert missed(own, peer, cell=small) == ["the median ratio to PuLP + CBC is 1.40, the bar is 0.5"]


def test_a_proof_that_only_a_peer_has_is_missed():
    unproven = outcome(60.0, proven=False, found="gap 0.1%")
    assert missed(unproven, outcome(200.0, proven=False), outcome(290.0)) == [
        f"{CELL.name}: gap 0.1%, and HiGHS proves it"
    ]


def test_without_a_proof_of_either_side_there_is_no_ratio():
    unproven = outcome(60.0, proven=False, found="gap 0.1%")
    assert missed(unproven, outcome(10.0, proven=False)) == []


def test_a_better_plan_of_a_peer_is_missed():
    better = outcome(100.0, found="+0.01%", better=True)
    assert missed(outcome(1.0), better) == [f"{CELL.name}: PuLP + CBC finds +0.01% more than microopt"]


def test_a_cell_without_a_plan_is_missed():
    assert missed(outcome(60.0, proven=False, found="failed (6: no plan)")) == [
        f"{CELL.name}: no plan (failed (6: no plan))"
    ]


def test_a_peer_that_failed_is_not_compared():
    assert missed(outcome(9.0), outcome(1.0, proven=False, code=1)) == []
