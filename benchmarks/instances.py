"""Public instances (`mkp_sac94`, `mmkp`, `mknapcb`), as rosters with rules and as plain PuLP models."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from io import StringIO
from pathlib import Path

import pulp

from microopt import CampaignInput, Roster, read_roster

VARIABLE = "MICROOPT_INSTANCES"
BESIDE = Path(__file__).resolve().parents[2] / "shared" / "instances"
CHOICES = {"I01": "173", "I02": "364", "I03": "1602", "I04": "3597", "I05": "3905.7", "I06": "4799.3"}
CHU_BEASLEY = {5: (100, 250, 500), 10: (100, 250, 500)}  # capacities: items of mknapcb1 to mknapcb6
EACH = 30  # instances of each
UNPROVEN = ("I04",)  # harder than the others: it may stop at its limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """The items that can be packed.

    Attributes
    ----------
    group
        Items of one group exclude each other.
    profit, weights
        Numbers as the file writes them.
    """

    group: int
    profit: str
    weights: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One instance.

    Attributes
    ----------
    kind
        The folder it is from.
    optimum
        Its known optimum; of `mknapcb` the best value that was published with it.
    choice
        Whether each group must give exactly one item; without it groups have one item each, to be packed or not.
    """

    name: str
    kind: str
    optimum: Fraction
    items: tuple[Item, ...]
    capacities: tuple[str, ...]
    choice: bool

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len({item.group for item in self.items})

    def settings(self) -> CampaignInput:
        """Return the campaign: the first capacity is the budget, each other one a rule."""
        caps = [f"all w{number} <= {cap}" for number, cap in enumerate(self.capacities[1:], 2)]
        exactly = [f"all count = {self.groups}"] if self.choice else []
        return CampaignInput(budget=self.capacities[0], currency="USD", goal="value:score", rules=[*caps, *exactly])

    def table(self) -> str:
        """Return the roster as CSV: a group is a creator, an item one of its offers, its first weight the fee."""
        text = StringIO()
        lines = csv.writer(text, lineterminator="\n")
        others = [f"w{number}" for number in range(2, len(self.capacities) + 1)]
        lines.writerow(["creator", "offer", "followers", "fee", "score", *others])
        for number, item in enumerate(self.items):
            lines.writerow(
                [f"g{item.group}", f"item {number}", 10_000, item.weights[0], item.profit, *item.weights[1:]]
            )
        return text.getvalue()

    def roster(self, folder: Path) -> Roster:
        """Write the roster to a folder and read it as any other."""
        path = folder / f"{self.name}.csv"
        path.write_text(self.table(), encoding="utf-8")
        return read_roster(str(path))

    def packed_value(self, picks: Iterable[int]) -> Fraction | None:
        """Return the profit of these items, exactly, or None if they exceed a capacity."""
        items = [self.items[number] for number in picks]
        for number, cap in enumerate(self.capacities):
            if sum(Fraction(item.weights[number]) for item in items) > Fraction(cap):
                return None
        return sum((Fraction(item.profit) for item in items), Fraction(0))

    def model(self) -> pulp.LpProblem:
        """Return the model as one would write it in PuLP."""
        problem = pulp.LpProblem(self.name, pulp.LpMaximize)
        take = [problem.add_variable(f"x{number}", 0, 1, pulp.LpInteger) for number in range(len(self.items))]
        problem.setObjective(_sum(take, [item.profit for item in self.items]))
        for number, cap in enumerate(self.capacities):
            problem.addConstraint(_sum(take, [item.weights[number] for item in self.items]) <= float(cap))
        if self.choice:
            members: dict[int, list[pulp.LpVariable]] = {}
            for item, variable in zip(self.items, take, strict=True):
                members.setdefault(item.group, []).append(variable)
            for own in members.values():
                problem.addConstraint(pulp.lpSum(own) == 1)
        return problem


def _sum(variables: list[pulp.LpVariable], numbers: list[str]) -> pulp.LpAffineExpression:
    return pulp.LpAffineExpression([(x, float(number)) for x, number in zip(variables, numbers, strict=True)])


def instances_folder() -> Path | None:
    """Return where the instances are, as `MICROOPT_INSTANCES` says or next to the repository, or None."""
    folder = Path(os.environ.get(VARIABLE) or BESIDE)
    return folder if folder.is_dir() else None


