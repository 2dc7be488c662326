"""Public instances with known optima, through files and the public API: each is proven at its optimum."""

from fractions import Fraction

import pytest
from benchmarks.instances import UNPROVEN, VARIABLE, instance_paths, instances_folder, read_instance

from microopt import Plan, SolveLimits, campaign_from_input, optimize

PATHS = instance_paths()
DUE = [name for name in PATHS if name not in UNPROVEN]
KNAPSACK = "3 2 9\r\n 4 5\t6\n 1 2 0\n 3 1 2\n 3 3\n"
CHOICE = " 2  2 1\n 5\n 1\n 1.5  2\n 2.00  0.5\n 2\n 7  4.25\n 3  1\n"


def written(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_instance(path)


def planned(instance, folder, seconds=60.0):
    """Return the plan of an instance; its roster is written as a file and read as any other."""
    plan = optimize(
        instance.roster(folder), campaign_from_input(instance.settings()), limits=SolveLimits(seconds=seconds)
    )
    assert isinstance(plan, Plan)
    return plan


def keeps(instance, plan):
    """Whether the plan's offers, looked up in the instance, keep it and bring what the plan says."""
    packed = [instance.items[int(pick.offer.removeprefix("item "))] for pick in plan.picks]
    used = [sum(Fraction(item.weights[i]) for item in packed) for i in range(len(instance.capacities))]
    groups = [item.group for item in packed]
    return (
        all(use <= Fraction(cap) for use, cap in zip(used, instance.capacities, strict=True))
        and len(set(groups)) == len(groups)
        and (not instance.choice or len(groups) == instance.groups)
        and sum(Fraction(item.profit) for item in packed) == plan.proof.objective
    )


def test_a_knapsack_is_read_as_it_stands(tmp_path):
    instance = written(tmp_path, "small.dat", KNAPSACK)
    assert (instance.optimum, instance.capacities, instance.choice, instance.groups) == (9, ("3", "3"), False, 3)
    assert [(item.profit, item.weights) for item in instance.items] == [
        ("4", ("1", "3")),
        ("5", ("2", "1")),
        ("6", ("0", "2")),
    ]
    plan = planned(instance, tmp_path)
    assert keeps(instance, plan)
    assert plan.proof.objective == 11


def test_a_choice_is_read_up_to_its_last_group_and_gives_one_of_each(tmp_path):
    instance = written(tmp_path, "I01", CHOICE + "Solutions by HEU\n 1 2 7.00\n")
    assert (instance.choice, instance.groups, len(instance.items), instance.capacities) == (True, 2, 4, ("5",))
    plan = planned(instance, tmp_path)
    assert keeps(instance, plan)
    assert (plan.proof.status, plan.proof.objective) == ("optimal", 9)


def test_a_file_cut_short_is_refused(tmp_path):
    with pytest.raises(ValueError, match="1 capacities for 2 resources"):
        written(tmp_path, "small.dat", KNAPSACK.rstrip().removesuffix("3"))


def test_the_variable_names_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert instances_folder() == tmp_path
    assert instance_paths() == {}
    monkeypatch.setenv(VARIABLE, str(tmp_path / "absent"))
    assert (instances_folder(), instance_paths()) == (None, {})


@pytest.mark.skipif(not PATHS, reason="the instances are not here")
def test_all_instances_are_there():
    assert len(PATHS) == 60


@pytest.mark.skipif(not PATHS, reason="the instances are not here")
@pytest.mark.parametrize("name", DUE)
def test_an_instance_is_proven_at_its_known_optimum(name, tmp_path):
    instance = read_instance(PATHS[name])
    plan = planned(instance, tmp_path)
    assert (plan.proof.status, plan.proof.limit) == ("optimal", None)
    assert plan.proof.objective == plan.proof.bound == instance.optimum
    assert keeps(instance, plan)


@pytest.mark.skipif(not PATHS, reason="the instances are not here")
@pytest.mark.parametrize("name", UNPROVEN)
def test_a_hard_instance_is_proven_or_stops_with_an_honest_gap(name, tmp_path):
    instance = read_instance(PATHS[name])
    plan = planned(instance, tmp_path, seconds=3.0)
    assert keeps(instance, plan)
    assert plan.proof.objective <= instance.optimum <= plan.proof.bound <= plan.proof.price_bound
    assert plan.proof.status == "optimal" or plan.proof.limit == "time"
