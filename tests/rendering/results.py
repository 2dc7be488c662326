"""A result of each kind, as commands write it, and each way in which it is shown."""

import json
from contextlib import chdir
from pathlib import Path

from msgspec.structs import replace
from typer.testing import CliRunner

from microopt import rendering
from microopt.errors import ErrorReport, Fault, RosterError
from microopt.plan.codec import CODEC
from microopt.planning.portfolio.clash import PortfolioDiagnosis
from microopt.rendering import OUTPUT_FORMATS
from microopt.rendering.data.json import object_json
from microopt.rendering.github_annotations import error_annotations, summary_annotations
from microopt.rendering.notebook import plan_notebook
from microopt.rendering.schemas import OBJECTS
from microopt.rendering.terminal.alternatives import alternatives_table
from microopt.rendering.terminal.batch import batch_line, batch_table
from microopt.rendering.terminal.claims import claims_text
from microopt.rendering.terminal.diagnosis_and_errors import diagnosis_text, error_text, summary_text
from microopt.rendering.terminal.explain import explanation_table
from microopt.rendering.terminal.forecast import forecast_table
from microopt.rendering.terminal.frontier import frontier_table
from microopt.rendering.terminal.history import history_table
from microopt.rendering.terminal.licenses import licenses_table
from microopt.rendering.terminal.outreach import outreach_table
from microopt.rendering.terminal.over_time import over_time_table
from microopt.rendering.terminal.plan import plan_table
from microopt.rendering.terminal.plan_b import plan_b_table
from microopt.rendering.terminal.plan_diff import plan_diff_table
from microopt.rendering.terminal.portfolio import portfolio_table
from microopt.rendering.terminal.risk_front import risk_front_table
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.terminal.simulation import simulation_table
from microopt.rendering.terminal.store_check import store_check_text
from microopt.rendering.terminal.tiers import tiers_table
from microopt.rendering.terminal.tradeoff import tradeoff_table
from microopt.rendering.terminal.verification import verification_text
from tests.rendering import builders
from tests.rendering.builders import diagnosis
from tests.rendering.portfolios import compared, portfolio_report, without_plan
from tests.rendering.waves import in_waves, timing_comparison
from tests.support.hostile_text import (
    assert_plain,
    check_annotations,
    check_html,
    check_json,
    check_line,
    check_log,
    check_markdown,
    check_printed_csv,
    check_svg,
    check_terminal,
    check_xlsx,
)

ROSTER = """\
creator,platform,offer,niche,region,followers,fee,engagement_rate,brands,conflicts,hours
@anna,instagram,reel,beauty,US,18300,400,5%,Acme,,3
@ben,tiktok,video,fitness,US,45000,900,4%,Acme|Bolt,@cleo,5
@cleo,youtube,video,beauty|tech,GB,250000,2500,3%,,,8
@dora,instagram,reel,home decor,DE,1500000,9000,2%,Rival,,4
@eve,instagram,story,beauty,US,5200,120,96%,,,1
@fay,instagram,story,beauty,US,7000,130,5%,,,1
"""
CAMPAIGN = """\
name = "Spring"
budget = 5000
order_value = 30
fallbacks = 3
rules = ["niche:beauty count 1..4", "region:US spend >= 10%"]
include = ["@fay"]
exclude = ["@dora"]
competitors = ["Rival"]
where = ["hours <= 7"]
[audience.size]
beauty = 100000
"""
STATES = "creator,state,paid\n@anna,live,\n@ben,declined,100\n"
RESULTS = "date,creator,posts,views,engagements,clicks,conversions\n2026-11-02,@anna,1,9000,700,40,2\n"
C = ("-c", "campaign.toml")
# By kind of object: the command that writes it.
COMMANDS = {
    "plan": (
        *("replan", "plan.json", "--states", "states.csv", "--results", "results.csv"),
        *("-o", "next.json", "--log", "run.log", "--store", "store.db"),
    ),
    "diagnosis": ("plan", "roster.csv", *C, "--creators", "5"),
    "forecast": ("forecast", "roster.csv"),
    "frontier": ("frontier", "roster.csv", "--budget", "1k,2k,5k"),
    "plan_comparison": ("compare", "plan.json", "next.json"),
    "explain": ("explain", "roster.csv", "--all", *C),
    "history": ("history", "."),
    "outreach": ("outreach", "next.json", "--states", "states.csv"),
    "batch": ("batch", ".", "--dry-run"),
    "simulation": ("simulate", "next.json", "--draws", "100", "--expect", "spend <= 90%", "--target", "clicks=5"),
    "verification": ("verify", "next.json"),
    "store_check": ("store", "check", "store.db"),
    "check": ("check", "roster.csv"),
    "claims": ("claims", "roster.csv"),
    "licenses": ("licenses",),
}


