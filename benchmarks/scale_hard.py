"""The hard end of `scale`: values almost in proportion to fees, tight rules, very small and very large budgets."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.scale_rosters import KINDS, PLAIN
from benchmarks.scale_sides import (
    COLUMNS,
    PLANNED,
    SPARE,
    ScaleInstance,
    SideResult,
    TimeAllowance,
    format_gap,
    missed_by_peer,
    plan_result,
    prepare_program,
    read_json_object,
    read_result,
    run_peer,
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


def run_hard_rosters(
    instance: ScaleInstance, patience: TimeAllowance, peers: Iterable[str]
) -> tuple[list[list[str]], list[str]]:
    """Return the rows of one roster, and its missed bars."""
    pandas = read_result("pandas.read_csv", (instance.run(instance.read_command(), SPARE),))
    took = instance.run(instance.plan_command("late", seconds=HARD_SECONDS), HARD_SECONDS + SPARE)
    own = plan_result("microopt", instance.plan("late"), (took,))
    rows = [_row(instance, own, pandas, _gaps(instance, own)), _row(instance, pandas, pandas)]
    wrong = own.why or prepare_program(instance, "late")
    if wrong:
        return rows, [f"{instance.title}: nothing to compare: {wrong}"]
    missed = []
    for peer in peers:
        result = run_peer(instance, peer, patience, limit=PEER_SECONDS)
        rows.append(_row(instance, result, pandas))
        missed += missed_by_peer(instance, own, result)
    instance.program.unlink()
    return rows, missed


def _row(instance: ScaleInstance, side: SideResult, pandas: SideResult, gaps: tuple[str, str] = ("", "")) -> list[str]:
    cells = side.cells(instance.offers, pandas)
    return [HARD[instance.kind], *cells[:SPREAD], *cells[SPREAD + 1 :], *gaps]


def _gaps(instance: ScaleInstance, own: SideResult) -> tuple[str, str]:
    """Return the gaps of a run limited to ten seconds and of one limited to sixty."""
    if own.why:
        return "", own.why
    stated = read_json_object(instance.plan("late"))
    late = format_gap(stated)
    if stated["status"] == "optimal" and stated["proof"]["seconds"] <= SOON:
        return late, late
    took = instance.run(instance.plan_command("soon", seconds=SOON), SOON + SPARE)
    soon = (
        took.failure
        if took.timed_out or took.code not in PLANNED
        else format_gap(read_json_object(instance.plan("soon")))
    )
    return soon, late
