"""The options that several commands share, each said once; those of a campaign are in `microopt.campaign.inputs`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from microopt.campaign.inputs import CampaignInput
from microopt.campaign.options import CAMPAIGN, ROSTER, Scope, option
from microopt.errors import UsageError
from microopt.quantities.parse_and_format import parse_number, parse_share

if TYPE_CHECKING:
    from microopt.solver.backends.base import Backend
    from microopt.solver.result import Report, SolveLimits

SOLVE, OUTPUT = "Solving", "Output"
MAX_PLAIN_GAP = 0.5  # a greater number without a percent sign was hardly meant as a share
SOLVERS = ("cbc", "highs")
SOLVER_HELP = "Which solver proves what microopt cannot prove itself; HiGHS takes over where CBC stops."
TABLE_OR_JSON = ("table", "json")
PLAN_FORMATS = ("table", "json", "csv", "markdown", "line")
PLAN_OUTPUT_HELP = {
    "format": "How to print the plan.",
    "output": "Also write to a file: .json, .csv, .md, .txt, a page .html or .pdf, slides .pptx, a workbook "
    ".xlsx, pictures .png, .svg, .table.svg, dates .ics. Repeatable.",
}

RosterPath = Annotated[str, option(metavar="ROSTER", help="CSV, TSV (.gz too), XLSX or Parquet; - is standard input.")]
PlanPath = Annotated[str, option(metavar="PLAN", help="A plan as JSON; - is standard input.")]
PlanRoster = Annotated[
    str | None,
    option(
        "--roster",
        panel=ROSTER,
        metavar="ROSTER",
        help="The roster of the plan; by default the path that the plan states.",
    ),
]
PlanPosts = Annotated[
    str | None,
    option(
        "--posts",
        panel=ROSTER,
        metavar="FILE",
        help="The past posts of the plan, if it has any; by default the path that the plan states.",
    ),
]
CampaignPath = Annotated[
    str | None,
    option("--campaign", "-c", panel=CAMPAIGN, metavar="FILE", scope=Scope.ROSTER, help="A campaign file (TOML)."),
]
MaxUnpacked = Annotated[
    str,
    option(
        "--max-unpacked",
        panel=ROSTER,
        metavar="SIZE",
        scope=Scope.ROSTER,
        help="Largest size that a gzip file or workbook may unpack to (4G).",
    ),
]
CrossCheck = Annotated[
    bool,
    option("--cross-check", panel=SOLVE, help="Check with the other solver too, for the same time: both must agree."),
]
Details = Annotated[
    bool,
    option(
        "--details",
        panel=OUTPUT,
        help="In the table, also show how the plan was proven, and every warning.",
    ),
]
Expectations = Annotated[
    Sequence[str],
    option(
        "--expect",
        panel=OUTPUT,
        metavar="'MEASURE RANGE'",
        help="Exit with code 8 unless the plan meets this: 'spend >= 95%', 'cpa <= 60'. Repeatable.",
    ),
]


ReplyDays = Annotated[
    int | None,
    option(
        "--reply-days",
        panel=OUTPUT,
        metavar="N",
        minimum=0,
        maximum=365,
        help="In a list of whom to ask: how many days a creator has to answer, by default 3.",
    ),
]


class ReadingOptions(Struct, frozen=True, kw_only=True):
    """How a roster is read, besides what the campaign says about it."""

    skip_bad_rows: Annotated[
        bool,
        option(
            "--skip-bad-rows", panel=ROSTER, scope=Scope.ROSTER, help="Leave out rows with problems, and name them."
        ),
    ] = False
    sheet: Annotated[
        str | None,
        option(
            "--sheet", panel=ROSTER, metavar="NAME", scope=Scope.ROSTER, help="Sheet of a workbook, by name or number."
        ),
    ] = None
    max_unpacked: MaxUnpacked = "4G"


class CampaignOptions(Struct, frozen=True, kw_only=True):
    """What a campaign asks for, in a file and in flags, and how its roster is read."""

    campaign_file: CampaignPath = None
    settings: CampaignInput
    reading: ReadingOptions


def parse_gap(texts: Sequence[str]) -> float:
    """Return the gap that `--gap` means, `1%` or `0.01`; the last one counts.

    Raises
    ------
    UsageError
        If it is not a share, or one that was probably meant in percent.
    """
    text = texts[-1].strip()
    for parse in (parse_share, float):  # the latter for 1e-6
        with suppress(ValueError):
            gap = float(parse(text))
            if 0 <= gap <= (1 if text.endswith("%") else MAX_PLAIN_GAP):
                return gap
    with suppress(ValueError):
        number = float(parse_number(text))
        if MAX_PLAIN_GAP < number <= 100:
            meant = f"--gap {text}%" if number >= 1 else f"--gap {100 * number:g}% or --gap {text}%"
            raise UsageError(f"--gap {texts[-1]!r} lacks a percent sign", fix=f"write {meant}")
    raise UsageError(f"--gap {texts[-1]!r} is not a share from 0% to 100%", fix="write it like --gap 1%")


class SolveOptions(Struct, frozen=True, kw_only=True):
    """How to solve."""

    time_limit: Annotated[
        float,
        option("--time-limit", panel=SOLVE, metavar="SECONDS", minimum=0.1, help="Stop after this long."),
    ] = 60.0
    gap: Annotated[
        float,
        option(
            "--gap",
            panel=SOLVE,
            metavar="SHARE",
            parse=parse_gap,
            help="Stop once the plan is proven to be within this share of the best, such as 1%.",
        ),
    ] = 0.0
    exact: Annotated[
        bool,
        option("--exact", panel=SOLVE, help="Prove the plan to the last unit, even where that takes much longer."),
    ] = False
    solver: Annotated[str, option("--solver", panel=SOLVE, choices=SOLVERS, help=SOLVER_HELP)] = "cbc"

    def limits(self, report: Report) -> SolveLimits:
        """Return the limits of the solve, less what reading took; `--time-limit inf` means no limit of time."""
        from microopt.cli.time_limit import seconds_left
        from microopt.solver.result import NEGLIGIBLE_GAP, SolveLimits

        negligible, seconds = 0.0 if self.exact else NEGLIGIBLE_GAP, seconds_left(self.time_limit)
        end = None if seconds is None else perf_counter() + seconds
        return SolveLimits(seconds=seconds, gap=self.gap, negligible=negligible, report=report, end=end)

    @property
    def accepted_gap(self) -> float:
        """The relative gap of a plan that is proven as far as was asked for."""
        from microopt.solver.result import NEGLIGIBLE_GAP

        return self.gap if self.exact else max(self.gap, NEGLIGIBLE_GAP)

    def backend(self) -> Backend:
        """Return the solver.

        Raises
        ------
        BackendError
            If it is not installed.
        """
        from microopt.solver.backends.base import load_backend

        return load_backend(self.solver)

    def second_backend(self) -> Backend:
        """Return the second solver, which a cross-check uses.

        Raises
        ------
        BackendError
            If it is not installed.
        """
        from microopt.solver.backends.base import load_second_backend

        return load_second_backend(self.solver)


class OutputOptions(Struct, frozen=True, kw_only=True):
    """Where results go, and how they look."""

    format: Annotated[str, option("--format", panel=OUTPUT, choices=TABLE_OR_JSON, help="How to print the result.")] = (
        "table"
    )
    output: Annotated[
        Sequence[str],
        option("--output", "-o", panel=OUTPUT, metavar="FILE", help="Also write to a file: .json, .txt. Repeatable."),
    ] = ()
    quiet: Annotated[bool, option("--quiet", "-q", panel=OUTPUT, help="Print nothing but errors.")] = False
    verbose: Annotated[bool, option("--verbose", "-v", panel=OUTPUT, help="Show progress and full error details.")] = (
        False
    )
