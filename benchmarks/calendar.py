"""Time of a plan over waves against one plan of the same list without a calendar, and how near it is to the best."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.markdown import table
from benchmarks.process_runs import run_command
from benchmarks.rosters import write_roster
from benchmarks.spec import Report, Size, Spec
from benchmarks.timing import Ratio, script_path, side_by_side, time_ratio, timing_environment
from microopt.cli.exit_codes import Exit
from microopt.quantities.parse_and_format import join_words

MOST_GAP = 0.001
MANY = 1_000  # creators, from which a plan has a minute and all rules
LATEST = 600.0  # seconds after which a command is ended
RULES = (
    "all count 30..150",
    "all mean(credibility) >= 0.7",
    "tier:mega spend <= 35%",
    "tier:nano count >= 8",
    "tier:micro count >= 12",
    "niche:beauty,skincare spend <= 45%",
    "niche:fitness count >= 3",
    "niche:gaming,tech count 3..60",
    "platform:youtube spend 5..60%",
    "platform:tiktok engagements <= 80%",
    "region:DE,FR count >= 4",
    "region:US spend >= 20%",
)
IN_TIME = (
    "tier:mega count <= 2 in first wave",
    "tier:micro count >= 5 each wave",
    "all spend <= 20% of budget each wave",
    "niche:beauty count >= 1 each wave",
    "platform:tiktok spend <= 80% in last wave",
    "all repeats >= 30%",
    "each creator count <= 1 each wave",
    "each creator gap >= 2 waves",
)
FEW_RULES = ("all count 8..40", "niche:beauty,skincare count 2..12", "tier:mega spend <= 40%")
FEW_IN_TIME = ("tier:mega count <= 1 in first wave", "tier:micro count >= 3 each wave", "all repeats >= 30%")
NOTE = (
    "Whole commands: `microopt plan --gap {gap:.1%}` with a calendar of months in turns with the same list, budget and "
    "rules without one, less the rules in time; goal balanced; rounds: {rounds}. `gap`: how much better a plan may be, "
    "as a share of the bound. `schedules`: how many were looked at one by one. Bars: {bars} times the processor "
    "seconds, and a gap of {gap:.1%} within 60 s. 2 cores, shared with other work."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveCase:
    """A campaign over waves.

    Attributes
    ----------
    creators
        A share of the creators of the run.
    max_posts
        The most posts of a creator.
    bar
        How many times the processor seconds of a plan without a calendar it may take.
    """

    creators: float
    waves: int
    budget: int
    rules: tuple[str, ...]
    in_time: tuple[str, ...]
    max_posts: int
    retainer: str
    bar: float


YEAR = WaveCase(
    creators=1, waves=12, budget=500_000, rules=RULES, in_time=IN_TIME, max_posts=2, retainer="2 posts: 5%", bar=10
)
CASES = (
    WaveCase(
        creators=1 / 8,
        waves=3,
        budget=100_000,
        rules=FEW_RULES,
        in_time=FEW_IN_TIME,
        max_posts=3,
        retainer="2 posts: 5%; 3 posts: 10%",
        bar=3,
    ),
    YEAR,
    replace(YEAR, max_posts=4, retainer="2 posts: 5%; 4 posts: 10%"),
)
SMALL_CASES = (CASES[0], replace(CASES[-1], budget=20_000, rules=FEW_RULES, in_time=FEW_IN_TIME[2:]))


def run(size: Size) -> Report:
    """Time both plans of each case, on the roster of each seed."""
    rows: list[tuple[str, ...]] = []
    missed: list[str] = []
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        env = timing_environment(str(Path(folder, "compiled")))
        for case in CASES if size.creators >= MANY else SMALL_CASES:
            for seed in size.seeds:
                roster = write_roster(Path(folder), max(50, round(size.creators * case.creators)), seed)
                name, row, over = _measure(case, seed, roster, size, env)
                rows.append((name, *row))
                missed += [f"{name}, seed {seed}: {fault}" for fault in over]
    header = (
        "plan",
        "seed",
        "offers in waves",
        "schedules",
        "took",
        "peer",
        "of CPU time",
        "by the clock",
        "over the rounds",
        "gap",
        "most memory",
        "",
    )
    bars = join_words([f"{case.bar:g}" for case in CASES])
    note = NOTE.format(rounds=size.rounds, bars=bars, gap=MOST_GAP)
    return Report(text=f"{table(header, rows)}\n\n{note}", missed=tuple(missed))


def _measure(
    case: WaveCase, seed: int, roster: Path, size: Size, env: dict[str, str]
) -> tuple[str, tuple[str, ...], list[str]]:
    """Return the name of a case, the cells of its row, and what is above its bar."""
    plan = roster.with_name("plan.json")
    limit = ["--time-limit", "60" if size.creators >= MANY else "8", "--gap", f"{MOST_GAP:.1%}"]
    over_waves = [*_command(roster, case, with_calendar=True), *limit, "-o", str(plan)]
    commands = {"waves": over_waves, "peer": [*_command(roster, case, with_calendar=False), *limit]}
    times = side_by_side(commands, size.rounds, env, ends=(Exit.OK, Exit.UNPROVEN))
    took, made = time_ratio(times["waves"], times["peer"]), json.loads(plan.read_text(encoding="utf-8"))
    over = [f"{took.cpu:.2f} times, the bar is {case.bar:g}"] if took.cpu > case.bar else []
    over += [f"a gap of {made['proof']['gap']:.2%}"] if made["proof"]["gap"] > MOST_GAP else []
    rules = len(case.rules) + len(case.in_time)
    held = run_command(over_waves, env=env, seconds=LATEST).megabytes
    name = f"{made['roster']['creators']:,} creators, {case.waves} waves, {case.max_posts} posts, {rules} rules"
    return name, _cells(case, seed, took, made, held, within=not over), over


def _cells(
    case: WaveCase, seed: int, took: Ratio, made: dict[str, Any], held: float, *, within: bool
) -> tuple[str, ...]:
    gap = "proven" if made["status"] == "optimal" else f"{made['proof']['gap']:.3%}"
    left_out = made["proof"]["left_out"]
    schedules = "all" if left_out is None else f"{left_out['looked_at']:,} of {left_out['schedules']:,}"
    return (
        *(str(seed), f"{made['roster']['offers'] * case.waves:,}", schedules),
        *(f"{took.seconds:.2f} s", f"{took.peer:.2f} s", f"{took.cpu:.2f}", f"{took.value:.2f}"),
        *(f"{took.low:.2f}..{took.high:.2f}", gap, f"{held:,.0f} MB"),
        "within" if within else "over",
    )


def _command(roster: Path, case: WaveCase, *, with_calendar: bool) -> Sequence[str]:
    """Return the command of a plan, whose campaign it writes."""
    rules = (*case.rules, *(case.in_time if with_calendar else ()))
    lines = [f"budget = {case.budget}", 'goal = "balanced"', f"rules = {json.dumps(list(rules))}"]
    if with_calendar:
        months = [f"2027-{month:02}" for month in range(1, case.waves + 1)]
        lines += ["[calendar]", f"waves = {json.dumps(months)}", f"max_posts = {case.max_posts}"]
        lines += [f'retainer = "{case.retainer}"']
    campaign = roster.with_name(f"{'waves' if with_calendar else 'peer'}.toml")
    campaign.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [script_path("microopt"), "plan", str(roster), "-c", str(campaign)]


SPEC = Spec(
    name="calendar",
    about="How long a plan over waves takes, against one plan without a calendar.",
    full=Size(creators=2_000, seeds=(1,), rounds=1),
    smoke=Size(creators=60, seeds=(1,), rounds=1),
    run=run,
)
