"""The hard end of `scale`: values almost in proportion to fees, tight rules, very small and very large budgets."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.scale_rosters import KINDS, PLAIN
from benchmarks.scale_sides import (
    COLUMNS,
    PLANNED,
    SPARE,
    Instance,
    Measured,
    Patience,
    better,
    gap,
    object_at,
    peer_of,
    plan_of,
    prepared,
    read_by,
)

HARD_SECONDS = 60.0
PEER_SECONDS = 30.0
MOST_OFFERS = {"half": 100_000}  # of these kinds
SOON = 10.0
HARD = {kind: each.title for kind, each in KINDS.items() if kind != PLAIN}
SPREAD = COLUMNS.index("Over the rounds")  # there is one round here
HARD_COLUMNS = (
    "Roster",
    *COLUMNS[:SPREAD],
    *COLUMNS[SPREAD + 1 :],
    f"Gap after {SOON:.0f} s",
    f"after {HARD_SECONDS:.0f} s",
)


def hard_of(instance: Instance, patience: Patience, peers: Iterable[str]) -> tuple[list[list[str]], list[str]]:
    """Return the rows of one roster, and what is missed there."""
    pandas = read_by("pandas.read_csv", (instance.run(instance.reading(), SPARE),))
    took = instance.run(instance.planning("late", seconds=HARD_SECONDS), HARD_SECONDS + SPARE)
    mine = plan_of("microopt", instance.plan("late"), (took,))
    rows = [_row(instance, mine, pandas, _gaps(instance, mine)), _row(instance, pandas, pandas)]
    wrong = mine.why or prepared(instance, "late")
    if wrong:
        return rows, [f"{instance.told}: nothing to compare: {wrong}"]
    missed = []
    for peer in peers:
        found = peer_of(instance, peer, patience, limit=PEER_SECONDS)
        rows.append(_row(instance, found, pandas))
        missed += better(instance, mine, found)
    instance.program.unlink()
    return rows, missed


def _row(instance: Instance, side: Measured, pandas: Measured, gaps: tuple[str, str] = ("", "")) -> list[str]:
    cells = side.cells(instance.offers, pandas)
    return [HARD[instance.kind], *cells[:SPREAD], *cells[SPREAD + 1 :], *gaps]


def _gaps(instance: Instance, mine: Measured) -> tuple[str, str]:
    """Return the gap after ten seconds and after sixty, each of a run with that limit."""
    if mine.why:
        return "", mine.why
    said = object_at(instance.plan("late"))
    late = gap(said)
    if said["status"] == "optimal" and said["proof"]["seconds"] <= SOON:
        return late, late
    took = instance.run(instance.planning("soon", seconds=SOON), SOON + SPARE)
    soon = took.failure if took.late or took.code not in PLANNED else gap(object_at(instance.plan("soon")))
    return soon, late
