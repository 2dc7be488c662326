"""The options that commands share, each said once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

CAMPAIGN, ROSTER, SOLVE, OUTPUT, NEXT = "Campaign", "Roster", "Solving", "Output", "Alternatives"


class Format(StrEnum):
    """How a plan is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    LINE = "line"


class ForecastFormat(StrEnum):
    """How a forecast is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class ClaimsFormat(StrEnum):
    """How claims are printed."""

    TABLE = "table"
    JSON = "json"


class CompareFormat(StrEnum):
    """How a comparison is printed."""

    TABLE = "table"
    JSON = "json"


class TradeoffFormat(StrEnum):
    """How a trade-off is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class HistoryFormat(StrEnum):
    """How a history is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"


class VerifyFormat(StrEnum):
    """How what a check of a plan found is printed."""

    TABLE = "table"
    JSON = "json"


class Schema(StrEnum):
    """The objects and files that have a JSON Schema."""

    PLAN = "plan"
    DIAGNOSIS = "diagnosis"
    ERROR = "error"
    VERIFICATION = "verification"
    CAMPAIGN = "campaign"


class CheckFormat(StrEnum):
    """How a check is printed."""

    TABLE = "table"
    JSON = "json"
    GITHUB = "github"


class Solver(StrEnum):
    """The solvers there are."""

    CBC = "cbc"
    HIGHS = "highs"


def _option(*names: str, panel: str, text: str, metavar: str | None = None) -> Any:
    return typer.Option(*names, help=text, rich_help_panel=panel, metavar=metavar)


RosterPath = Annotated[
    str, typer.Argument(metavar="ROSTER", help="CSV, TSV (.gz too), XLSX or Parquet; - is standard input.")
]
RosterOrPlan = Annotated[
    str, typer.Argument(metavar="ROSTER", help="As plan's: CSV, TSV, XLSX, Parquet or -. With OTHER, a plan as JSON.")
]
OtherPlan = Annotated[
    str | None, typer.Argument(metavar="OTHER", help="Another plan as JSON, to compare the first plan with.")
]
PlanPath = Annotated[str, typer.Argument(metavar="PLAN", help="A plan as JSON; - is standard input.")]
PlanOrRoster = Annotated[
    str, typer.Argument(metavar="PLAN", help="A plan (.json; - is standard input), or a roster with plan's options.")
]
Plans = Annotated[
    str,
    typer.Argument(metavar="PLANS", help="A folder of plans, a plan (its folder then), or the file of --store."),
]
Last = Annotated[
    int | None, typer.Option("--last", min=1, rich_help_panel=OUTPUT, metavar="N", help="Show only the last N plans.")
]
HistoryFormatName = Annotated[
    HistoryFormat, typer.Option("--format", rich_help_panel=OUTPUT, help="How the history is printed.")
]
CreatorNames = Annotated[list[str] | None, typer.Argument(metavar="CREATOR", help="Who is asked about, by name.")]
AllPicks = Annotated[bool, _option("--all", panel=OUTPUT, text="Explain every creator of the plan.")]
RosterOfPlan = Annotated[
    str | None,
    _option(
        "--roster",
        panel=ROSTER,
        metavar="ROSTER",
        text="Its roster; by default the path in the plan, from the plan's folder, else from the current one.",
    ),
]
CampaignOfPlan = Annotated[
    str | None,
    _option("--campaign", "-c", panel=CAMPAIGN, metavar="FILE", text="The campaign file it was made with, to compare."),
]
CampaignPath = Annotated[
    str | None, _option("--campaign", "-c", panel=CAMPAIGN, metavar="FILE", text="A campaign file (TOML).")
]
Budget = Annotated[
    str | None,
    _option("--budget", "-b", panel=CAMPAIGN, metavar="MONEY", text="What may be spent: 20000, 20k, 5M, '$20,000'."),
]
BudgetRange = Annotated[
    str | None,
    _option("--budget", "-b", panel=CAMPAIGN, metavar="RANGE", text="The lowest and the highest budget: 5k..50k."),
]
Steps = Annotated[
    int, typer.Option("--steps", rich_help_panel=CAMPAIGN, metavar="N", help="How many budgets, both ends included.")
]
GoalName = Annotated[
    str | None,
    _option(
        "--goal",
        panel=CAMPAIGN,
        metavar="GOAL",
        text="balanced (the default), engagement, conversions, reach, net-reach, or value:COLUMN.",
    ),
]
Target = Annotated[
    list[str] | None,
    _option(
        "--target",
        panel=CAMPAIGN,
        metavar="METRIC=N",
        text="Spend the least that brings this much: engagements=50k. Repeatable; needs no budget.",
    ),
]
Ideals = Annotated[
    str | None,
    _option("--ideals", panel=CAMPAIGN, metavar="PLAN.json", text="Measure balanced by the ideals of this plan."),
]
OneOfferPer = Annotated[
    str | None,
    _option(
        "--one-offer-per",
        panel=CAMPAIGN,
        metavar="WHAT",
        text="At most one offer of each creator (the default); of each creator,platform; or offer: no limit.",
    ),
]
Competitors = Annotated[
    list[str] | None,
    _option(
        "--competitor",
        panel=CAMPAIGN,
        metavar="BRAND",
        text="Leave out who works for this brand (column brands). Repeatable.",
    ),
]
AudiencePools = Annotated[
    list[str] | None,
    _option(
        "--audience",
        panel=CAMPAIGN,
        metavar="COLUMN:VALUE=PEOPLE",
        text="A pool of people for net reach: niche:beauty=2M. Repeatable.",
    ),
]
Worth = Annotated[
    list[str] | None,
    _option(
        "--worth", panel=CAMPAIGN, metavar="METRIC=MONEY", text="What one of a metric is worth, e.g. conversions=30."
    ),
]
Rules = Annotated[
    list[str] | None,
    _option("--rule", "-r", panel=CAMPAIGN, metavar="RULE", text="A rule, e.g. 'niche:beauty count 2..5'. Repeatable."),
]
Niche = Annotated[
    list[str] | None,
    _option("--niche", panel=CAMPAIGN, metavar="NICHE=RANGE", text="beauty=2..5 creators, beauty=..40% of the spend."),
]
Tier = Annotated[
    list[str] | None, _option("--tier", panel=CAMPAIGN, metavar="TIER=RANGE", text="mega=..1, mega=..40%, micro=10..")
]
Platform = Annotated[
    list[str] | None,
    _option(
        "--platform", panel=CAMPAIGN, metavar="NAME[=RANGE]", text="tiktok=30%.. as a rule; instagram as a filter."
    ),
]
Region = Annotated[
    list[str] | None,
    _option("--region", panel=CAMPAIGN, metavar="NAME[=RANGE]", text="US=5.. as a rule; US as a filter."),
]
Creators = Annotated[
    str | None, _option("--creators", panel=CAMPAIGN, metavar="RANGE", text="How many creators: 5..20, ..15, 10.")
]
Include = Annotated[
    list[str] | None,
    _option("--include", "-i", panel=CAMPAIGN, metavar="CREATOR", text="A creator who must be in. Repeatable."),
]
Exclude = Annotated[
    list[str] | None,
    _option("--exclude", "-x", panel=CAMPAIGN, metavar="CREATOR", text="A creator who must not be in. Repeatable."),
]
Tiers = Annotated[
    str | None, _option("--tiers", panel=CAMPAIGN, metavar="PRESET", text="default, or wide-micro (micro is 1k-100k).")
]
PerCreator = Annotated[
    str | None,
    _option("--per-creator", panel=CAMPAIGN, metavar="MONEY", text="Cost of handling each creator, on top of the fee."),
]
OrderValue = Annotated[
    str | None, _option("--order-value", panel=CAMPAIGN, metavar="MONEY", text="Revenue of one conversion.")
]
Where = Annotated[
    list[str] | None,
    _option(
        "--where",
        "-w",
        panel=ROSTER,
        metavar="FILTER",
        text="Which offers may enter: 'followers 5k..500k', language:en. Repeatable.",
    ),
]
Sheet = Annotated[
    str | None, _option("--sheet", panel=ROSTER, metavar="NAME", text="Sheet of a workbook, by name or number.")
]
MaxUnpacked = Annotated[
    str,
    _option("--max-unpacked", panel=ROSTER, metavar="SIZE", text="Most that a gzip or workbook may unpack to (4G)."),
]
EstimateFees = Annotated[
    bool, _option("--estimate-fees", panel=ROSTER, text="Estimate missing fees from followers and public CPMs.")
]
NoShrink = Annotated[
    bool, _option("--no-shrink", panel=ROSTER, text="Take the roster's engagement rates as they are, luck included.")
]
FitBenchmarks = Annotated[
    bool,
    _option("--fit-benchmarks", panel=ROSTER, text="Refit the usual engagement rates on this roster (30 creators)."),
]
MaxSponsoredShare = Annotated[
    str | None,
    _option("--max-sponsored-share", panel=ROSTER, metavar="SHARE", text="Leave out whoever has more paid posts: 40%."),
]
WithMinors = Annotated[
    bool, _option("--with-minors", panel=ROSTER, text="Let creators in who feature minors (features_minor).")
]
SkipBadRows = Annotated[
    bool, _option("--skip-bad-rows", panel=ROSTER, text="Leave out rows with faults, and say how many.")
]
TimeLimit = Annotated[
    float, typer.Option("--time-limit", min=0.1, rich_help_panel=SOLVE, metavar="SECONDS", help="Stop after this long.")
]
Gap = Annotated[
    float,
    typer.Option("--gap", min=0.0, max=1.0, rich_help_panel=SOLVE, metavar="FRACTION", help="Good enough: 0.01 is 1%."),
]
Repair = Annotated[
    bool,
    typer.Option(
        "--repair", rich_help_panel=SOLVE, help="Where no plan keeps everything, change the least and plan with that."
    ),
]
PriceRules = Annotated[
    bool, _option("--price-rules", panel=SOLVE, text="Tell what each rule costs: the best plan without it.")
]
SolverName = Annotated[Solver, typer.Option("--solver", rich_help_panel=SOLVE, help="Which solver proves the plan.")]
CrossCheck = Annotated[
    bool, _option("--cross-check", panel=SOLVE, text="Ask the other solver too, for as long: both must agree.")
]
Expect = Annotated[
    list[str] | None,
    _option(
        "--expect",
        panel=OUTPUT,
        metavar="'MEASURE RANGE'",
        text="Exit with 8 if the plan is not so: 'conversions >= 300', 'spend >= 95%', 'cpa <= 60'. Repeatable.",
    ),
]
PlanFormat = Annotated[Format, typer.Option("--format", rich_help_panel=OUTPUT, help="How the plan is printed.")]
VerifyFormatName = Annotated[
    VerifyFormat, typer.Option("--format", rich_help_panel=OUTPUT, help="How what was found is printed.")
]
SchemaName = Annotated[
    Schema | None,
    typer.Option(
        "--schema",
        metavar="NAME",
        help="Write nothing; print the JSON Schema of plan, diagnosis, error, verification or campaign (the file).",
    ),
]
CheckFormatName = Annotated[
    CheckFormat, typer.Option("--format", rich_help_panel=OUTPUT, help="How the check is printed.")
]
ForecastFormatName = Annotated[
    ForecastFormat, typer.Option("--format", rich_help_panel=OUTPUT, help="How the forecast is printed.")
]
TableDataFormat = Annotated[ForecastFormat, typer.Option("--format", rich_help_panel=OUTPUT, help="How it is printed.")]
ClaimsFormatName = Annotated[
    ClaimsFormat, typer.Option("--format", rich_help_panel=OUTPUT, help="How the claims are printed.")
]
CompareFormatName = Annotated[
    CompareFormat, typer.Option("--format", rich_help_panel=OUTPUT, help="How the comparison is printed.")
]
Count = Annotated[
    int, _option("--count", "-n", panel=NEXT, metavar="N", text="How many plans beside the best, 1 to 50.")
]
Differ = Annotated[
    int,
    _option("--differ", panel=NEXT, metavar="N", text="How many creators of each plan before it the next leaves out."),
]
AlternativesFormatName = Annotated[
    CompareFormat, typer.Option("--format", rich_help_panel=OUTPUT, help="How the plans are printed.")
]
TradeoffOf = Annotated[
    str,
    _option(
        "--of",
        panel=CAMPAIGN,
        metavar="METRIC,METRIC",
        text="The two: reach, impressions, engagements, clicks or conversions.",
    ),
]
TradeoffSteps = Annotated[
    int, _option("--steps", panel=CAMPAIGN, metavar="N", text="How many plans to look for, both ends included: 2..100.")
]
TradeoffFormatName = Annotated[
    TradeoffFormat, typer.Option("--format", rich_help_panel=OUTPUT, help="How the trade-off is printed.")
]
TradeoffOutputs = Annotated[
    list[str] | None,
    _option("--output", "-o", panel=OUTPUT, metavar="FILE", text="Write it too: .json, .csv, .txt. Repeatable."),
]
Hidden = Annotated[str | None, typer.Option(hidden=True)]  # refused, with a reason that tells what to do instead
HiddenList = Annotated[list[str] | None, typer.Option(hidden=True)]  # the same
CompareOutputs = Annotated[
    list[str] | None,
    _option("--output", "-o", panel=OUTPUT, metavar="FILE", text="Write it too: .json, .txt. Repeatable."),
]
ForecastOutputs = Annotated[
    list[str] | None,
    _option("--output", "-o", panel=OUTPUT, metavar="FILE", text="Write it too: .json, .csv, .txt. Repeatable."),
]
HistoryOutputs = Annotated[
    list[str] | None,
    _option("--output", "-o", panel=OUTPUT, metavar="FILE", text="Write it too: .json, .csv, .md, .txt. Repeatable."),
]
FrontierOutputs = Annotated[
    list[str] | None,
    _option("--output", "-o", panel=OUTPUT, metavar="FILE", text="Write it too: .json, .csv, .txt, .xlsx. Repeatable."),
]
Outputs = Annotated[
    list[str] | None,
    _option(
        "--output",
        "-o",
        panel=OUTPUT,
        metavar="FILE",
        text="Write the plan too: .json, .csv, .md, .txt, a page .html, a workbook .xlsx, pictures .png, .svg, "
        ".table.svg. Repeatable.",
    ),
]
ReportOutputs = Annotated[
    list[str] | None,
    _option(
        "--output",
        "-o",
        panel=OUTPUT,
        metavar="FILE",
        text="A page .html, the default, or a workbook .xlsx. Repeatable.",
    ),
]
ReportSteps = Annotated[
    int,
    _option("--steps", panel=SOLVE, metavar="N", text="How many budgets it shows, from half the plan's to its double."),
]
Quiet = Annotated[bool, _option("--quiet", "-q", panel=OUTPUT, text="Print nothing but errors.")]
Verbose = Annotated[bool, _option("--verbose", "-v", panel=OUTPUT, text="Tell what is being done; show tracebacks.")]
