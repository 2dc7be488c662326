"""The benchmark of knapsacks beside CBC alone: its files are read as published, and worse is called worse."""

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from benchmarks.instances import VARIABLE, Instance, Item, chu_beasley_instances
from benchmarks.knapsacks import KnapsackResult, solve_both_ways

pytestmark = pytest.mark.bench
TINY = Instance(
    name="tiny",
    kind="mknapcb",
    optimum=Fraction(8),
    items=tuple(
        Item(group=number, profit=profit, weights=weights)
        for number, (profit, weights) in enumerate([("5", ("3", "1")), ("4", ("2", "2")), ("3", ("2", "0.5"))])
    ),
    capacities=("5", "2"),
    choice=False,
)


@pytest.fixture
def published(tmp_path, monkeypatch):
    """Write the published files, of random numbers, for 100 items and 5 capacities, and for 10."""
    folder = tmp_path / "mknapcb"
    folder.mkdir()
    draw = np.random.default_rng(1)
    for file, resources in (("mknapcb1.txt", 5), ("mknapcb4.txt", 10)):
        numbers = [30]
        for _ in range(30):
            numbers += [100, resources, 0, *draw.integers(1, 1000, 100 * (resources + 1) + resources).tolist()]
        (folder / file).write_text(" ".join(map(str, numbers)), encoding="utf-8")
    values = "".join(f"name-{number}   {1000 + number}\n" for number in range(270))
    text = (
        f"Chu and Beasley (1997).\n\nProblem Name  Best Feasible\n\n{values}\nProblem Name  LP optimal\n\nname-0 2e3\n"
    )
    (folder / "mkcbres.txt").write_text(text, encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return folder


def result(*, objective=8, bound=8, status="optimal", cbc_value=8, cbc_proven=True):
    proof = SimpleNamespace(objective=Fraction(objective), bound=Fraction(bound), status=status)
    value = None if cbc_value is None else Fraction(cbc_value)
    return KnapsackResult(
        instance=TINY, plan=SimpleNamespace(proof=proof), cpu=1.0, cbc_value=value, cbc_proven=cbc_proven, cbc_cpu=1.0
    )


def test_instances_have_their_published_names_and_values(published):
    found = chu_beasley_instances()
    assert len(found) == 60
    assert [found[name].optimum for name in ("5.100-00", "5.100-29", "10.100-00", "10.100-29")] == [
        1000,
        1029,
        1090,
        1119,
    ]
    assert all(len(instance.items) == 100 for instance in found.values())
    assert [len(found[name].capacities) for name in ("5.100-17", "10.100-17")] == [5, 10]


def test_the_last_instance_ends_where_its_file_does(published):
    words = (published / "mknapcb1.txt").read_text(encoding="utf-8").split()
    assert chu_beasley_instances()["5.100-29"].capacities == tuple(words[-5:])


def test_without_the_published_values_there_are_no_instances(published):
    (published / "mkcbres.txt").unlink()
    assert chu_beasley_instances() == {}


@pytest.mark.parametrize(("picks", "value"), [([], 0), ([0], 5), ([0, 2], 8), ([0, 1], None), ([0, 1, 2], None)])
def test_a_packing_within_the_capacities_has_its_exact_value(picks, value):
    assert TINY.packed_value(picks) == value


@pytest.mark.filterwarnings("ignore:PULP_CBC_CMD is deprecated:DeprecationWarning")
def test_both_sides_prove_a_small_instance():
    found = solve_both_ways(TINY, 60.0)
    assert (found.plan.proof.objective, found.cbc_value) == (8, 8)
    assert found.proven
    assert found.cbc_proven
    assert found.missed() == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cbc_value": None, "cbc_proven": False}, []),
        ({"status": "feasible", "bound": 9, "cbc_proven": False}, []),
        ({"objective": 7, "status": "feasible", "bound": 9, "cbc_proven": False}, ["tiny: 7 and CBC alone 8"]),
        ({"status": "feasible", "bound": 9}, ["tiny: not proven, and CBC alone proves it"]),
        ({"objective": 7, "bound": 7, "cbc_value": 7}, ["tiny: its bound 7 excludes the published 8"]),
    ],
)
def test_what_is_worse_than_cbc_alone_is_missed(changed, said):
    assert result(**changed).missed() == said
