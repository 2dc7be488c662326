"""Time of a portfolio against the plans of its campaigns one after another, and how near it is to the best."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.markdown import table
from benchmarks.process_runs import CommandRun, run_command
from benchmarks.rosters import write_roster
from benchmarks.spec import Report, Size, Spec
from benchmarks.timing import script_path, timing_environment
from microopt.cli.exit_codes import Exit

BAR = 3.0  # times the seconds of the single plans
MOST_GAP = 0.001
TIME_LIMIT = 60
MANY = 1_000  # creators, from which a portfolio has a minute
LATEST = 600.0  # seconds after which a command is ended
HOUSE_SHARE = 0.85  # of the sum of the campaigns' budgets
SEED = 20_270_301
NICHES = (
    *("beauty", "skincare", "fashion", "fitness", "food"),
    *("travel", "parenting", "gaming", "tech", "home decor"),
)
GOALS = ("balanced", "conversions", "engagement", "reach")
FEW_RULES, MOST_RULES = 4, 8
RULES = (
    "all count {few}..{many}",
    "tier:mega spend <= 35%",
    "tier:nano,micro spend >= {small}%",
    "platform:tiktok spend <= 60%",
    "platform:youtube spend <= 50%",
    "all mean(credibility) >= 0.7",
    "region:US,CA count >= {home}",
    "each creator spend <= 25% of budget",
)
NOTE = (
    "Whole commands with `--gap {gap:.1%} --time-limit {limit}`, in turns, one run after one that is not counted: "
    "`microopt portfolio` against all `microopt plan` of its campaigns one after another. Each campaign has "
    "{few} to {most} rules, three to five of ten niches, and a budget of $20,000 to $90,000; a creator is in two "
    "campaigns at most, two pairs compete, and the house has {house:.0%} of the sum of the budgets. `gap`: how much "
    "better a portfolio may be, as a share of the bound. Bars of the first row: {bar:g} times the single plans, and "
    "proven or a gap of {gap:.1%} within {limit} s; the larger ones show how time grows. 2 cores, shared with other "
    "work."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioCase:
    """A portfolio of campaigns on one list.

    Attributes
    ----------
    creators
        As a multiple of the creators of the run.
    has_bar
        Whether it is timed against the single plans, and has bars.
    """

    campaigns: int
    creators: float
    has_bar: bool = False


CASES = (
    PortfolioCase(campaigns=10, creators=1, has_bar=True),
    PortfolioCase(campaigns=20, creators=2.5),
    PortfolioCase(campaigns=50, creators=2.5),
)
SMALL_CASES = (PortfolioCase(campaigns=3, creators=1, has_bar=True),)


def run(size: Size) -> Report:
    """Time each portfolio, and the plans of the first, on the roster of each seed."""
    rows: list[tuple[str, ...]] = []
    missed: list[str] = []
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        env = timing_environment(str(Path(folder, "compiled")))
        for case in CASES if size.creators >= MANY else SMALL_CASES:
            for seed in size.seeds:
                row, over = _measure(case, seed, Path(folder), size, env)
                rows.append(row)
                missed += [f"{row[0]}, seed {seed}: {fault}" for fault in over]
    header = (
        *("portfolio", "seed", "took", "single plans", "ratio", "of CPU time"),
        *("sum of shares", "least share", "gap", "most memory", ""),
    )
    note = NOTE.format(gap=MOST_GAP, limit=TIME_LIMIT, few=FEW_RULES, most=MOST_RULES, house=HOUSE_SHARE, bar=BAR)
    return Report(text=f"{table(header, rows)}\n\n{note}", missed=tuple(missed))


def _measure(
    case: PortfolioCase, seed: int, folder: Path, size: Size, env: Mapping[str, str]
) -> tuple[tuple[str, ...], list[str]]:
    """Return the cells of a portfolio's row, and what is above its bars."""
    creators = max(50, round(size.creators * case.creators))
    name = f"{case.campaigns} campaigns, {creators:,} creators"
    here = folder / f"{case.campaigns}-{creators}-{seed}"
    here.mkdir()
    roster = write_roster(here, creators, seed)
    write_portfolio(here, roster, case.campaigns, SEED + seed)
    commands = _commands(here, roster, case)
    for _ in range(2 if case.has_bar else 1):
        together = _done(commands[0], env)
        alone = [_done(command, env) for command in commands[1:]] if case.has_bar else []
    if together.code == Exit.NO_PLAN:
        took = f"{together.seconds:.1f} s"
        cells = (name, str(seed), took, *[""] * 5, "no plans in time", f"{together.megabytes:,.0f} MB")
        return (*cells, "over" if case.has_bar else ""), ["no plans in time"] if case.has_bar else []
    made = json.loads((here / "portfolio.json").read_text(encoding="utf-8"))
    ratios = [_ratio(together, alone, what) for what in ("seconds", "cpu")] if alone else []
    over = _faults(made, together, ratios) if case.has_bar else []
    return (name, *_cells(seed, made, together, alone, ratios, fits=not over if case.has_bar else None)), over