def make_results(folder):
    """Return an object of each kind, made by commands in a folder or by builders."""
    from microopt.cli.app import app

    def run(*args):
        done = CliRunner().invoke(app, [*args], prog_name="microopt")
        assert done.exit_code in (0, 4, 7), done.output
        return done.stdout

    with chdir(folder):
        for name, text in (("roster.csv", ROSTER), ("campaign.toml", CAMPAIGN), ("states.csv", STATES)):
            Path(name).write_text(text, encoding="utf-8")
        Path("results.csv").write_text(RESULTS, encoding="utf-8")
        run("plan", "roster.csv", *C, "-o", "plan.json", "-q")
        objects = {kind: json.loads(run(*command, "--format", "json")) for kind, command in COMMANDS.items()}
        objects["run"] = json.loads(Path("run.log").read_text(encoding="utf-8"))
    results = {kind: CODEC.decode(value, OBJECTS[kind]) for kind, value in objects.items()}
    results |= {"tradeoff": builders.front(), "risk_front": builders.risk_front()}
    results |= {"compare": builders.comparison(), "alternatives": builders.alternatives()}
    results["plan_b"] = builders.plan_b(
        asked=("@old",),
        freely=builders.decline_case("@old", keeps_rest=False),
        after=results["plan"],
        paired=("@old", "@star"),
    )
    results["over_time"] = timing_comparison()
    together = compared(notes=("a note",), warnings=("a warning",))
    results["portfolio"] = replace(together, campaigns=(*together.campaigns, without_plan()))
    results["portfolio_diagnosis"] = PortfolioDiagnosis(clash=("glow: all count >= 5",), diagnoses={"dew": diagnosis()})
    results["portfolio_report"] = portfolio_report(compared())
    results["plan in waves"] = in_waves(3)
    results["report"] = builders.report(results["plan"])
    results["check"] = replace(results["check"], suspicions=(builders.suspicion("@a"),), warnings=("a warning",))
    faults = (builders.fault(2), Fault(code="c", message="m", fix="f"))
    results["error"] = ErrorReport(code="c", message="two problems", fix="f", faults=faults)
    return results


def _raised(report):
    return RosterError(report.message, fix=report.fix, code=report.code, faults=report.faults)


def _tables(render, **options):
    """Return the table of a result on a narrow and a wide screen, and with colors."""
    screens = {"table": Screen(width=120), "narrow table": Screen(width=60), "colored table": Screen(color=True)}
    return {
        name: (lambda result, screen=screen: render(result, screen, **options), check_terminal)
        for name, screen in screens.items()
    }


JSON = {"json": (object_json, check_json)}
CHECKS = {"csv": check_printed_csv, "markdown": check_markdown, "line": check_line}
CHECKS |= {"html": check_html, "xlsx": check_xlsx, "svg": check_svg, "table.svg": check_svg}
COMPARED = (check_html, check_xlsx)  # with the output of harmless texts
HEAVY = ("html", "xlsx", "svg", "table.svg")  # formats that take longer than ten milliseconds


def _outputs(kind, table):
    """Return how a kind of result is shown: by name of the output the function and the check."""
    formats = {format.name: format.renderers for format in OUTPUT_FORMATS}
    find = rendering._renderers(kind)
    found = {name: (find(name), CHECKS[name]) for name in CHECKS if kind in formats[name]}
    return (_tables(table) if table else {}) | (JSON if kind in formats["json"] else {}) | found


# By kind of result and name of the output: the function that makes it, and the check of what it makes.
OUTPUTS = {
    "plan": {
        **_outputs("plan", plan_table),
        "details": (lambda plan: plan_table(plan, Screen(), details=True), check_terminal),
        "notebook": (plan_notebook, check_html),
    },
    "report": _outputs("report", None),
    "plan in waves": {
        **_outputs("plan", plan_table),
        "wide table": (lambda plan: plan_table(plan, Screen(width=160)), check_terminal),
        "notebook": (plan_notebook, check_html),
    },
    "forecast": _outputs("forecast", forecast_table),
    "frontier": _outputs("frontier", frontier_table),
    "tradeoff": _outputs("tradeoff", tradeoff_table),
    "risk_front": _outputs("risk_front", risk_front_table),
    "compare": _outputs("tiers", tiers_table),
    "over_time": _outputs("over_time", over_time_table),
    "plan_comparison": _outputs("plan_diff", plan_diff_table),
    "alternatives": _outputs("alternatives", alternatives_table),
    "explain": _outputs("explanation", explanation_table),
    "history": _outputs("history", history_table),
    "plan_b": _outputs("plan_b", plan_b_table),
    "outreach": _outputs("outreach", outreach_table),
    "batch": {**_outputs("batch", batch_table), "line": (batch_line, assert_plain)},
    "simulation": _outputs("simulation", simulation_table),
    "portfolio": _outputs("portfolio", portfolio_table),
    "portfolio_report": _outputs("portfolio_report", None),
    "diagnosis": _tables(diagnosis_text) | JSON,
    "portfolio_diagnosis": JSON,
    "check": _tables(summary_text) | JSON | {"annotations": (summary_annotations, check_annotations)},
    "claims": _tables(claims_text) | JSON,
    "verification": _tables(verification_text) | JSON,
    "store_check": _tables(store_check_text) | JSON,
    "licenses": _tables(licenses_table) | JSON,
    "run": {"log": (lambda entry: json.dumps(CODEC.encode(entry)) + "\n", check_log)},
    "error": {
        **_tables(lambda report, screen: error_text(_raised(report), screen, all_faults=True)),
        "json": (lambda report: object_json(_raised(report)), check_json),
        "annotations": (lambda report: error_annotations(_raised(report), report.message), check_annotations),
    },
}
