"""Time and size of a report page compared with its plan, and the time of a worksheet with many creators."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.markdown import table
from benchmarks.rosters import write_roster
from benchmarks.spec import Report, Size, Spec
from benchmarks.timing import script_path, side_by_side, timing_environment
from microopt import CampaignInput, Plan, campaign_from_input, optimize, read_roster
from microopt.cli.exit_codes import Exit
from microopt.rendering.workbook.workbook import plan_xlsx

ASKED = ("--budget", "100000", "--creators", "40..40", "--niche", "beauty=3..8", "--tier", "mega=..50%")
BEYOND, LARGEST, SHEET = 2.0, 400_000, 1.0  # seconds, bytes, seconds
ALL = "100000000000"  # a budget that buys everybody
ENDS = (Exit.OK, Exit.UNPROVEN)
NOTE = (
    "Whole commands: `microopt plan -o plan.html` less `microopt plan -o plan.json`, of the same roster of "
    "{creators:,} creators and the same 40 picks, in turns, medians of {rounds} rounds; the page shows 20 budgets. The "
    "workbook is of a plan of all {creators:,} creators, in one process, median of {rounds}. Bars: {beyond:g} s, "
    "{largest:,.0f} kB, {sheet:g} s. 2 cores."
)


def run(size: Size) -> Report:
    """Time a page compared with its plan, and a workbook."""
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        path = str(write_roster(Path(folder), size.creators, size.seeds[0]))
        page, env = Path(folder, "plan.html"), timing_environment(str(Path(folder, "compiled")))
        commands = {name: _plan(path, str(Path(folder, f"plan.{name}"))) for name in ("json", "html")}
        times = side_by_side(commands, size.rounds, env, ends=ENDS)
        plan, html = (median(took.wall for took in times[name]) for name in ("json", "html"))
        heavy = page.stat().st_size
        rows_of, sheet = _sheet(path, size.rounds)
    figures = (
        ("the page, beyond the plan", f"{html - plan:.2f} s", f"{plan:.2f} s", f"{BEYOND:g} s", html - plan <= BEYOND),
        ("the page", f"{heavy / 1e3:,.0f} kB", "", f"{LARGEST / 1e3:,.0f} kB", heavy <= LARGEST),
        (f"a workbook of {rows_of:,} creators", f"{sheet:.2f} s", "", f"{SHEET:g} s", sheet <= SHEET),
    )
    rows = [(name, took, peer, bar, "within" if held else "over") for name, took, peer, bar, held in figures]
    missed = tuple(f"{name}: {took}, the bar is {bar}" for name, took, _, bar, held in figures if not held)
    note = NOTE.format(creators=size.creators, rounds=size.rounds, beyond=BEYOND, largest=LARGEST / 1e3, sheet=SHEET)
    return Report(text=f"{table(('what', 'took', 'the plan', 'bar', ''), rows)}\n\n{note}", missed=missed)


def _plan(roster: str, output: str) -> Sequence[str]:
    return [script_path("microopt"), "plan", roster, *ASKED, "--quiet", "-o", output]


def _sheet(path: str, rounds: int) -> tuple[int, float]:
    """Return how many creators a workbook has rows of, and the median seconds that it takes."""
    plan = optimize(read_roster(path), campaign_from_input(CampaignInput(budget=ALL, goal="engagement")))
    assert isinstance(plan, Plan)
    took = []
    for _ in range(rounds):
        start = perf_counter()
        plan_xlsx(plan)
        took.append(perf_counter() - start)
    return len(plan.picks), median(took)


SPEC = Spec(
    name="reporting",
    about="How long a page and a workbook take, and how large a page is.",
    full=Size(creators=2_000, seeds=(1,), rounds=7),
    smoke=Size(creators=150, seeds=(1,), rounds=1),
    run=run,
)