def instance_paths() -> dict[str, Path]:
    """Return the file of each instance by its name; none where the folder is absent."""
    folder = instances_folder()
    if folder is None:
        return {}
    result = [*sorted(folder.glob("mkp_sac94/*/*.dat")), *(folder / "mmkp" / name for name in CHOICES)]
    return {path.stem: path for path in result if path.is_file()}


def read_instance(path: Path) -> Instance:
    """Return the instance of a file."""
    words = path.read_text(encoding="latin-1").split()  # what follows an instance of mmkp is prose
    return _parse_choice(path.stem, words) if path.stem in CHOICES else _parse_knapsack(path, words)


def _parse_knapsack(path: Path, words: list[str]) -> Instance:
    """Read `n m optimum`, n profits, m times n weights, m capacities."""
    count, resources = int(words[0]), int(words[1])
    rows = _split_into_parts(words[3 : 3 + count * (resources + 1)], count)
    capacities = tuple(words[3 + count * (resources + 1) :])
    if len(capacities) != resources:
        raise ValueError(f"{path.name}: {len(capacities)} capacities for {resources} resources")
    items = tuple(
        Item(group=number, profit=profit, weights=tuple(weights))
        for number, (profit, *weights) in enumerate(zip(*rows, strict=True))
    )
    return Instance(
        name=path.stem, kind="mkp_sac94", optimum=Fraction(words[2]), items=items, capacities=capacities, choice=False
    )


def _parse_choice(name: str, words: list[str]) -> Instance:
    """Read groups, items a group, resources; capacities; per group its number, then value and weights of each item."""
    groups, count, resources = (int(word) for word in words[:3])
    at = 3 + resources
    items = []
    for group in range(groups):
        start = at + group * (1 + count * (1 + resources)) + 1
        for profit, *weights in _split_into_parts(words[start : start + count * (1 + resources)], 1 + resources):
            items.append(Item(group=group, profit=profit, weights=tuple(weights)))
    return Instance(
        name=name,
        kind="mmkp",
        optimum=Fraction(CHOICES[name]),
        items=tuple(items),
        capacities=tuple(words[3:at]),
        choice=True,
    )


def chu_beasley_instances() -> dict[str, Instance]:
    """Return the instances of `mknapcb1.txt` to `mknapcb6.txt` by their published names, none where they are absent.

    They are by Chu and Beasley, from OR-Library, as is `mkcbres.txt`, the best values of their paper.
    """
    folder = instances_folder()
    if folder is None or not (folder / "mknapcb" / "mkcbres.txt").is_file():
        return {}
    folder /= "mknapcb"
    best = _published_values((folder / "mkcbres.txt").read_text(encoding="latin-1"))
    sizes = [(resources, count) for resources, counts in CHU_BEASLEY.items() for count in counts]
    result: dict[str, Instance] = {}
    for number, (resources, count) in enumerate(sizes, 1):
        path = folder / f"mknapcb{number}.txt"
        for parsed in _parse_set(path.read_text(encoding="latin-1").split()) if path.is_file() else ():
            name = f"{resources}.{count}-{len(result) % EACH:02}"
            assert (len(parsed.items), len(parsed.capacities)) == (count, resources), f"{path.name} is of another size"
            result[name] = replace(parsed, name=name, optimum=best[(number - 1) * EACH + len(result) % EACH])
    return result


def _published_values(text: str) -> list[Fraction]:
    """Return the last number of each line of the first table of `mkcbres.txt`, in the order of the files."""
    table = text.split("LP optimal", maxsplit=1)[0].splitlines()
    return [Fraction(line.split()[-1]) for line in table if line.strip() and line.split()[-1].isdigit()]


def _parse_set(words: list[str]) -> Iterator[Instance]:
    """Read the number of instances; of each `n m optimum`, profits, weights and capacities, as `_parse_knapsack`."""
    at = 1
    for _ in range(int(words[0])):
        count, resources = int(words[at]), int(words[at + 1])
        end = at + 3 + count * (resources + 1) + resources
        yield _parse_knapsack(Path("mknapcb"), words[at:end])
        at = end


def _split_into_parts(words: list[str], size: int) -> list[list[str]]:
    return [words[start : start + size] for start in range(0, len(words), size)]
