"""Small files that ask for much: seconds and memory of `microopt plan` when it is given each."""

from __future__ import annotations

import resource
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.readers.formats.hostile_workbooks import BOMBS

from benchmarks.markdown import table
from benchmarks.process_runs import CommandRun, run_command
from benchmarks.spec import Report, Size, Spec
from benchmarks.timing import script_path, timing_environment

MAX_SECONDS, MAX_MEGABYTES = 2.0, 500.0
PATIENCE = 60.0  # seconds
HEADER = "creator,followers,fee,platform,niche\n"
ROWS = "".join(f"@c{number},{5000 + number},{100 + number},instagram,beauty\n" for number in range(30))
SMOKE = ("no bomb", "1,000 rules", "100,000 columns", "far cell: spaces.xlsx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bomb:
    """A file; one that ends in `.toml` is a campaign, any other a roster."""

    name: str
    content: bytes
    suffix: str

    def arguments(self, folder: Path, roster: Path) -> list[str]:
        """Write it and return the arguments of `microopt` that read it."""
        path = folder / f"bomb{self.suffix}"
        path.write_bytes(self.content)
        if self.suffix == ".toml":
            return ["plan", str(roster), "-c", str(path)]
        return ["plan", str(path), "--budget", "3000", "--estimate-fees"]


def bombs() -> Iterator[Bomb]:
    """Yield all of them, after one file that is none."""
    yield Bomb(name="no bomb", content=(HEADER + ROWS).encode(), suffix=".csv")
    for name, lines in _campaigns().items():
        yield Bomb(name=name, content=f"budget = 3000\n{lines}\n".encode(), suffix=".toml")
    for name, text in _rosters().items():
        yield Bomb(name=name, content=text.encode(), suffix=".csv")
    for name, content in BOMBS.items():
        yield Bomb(name=name, content=content, suffix=Path(name).suffix)


def _campaigns() -> Mapping[str, str]:
    def texts(form: str, count: int) -> str:
        return "[" + ",".join(f'"{form.format(number)}"' for number in range(count)) + "]"

    values = ",".join(f"v{number}" for number in range(200_000))
    return {
        "200,000 values in one rule": f'rules = ["niche:{values} count 1..3"]',
        "100,000 values in one rule": f'rules = ["niche:{values[: len(values) // 2]} count 1..3"]',
        "1,000 rules": f"rules = {texts('niche:beauty count ..{}', 1_000)}",
        "20,000 unknown includes": f"include = {texts('@unknown{}', 20_000)}",
        "20,000 unknown excludes": f"exclude = {texts('@unknown{}', 20_000)}",
        "20,000 unknown competitors": f"competitors = {texts('brand {}', 20_000)}",
        "a dotted key of 40 kB": ".".join(["a"] * 20_000) + " = 1",
        "a dotted key of 40 kB, quoted": " . ".join(["'a'"] * 8_000) + " = 1",
        "lists in lists": "x = " + "[" * 20_000 + "]" * 20_000,
        "100,000 unknown keys": "\n".join(f"a{number}=1" for number in range(90_000)),
    }


def _rosters() -> Mapping[str, str]:
    cells = {"x": "x", "9 9 9": "9 ", "a;a;a": "a;", "1-1-1": "1-"}
    rosters = {}
    for column, name in enumerate(("creator", "followers", "fee", "platform", "niche")):
        for shown, part in cells.items():
            row = ["@big", "6000", "100", "instagram", "beauty"]
            row[column] = part * (1_000_000 // len(part))
            rosters[f"{name} of 1 MB: {shown}"] = f"{HEADER}{ROWS}{','.join(row)}\n"
    for columns in (2_500, 100_000):
        names = ",".join(f"col{number}" for number in range(columns))
        rows = "".join(f"@c{number},{5000 + number},100,{','.join('x' * columns)}\n" for number in range(30))
        rosters[f"{columns:,} columns"] = f"creator,followers,fee,{names}\n{rows}"
    rosters["a header of 1 MB"] = f"creator,followers,fee,{'x ' * 500_000}\n@anna,5000,100,a\n"
    rosters["4,096 empty columns"] = f"creator,followers,fee{',' * 4_093}\n@anna,5000,100{',' * 4_093}\n"
    return rosters


@dataclass(frozen=True, slots=True, kw_only=True)
class Blast:
    """What a command took that was given a bomb.

    Attributes
    ----------
    processor
        Seconds of processor time, of the processes that it started too: unlike seconds on the clock, they do not
        depend on what else the machine does.
    """

    bomb: Bomb
    run: CommandRun
    processor: float

    @property
    def missed(self) -> str | None:
        """What is above its bar, or a way to end that no file may cause."""
        took = f"{self.bomb.name}: {self.processor:.1f} s, {self.run.megabytes:.0f} MB"
        if self.run.timed_out or self.processor > MAX_SECONDS or self.run.megabytes > MAX_MEGABYTES:
            return took
        has_crashed = self.run.code < 0 or self.run.code == 1 or "Traceback" in self.run.err
        return f"{took}: {self.run.failure}" if has_crashed else None

    def cells(self) -> list[str]:
        """Return its row of the table."""
        size = f"{len(self.bomb.content) / 1e3:,.0f} kB"
        figures = [f"{self.processor:.2f}", f"{self.run.seconds:.2f}", f"{self.run.megabytes:.0f}"]
        return [self.bomb.name, size, *figures, str(self.run.code)]


def run(size: Size) -> Report:
    """Give each to `microopt plan`."""
    with TemporaryDirectory(prefix="microopt-bench-") as name:
        folder = Path(name)
        env = timing_environment(str(folder / "compiled"))
        roster = folder / "roster.csv"
        roster.write_text(HEADER + ROWS, encoding="utf-8")
        _set_off(next(bombs()), folder, roster, env)  # compiles the modules
        blasts = [
            min((_set_off(bomb, folder, roster, env) for _ in range(size.rounds)), key=lambda blast: blast.processor)
            for bomb in bombs()
            if bomb.name in size.examples or not size.examples
        ]
    heads = ["File", "Size", "Processor, s", "Clock, s", "Memory, MB", "Exit code"]
    missed = tuple(filter(None, (blast.missed for blast in blasts)))
    within = (
        f"{len(blasts) - len(missed)} of {len(blasts)} take at most {MAX_SECONDS:.0f} s and {MAX_MEGABYTES:.0f} MB."
    )
    return Report(text=f"{within}\n\n{table(heads, [blast.cells() for blast in blasts])}", missed=missed)


def _set_off(bomb: Bomb, folder: Path, roster: Path, env: Mapping[str, str]) -> Blast:
    before = _processor_seconds()
    done = run_command([script_path("microopt"), *bomb.arguments(folder, roster)], env=env, seconds=PATIENCE)
    return Blast(bomb=bomb, run=done, processor=_processor_seconds() - before)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


SPEC = Spec(
    name="bombs",
    about="seconds and memory of small files that ask for much",
    run=run,
    full=Size(rounds=1),
    smoke=Size(rounds=1, examples=SMOKE),
)
