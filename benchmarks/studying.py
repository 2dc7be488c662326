"""Time of further analyses, compared with one plan: a frontier, every pick explained, alternatives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.markdown import table
from benchmarks.rosters import write_roster
from benchmarks.scale_rosters import PLAIN, campaign_path, roster_path, write_rosters
from benchmarks.spec import Report, Size, Spec
from benchmarks.timing import Ratio, Timing, script_path, side_by_side, time_ratio, timing_environment
from microopt.cli.exit_codes import Exit

BAR, BAR_OF_MANY = 10.0, 4.0
CAMPAIGNS = {
    "open": ("--budget", "100000", "--niche", "beauty=3..8", "--tier", "mega=..50%"),
    "20 creators": ("--budget", "100000", "--niche", "beauty=3..8", "--tier", "mega=..50%", "--creators", "..20"),
    "40 creators": ("--budget", "100000", "--niche", "beauty=3..8", "--tier", "mega=..50%", "--creators", "..40"),
}
RANGE = "10000..100000"
NOTE = (
    "Whole commands, in turns, {rounds} rounds. `frontier` is of 20 budgets from $10,000 to $100,000, `explain` of "
    "every pick with its break-even fees, `alternatives` of five plans; `open` has no limit on creators. Rosters of "
    "{creators:,} creators as in `startup`, goal balanced; larger ones as in `scale`, with its rules. Bars: {bar:g} "
    "times one plan, {many:g} at a million. 2 cores."
)


def run(size: Size) -> Report:
    """Time every question on the roster of each seed, and a frontier on larger rosters."""
    rows: list[tuple[str, ...]] = []
    missed: list[str] = []
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        env = timing_environment(str(Path(folder, "compiled")))
        for seed in size.seeds:
            path = str(write_roster(Path(folder), size.creators, seed))
            for name, requested in CAMPAIGNS.items():
                case = f"{size.creators:,} creators, {name}, seed {seed}"
                _time(case, _commands(path, requested), (BAR, size.rounds), env, rows, missed)
        for offers in size.sizes:
            write_rosters(Path(folder), offers, size.seeds[0], [PLAIN])
            where = str(roster_path(Path(folder), PLAIN)), "-c", str(campaign_path(Path(folder), PLAIN))
            commands = {
                "plan": [script_path("microopt"), "plan", *where],
                "frontier": [script_path("microopt"), "frontier", *where, "-b", RANGE, "--time-limit", "300"],
            }
            _time(f"{offers:,} offers", commands, (BAR_OF_MANY, 1), env, rows, missed)
    header = ("roster", "question", "took", "one plan", "ratio", "over the rounds", "bar", "")
    note = NOTE.format(creators=size.creators, rounds=size.rounds, bar=BAR, many=BAR_OF_MANY)
    return Report(text=f"{table(header, rows)}\n\n{note}", missed=tuple(missed))


def _commands(path: str, requested: Sequence[str]) -> dict[str, Sequence[str]]:
    program, rest = script_path("microopt"), [word for word in requested if word not in ("--budget", "100000")]
    return {
        "plan": [program, "plan", path, *requested],
        "frontier": [program, "frontier", path, "--budget", RANGE, *rest, "--time-limit", "300"],
        "explain --all": [program, "explain", path, "--all", *requested, "--time-limit", "300"],
        "alternatives": [
            program,
            "alternatives",
            path,
            "--count",
            "5",
            "--differ",
            "3",
            *requested,
            "--time-limit",
            "300",
        ],
    }


def _time(
    case: str,
    commands: Mapping[str, Sequence[str]],
    how: tuple[float, int],
    env: Mapping[str, str],
    rows: list[tuple[str, ...]],
    missed: list[str],
) -> None:
    """Time the questions of a case against its plan, and add what they took.

    Parameters
    ----------
    how
        The bar, and the rounds.
    """
    bar, rounds = how
    times = side_by_side(commands, rounds, env, ends=(Exit.OK, Exit.UNPROVEN))
    for name, took in _ratios(times):
        verdict = "within" if took.value <= bar else "over"
        if took.value > bar:
            missed.append(f"{case}: {name} took {took.value:.1f} times one plan, the bar is {bar:g}")
        seconds, spread = f"{took.seconds:.2f} s", f"{took.low:.1f}..{took.high:.1f}"
        rows.append((case, name, seconds, f"{took.peer:.2f} s", f"{took.value:.1f}", spread, f"{bar:g}", verdict))


def _ratios(times: Mapping[str, list[Timing]]) -> Iterator[tuple[str, Ratio]]:
    for name, took in times.items():
        if name != "plan":
            yield name, time_ratio(took, times["plan"])


SPEC = Spec(
    name="studying",
    about="How long further questions take, against one plan.",
    full=Size(creators=2_000, seeds=(1,), rounds=1, sizes=(1_000_000,)),
    smoke=Size(creators=120, seeds=(1,), rounds=1, sizes=(500,)),
    run=run,
)