def _commands(folder: Path, roster: Path, case: PortfolioCase) -> list[list[str]]:
    """Return the command of the portfolio, and those of its campaigns."""
    limits = ["--gap", f"{MOST_GAP:.1%}", "--time-limit", str(TIME_LIMIT), "-q"]
    microopt = script_path("microopt")
    together = [microopt, "portfolio", str(folder / "agency.toml"), *limits, "-o", str(folder / "portfolio.json")]
    names = [f"campaign-{number}" for number in range(case.campaigns)]
    return [
        together,
        *(
            [microopt, "plan", str(roster), "-c", str(folder / f"{name}.toml"), *limits, "-o", f"{folder}/{name}.json"]
            for name in names
        ),
    ]


def _done(command: Sequence[str], env: Mapping[str, str]) -> CommandRun:
    """Run a command to its end.

    Raises
    ------
    RuntimeError
        If it fails; a portfolio without plans in its time is no failure.
    """
    done = run_command(command, env=env, seconds=LATEST)
    if done.code not in (Exit.OK, Exit.UNPROVEN, Exit.NO_PLAN):
        raise RuntimeError(f"{' '.join(command[1:3])}: {done.failure}")
    return done


def _ratio(together: CommandRun, alone: Sequence[CommandRun], what: str) -> float:
    return float(getattr(together, what)) / sum(float(getattr(each, what)) for each in alone)


def _faults(made: Mapping[str, Any], together: CommandRun, ratios: Sequence[float]) -> list[str]:
    over = [f"{ratios[0]:.2f} times the single plans, the bar is {BAR:g}"] if ratios[0] > BAR else []
    over += [f"a gap of {made['proof']['gap']:.2%}"] if made["proof"]["gap"] > MOST_GAP else []
    return over + ([f"{together.seconds:.0f} s"] if together.seconds > TIME_LIMIT else [])


def _cells(
    seed: int,
    made: Mapping[str, Any],
    together: CommandRun,
    alone: Sequence[CommandRun],
    ratios: Sequence[float],
    *,
    fits: bool | None,
) -> tuple[str, ...]:
    shares = [each["share"] for each in made["campaigns"] if each["share"] is not None]
    gap = "proven" if made["proof"]["status"] == "optimal" else f"{made['proof']['gap']:.3%}"
    singly = f"{sum(each.seconds for each in alone):.1f} s" if alone else ""
    return (
        *(str(seed), f"{together.seconds:.1f} s", singly),
        *([f"{ratio:.2f}" for ratio in ratios] or ["", ""]),
        *(f"{made['proof']['objective']:.3f} of {len(shares)}", f"{min(shares):.1%}", gap),
        f"{together.megabytes:,.0f} MB",
        "" if fits is None else "within" if fits else "over",
    )


def write_portfolio(folder: Path, roster: Path, campaigns: int, seed: int) -> Path:
    """Write the files of a portfolio on a roster into a folder, always the same for a seed, and return its path."""
    draw = random.Random(seed)
    budgets = [draw.randrange(20, 91) * 1_000 for _ in range(campaigns)]
    for number, budget in enumerate(budgets):
        text = campaign_text(draw, budget, GOALS[number % len(GOALS)])
        (folder / f"campaign-{number}.toml").write_text(text, encoding="utf-8")
    lines = ['currency = "USD"', f"budget = {round(sum(budgets) * HOUSE_SHARE)}", "[capacity]", "campaigns = 2"]
    for first in (0, 2) if campaigns >= len(GOALS) else (0,):
        lines += ["[[exclusive]]", f'members = ["campaign-{first}", "campaign-{first + 1}"]']
    for number in range(campaigns):
        lines += ["[[campaign]]", f'file = "campaign-{number}.toml"', f'roster = "{roster.name}"']
    path = folder / "agency.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def campaign_text(draw: random.Random, budget: int, goal: str) -> str:
    """Return a campaign file with a filter of some niches and some rules."""
    niches = draw.sample(NICHES, draw.randrange(3, 6))
    sizes = {"few": draw.randrange(5, 15), "many": draw.randrange(40, 90)}
    sizes |= {"small": draw.randrange(10, 31, 5), "home": draw.randrange(2, 6)}
    rules = [rule.format(**sizes) for rule in draw.sample(RULES, draw.randrange(FEW_RULES, MOST_RULES + 1))]
    quoted = ",".join(f'"{niche}"' if " " in niche else niche for niche in niches)
    lines = [f"budget = {budget}", f'goal = "{goal}"']
    lines += [f"where = {json.dumps([f'niche:{quoted}'])}", f"rules = {json.dumps(rules)}"]
    return "\n".join(lines) + "\n"


SPEC = Spec(
    name="portfolio",
    about="How long several campaigns on one list take together, against their plans one by one.",
    full=Size(creators=2_000, seeds=(1,), rounds=1),
    smoke=Size(creators=60, seeds=(1,), rounds=1),
    run=run,
)
