"""Whether microopt is ever slower than a straight model of the same program: processor seconds, cell by cell."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from platform import python_version
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.markdown import table
from benchmarks.process_runs import CommandRun, run_command
from benchmarks.scale_sides import format_seconds
from benchmarks.spec import Report, Size, Spec
from benchmarks.straight_cells import VARIABLE, chosen_cells
from benchmarks.straight_sides import COMPARED, LONG, TITLES, CellResult, Limits, Outcome, measure_cell
from benchmarks.timing import timing_environment, version_of

SECONDS = "MICROOPT_STRAIGHT_SECONDS"
PATIENCE = "MICROOPT_STRAIGHT_PATIENCE"
MEDIAN_BAR = 0.5
SMALL = 1_000  # offers below which the start of a process is most of its time
BARS = {False: 1.2, True: 1.5}  # of one cell, by whether it is small
HEADERS = ("Offers", "Fees", "Goal", "Rules", "Budget", "microopt", "Found", "Core")


def run(size: Size) -> Report:
    """Measure cell by cell; Ctrl-C ends it with the cells so far."""
    limits, cells = _limits(), chosen_cells(size.instances)
    results: list[CellResult] = []
    launch = partial(_run, env=_environment())
    with TemporaryDirectory(prefix="microopt-bench-") as folder, suppress(KeyboardInterrupt):
        for cell in cells:
            results.append(measure_cell(cell, Path(folder), launch, rounds=size.rounds, limits=limits))
            print(" | ".join(_cells(results[-1])), file=sys.stderr, flush=True)
    if not results:
        raise KeyboardInterrupt
    headers = [*HEADERS, *(title for peer in COMPARED for title in (TITLES[peer], "Found", "Ratio"))]
    every = table(headers, [_cells(result) for result in results], left=5)
    measured = f"{len(results)} of {len(cells)} cells."
    text = "\n\n".join([_summary(results), every, f"{measured} {_method(size, limits)}"])
    return Report(text=text, missed=tuple(missed_bars(results)), measured=not os.environ.get(VARIABLE))


def _limits() -> Limits:
    """Return the limits, as the environment sets them."""
    given = {"peer": os.environ.get(SECONDS), "patience": os.environ.get(PATIENCE)}
    return Limits(**{name: float(text) for name, text in given.items() if text})


def _run(command: Sequence[str], limit: float, *, env: dict[str, str]) -> CommandRun:
    return run_command(command, env=env, seconds=limit)


def _environment() -> dict[str, str]:
    """Return a user's environment: modules compiled where they are installed, and the source tree that was named."""
    env = timing_environment("")
    del env["PYTHONPYCACHEPREFIX"]
    path = os.environ.get("PYTHONPATH")
    return {**env, **({"PYTHONPATH": path} if path else {})}


def _cells(result: CellResult) -> list[str]:
    """Return the row of a cell."""
    cell, own = result.cell, result.own
    each = [part for peer in COMPARED for part in _peer_cells(result, peer)]
    return [
        f"{cell.offers:,}",
        cell.fees,
        cell.goal,
        str(cell.rules),
        cell.budget,
        format_seconds(own.cpu),
        own.found,
        own.core,
        *each,
    ]


def _peer_cells(result: CellResult, peer: str) -> list[str]:
    other = result.peers.get(peer)
    if other is None:
        return ["", "", ""]
    ratio = result.ratio(peer)
    return [format_seconds(other.cpu), _found(other), "" if ratio is None else f"{ratio:.2f}"]


def _found(other: Outcome) -> str:
    return f"{other.found}, proven" if other.proven else other.found


def bar_of(result: CellResult) -> float:
    """Return the most that the ratio of a cell may be."""
    return BARS[result.cell.offers < SMALL]


def _ratios(results: Sequence[CellResult], peer: str) -> list[tuple[float, CellResult]]:
    known = [(result.ratio(peer), result) for result in results]
    return [(ratio, result) for ratio, result in known if ratio is not None]


def missed_bars(results: Sequence[CellResult]) -> Iterator[str]:
    """Yield each bar that is missed: of ratios, of proofs, and of plans that a peer has better."""
    for peer in COMPARED:
        ratios = _ratios(results, peer)
        if ratios and median(ratio for ratio, _ in ratios) > MEDIAN_BAR:
            yield f"the median ratio to {TITLES[peer]} is {median(r for r, _ in ratios):.2f}, the bar is {MEDIAN_BAR}"
        for ratio, result in ratios:
            if ratio > bar_of(result):
                yield f"{result.cell.name}: {ratio:.2f} times {TITLES[peer]}, the bar is {bar_of(result)}"
    for result in results:
        if not result.own.proven and result.proven_by_peers():
            yield f"{result.cell.name}: {result.own.found}, and {' and '.join(result.proven_by_peers())} proves it"
        elif not result.own.proven and not result.peers:
            yield f"{result.cell.name}: no plan ({result.own.found})"
        for peer, other in result.peers.items():
            if other.better:
                yield f"{result.cell.name}: {TITLES[peer]} finds {other.found} more than microopt"


def _summary(results: Sequence[CellResult]) -> str:
    """Return the figures that the bars are on, by peer."""
    rows = []
    for peer in COMPARED:
        ratios = _ratios(results, peer)
        if not ratios:
            continue
        worst, where = max(ratios, key=lambda each: each[0])
        over = [sum(r > bar_of(c) for r, c in ratios if (c.cell.offers < SMALL) is small) for small in BARS]
        unproven = sum(c.peers[peer].proven and not c.own.proven for c in results if peer in c.peers)
        mid = f"{median(ratio for ratio, _ in ratios):.2f}"
        numbers = [*map(str, over), str(unproven)]
        rows.append([TITLES[peer], str(len(ratios)), mid, f"{worst:.2f} ({where.cell.name})", *numbers])
    large, small = (f"Above {BARS[kind]} {words}" for kind, words in ((False, "from 1,000 offers"), (True, "below")))
    return table(["Peer", "Cells", "Median ratio", "Worst", large, small, "Proven by it alone"], rows)


def _method(size: Size, limits: Limits) -> str:
    beside = ", ".join(f"{name} {version_of(name)}" for name in ("pandas", "pulp", "scipy", "ortools"))
    longer = "" if limits.patience == 1 else f", which gets {limits.patience:g} times as long"
    return (
        "Processor seconds, of the system too, of whole processes and of the solvers they start, without pyarrow: "
        f"`microopt plan` with {limits.own:g} s, from reading the roster to writing the plan, and a script that "
        "imports pandas, reads the same roster, builds the model of the same integers and solves it to a gap of 0 with "
        f"`PULP_CBC_CMD` or `scipy.optimize.milp` within {limits.peer:g} s; balanced is three solves, one for each of "
        f"its ideals and one of their sum. Limits are kept by the clock{longer}. "
        f"Medians of {size.rounds} rounds in turns; one alone where a side takes over {LONG:g} s. There is no ratio "
        "where neither side has a proof: CP-SAT is asked then. "
        f"Python {python_version()}, {beside}; {os.cpu_count()} cores, shared with other work."
    )


SPEC = Spec(
    name="straight",
    about="processor time beside a straight PuLP model and HiGHS, over sizes, fees, goals, rules and budgets",
    full=Size(rounds=3),
    smoke=Size(instances=("60-cents-balanced-5-10%", "60-hundreds-value-12-1%")),
    run=run,
)
