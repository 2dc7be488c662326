"""No string of any file that a command reads does anything in what the command prints or writes.

`pytest -m fuzz -s tests/cli/test_every_input.py` tries the payloads in every string alone, and says how many.
"""

import csv
import io
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import date

import pytest
from msgspec.structs import fields

from microopt.campaign.inputs import CampaignInput
from tests import scale
from tests.rendering import results
from tests.support import hostile_text
from tests.support.hostile_text import PAYLOADS
from tests.support.strings_of import Key, field_of, one_of_each_field, put_string
from tests.verification.opponent import sealed

CAMPAIGN = {
    "name": "Spring",
    "currency": "USD",
    "budget": "5000",
    "goal": "balanced",
    "rules": ["niche:beauty count 1..4", "region:US spend >= 10%"],
    "niche": ["beauty"],
    "tier": ["nano,micro"],
    "platform": ["instagram"],
    "region": ["US"],
    "creators": "..5",
    "include": ["@fay"],
    "exclude": ["@dora"],
    "competitors": ["Rival"],
    "fees": {"@ben": "700 -5%"},
    "one_offer_per": "creator",
    "audience": {"size": {"beauty": 100_000}, "by": "niche"},
    "audience_country": ["US"],
    "audience_age": "18-34",
    "audience_gender": "female",
    "fit": {"niches": {"beauty": 1}, "brief": "Serum for beauty"},
    "acceptance": {"mega": "60%", "other": "90%"},
    "acceptance_from": "answers.csv",
    "calendar": {
        "waves": ["launch=2025-10-01..2025-10-31", "2025-11"],
        "budget": {"launch": "..90%"},
        "demand": {"launch": "110%"},
        "blackout": ["2025-10-05"],
        "holidays": ["US"],
    },
    "retainer": "2 posts: 5%",
    "tiers": {"nano": 1_000, "micro": 10_000, "mid": 50_000, "mega": 1_000_000},
    "per_creator": "3000",
    "usage": "5%",
    "whitelisting": "5%",
    "exclusivity": "5%",
    "agency": "5%",
    "seeding": "1",
    "contingency": "1%",
    "order_value": "30",
    "margin": "40%",
    "returns": "10%",
    "ltv": "1.5x",
    "where": ["hours <= 7"],
    "max_sponsored_share": "90%",
    "numbers": {"decimal": "."},
    "encoding": "utf-8",
    "columns": {"conflicts": "conflicts"},
    "platform_default": "instagram",
    "quotes": "high",
    "posts": "posts.csv",
    "lists": {"brands": "|"},
    "units": {"engagement_rate": "percent"},
    "exchange": {"EUR": "1.1"},
    "forecast": {"conversion": {"prior_clicks": 400}},
    "report": {"client": "Glow", "version": "2", "contact": "Anna", "accent": "#005a8e", "countries": ["US"]},
}
POSTS = (
    "creator,platform,date,format,paid,likes,comments,clicks\n@anna,instagram,2025-10-02,reel,no,300,20,\n"
    "@ben,instagram,2025-10-03,post,yes,200,10,5\n"
)
ANSWERS = "creator,state\n@anna,signed\n@ben,declined\n"
# Keys without a string in the campaign above: numbers, switches, days, and those that exclude others of it.
WITHOUT_STRINGS = {
    "worth",
    "target",
    "ideals",
    "starts",
    "ends",
    "estimate_fees",
    "shrink",
    "fit_benchmarks",
    "with_minors",
}
WITHOUT_STRINGS |= {"exclude_suspicious", "risk", "at_least_in", "scenarios", "seed", "fallbacks", "after_declines"}
ALL = ("-o", "o.txt", "-o", "o.json", "-o", "o.csv", "-o", "o.md", "-o", "o.table.svg")
REPLAN = ("replan", "plan.json", "--states", "states.csv", "--results", "results.csv")
PRINTED = ("table", "json", "csv", "markdown", "line")
# By file: the commands that read it, and of these the ones that are run for each string and payload alone.
COMMANDS = {
    "roster.csv": [
        *(("plan", "roster.csv", "-b", "5000", "--format", name) for name in PRINTED),
        ("check", "roster.csv", "-o", "clean.csv"),
        ("check", "roster.csv", "--format", "github"),
        ("plan", "roster.csv", "-b", "5000", "--details", *ALL),
        ("plan", "roster.csv", "-b", "1", "--creators", "2"),
        ("forecast", "roster.csv"),
        ("forecast", "roster.csv", "--format", "csv"),
        ("frontier", "roster.csv", "--budget", "1k,5k", "--format", "csv"),
        ("tradeoff", "roster.csv", "-b", "5000"),
        ("compare", "roster.csv", "-b", "5000"),
        ("compare", "roster.csv", "-b", "5000", "--waves", "2027-03,2027-04", "--over-time"),
        ("alternatives", "roster.csv", "-b", "5000"),
        ("explain", "roster.csv", "--all", "-b", "5000"),
        ("plan", "roster.csv", "-b", "5000", "--fallbacks", "3", *ALL),
        ("claims", "roster.csv"),
        ("plan", "roster.csv", "-b", "5000", "-o", "first.json"),
        ("replan", "first.json", "-o", "outreach.csv"),
        ("outreach", "first.json", "-o", "o.csv"),
        *(("plan-b", "first.json", "--format", name) for name in PRINTED[:4]),
        ("plan-b", "first.json", "-o", "o.csv", "-o", "o.txt"),
        ("outreach", "first.json", "--format", "csv"),
        ("replan", "first.json", "-o", "next.json", "--store", "new.db", "--log", "run.log"),
        ("history", "new.db"),
        ("history", "new.db", "--format", "csv"),
        ("history", ".", "--format", "markdown"),
        ("compare", "first.json", "next.json"),
        ("verify", "next.json"),
        ("report", "next.json", "-o", "o.html"),
        *(("simulate", "first.json", "--draws", "100", "--format", name) for name in PRINTED[:4]),
        ("simulate", "first.json", "--draws", "100", "-o", "o.html", "-o", "o.svg"),
    ],
    "campaign.toml": [
        ("plan", "roster.csv", "-c", "campaign.toml", *ALL),
        ("plan", "roster.csv", "-c", "campaign.toml", "--format", "json"),
        ("plan", "roster.csv", "-c", "campaign.toml", "--format", "markdown"),
        ("plan", "roster.csv", "-c", "campaign.toml", "--creators", "5"),
        ("check", "roster.csv", "-c", "campaign.toml", "--format", "github"),
        ("explain", "roster.csv", "@anna", "-c", "campaign.toml"),
    ],
    "plan.json": [
        ("verify", "plan.json"),
        ("verify", "plan.json", "--format", "json"),
        ("compare", "plan.json", "other.json"),
        ("compare", "plan.json", "other.json", "--format", "json"),
        ("history", "plan.json"),
        ("history", "plan.json", "--format", "csv"),
        ("history", "plan.json", "--format", "markdown"),
        ("explain", "plan.json", "@anna"),
        ("plan-b", "plan.json"),
        ("plan-b", "plan.json", "@anna", "-o", "b.json"),
        ("outreach", "plan.json", "-o", "o.csv"),
        ("simulate", "plan.json", "--draws", "100"),
        (*REPLAN, "--dry-run"),
    ],
    "states.csv": [
        (*REPLAN, "-o", "next.json", "-o", "o.md", "--log", "run.log"),
        (*REPLAN, "--dry-run"),
        ("outreach", "plan.json", "--states", "states.csv", "-o", "o.csv"),
    ],
    "results.csv": [(*REPLAN, "-o", "next.json", "-o", "o.md", "--log", "run.log"), (*REPLAN, "--dry-run")],
    "posts.csv": [
        ("plan", "roster.csv", "-b", "5000", "--posts", "posts.csv", *ALL),
        ("check", "roster.csv", "--posts", "posts.csv", "--format", "github"),
        ("forecast", "roster.csv", "--posts", "posts.csv"),
    ],
    "answers.csv": [
        ("plan", "roster.csv", "-b", "5000", "--acceptance-from", "answers.csv", *ALL),
        ("forecast", "roster.csv", "--acceptance-from", "answers.csv"),
    ],
    "store.db": [("history", "store.db"), ("history", "store.db", "--format", "csv"), ("store", "check", "store.db")],
}
IN_TURN = {
    "roster.csv": [5, 6, 7, 9],
    "campaign.toml": [0, 3],
    "plan.json": [0, 2, 6],
    "states.csv": [0],
    "results.csv": [0],
    "posts.csv": [0, 1],
    "answers.csv": [0],
    "store.db": [1],
}
SHORT = [text for name, text in PAYLOADS.items() if not name.startswith("long")]
AT_ONCE = {"all of them": " ".join(SHORT), "instruction": PAYLOADS["instruction"]}
# Strings of a campaign and of a plan that somebody else can choose freely, by field or by the last part of it.
FREE = {
    "campaign.toml": {"name", "competitors"},
    "plan.json": {
        "campaign.name",
        "roster.source.path",
        "unspent_reason",
        "tier",
        "region",
        "niche",
        "offer",
        "creator",
    }
    | {"warnings", "notes", "causes", "last_plan", "obstacle", "baseline.rule", "proven_by", "backend", "platform"},
}


def toml(value):
    """Return a value as TOML on one line, with every character that is not printable escaped."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, (int, date)):
        return str(value)
    text = value.encode("utf-8", "replace").decode().replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(mark if mark.isprintable() else f"\\U{ord(mark):08x}" for mark in text) + '"'


def table(text):
    return list(csv.reader(io.StringIO(text)))


def read_strings(name, folder):
    """Return the content of a file as values with strings."""
    if name == "campaign.toml":
        return CAMPAIGN
    if name == "store.db":
        with closing(sqlite3.connect(folder / name)) as store:
            tables = [row[0] for row in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            columns = [(each, row[1]) for each in tables for row in store.execute(f"PRAGMA table_info({each})")]
            texts = [
                (each, column)
                for each, column in columns
                if store.execute(f"SELECT 1 FROM {each} WHERE typeof(\"{column}\") = 'text' LIMIT 1").fetchone()
            ]
        return {f"{each}.{column}": "text" for each, column in texts}
    text = (folder / name).read_text(encoding="utf-8")
    return json.loads(text) if name == "plan.json" else table(text)


def write_strings(name, folder, value):
    """Write a value as a file."""
    if name == "campaign.toml":
        (folder / name).write_text("".join(f"{toml(key)} = {toml(inner)}\n" for key, inner in value.items()))
    elif name == "plan.json":
        (folder / name).write_text(json.dumps(sealed(value)))
    elif name == "store.db":
        with closing(sqlite3.connect(folder / name)) as store, store:
            for place, text in value.items():
                each, _, column = place.partition(".")
                if text != "text":
                    kept = text.encode("utf-8", "replace").decode()
                    store.execute(
                        f'UPDATE OR IGNORE {each} SET "{column}" = ? WHERE typeof("{column}") = \'text\'', [kept]
                    )
    else:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(value)
        (folder / name).write_text(out.getvalue(), encoding="utf-8", errors="replace", newline="")


def paths_of(name, value):
    """Return a path for each string: of lists each cell of the header and of the first row."""
    if name.endswith(".csv"):
        return {
            f"{'cell' if row else 'header'} {value[0][column]}": (row, column)
            for row in (0, 1)
            for column in range(len(value[0]))
        }
    found = one_of_each_field(value)
    return dict(sorted(found.items(), key=lambda item: isinstance(item[1][-1], Key)))


@pytest.fixture
def inputs(desk, run, monkeypatch):
    """Return the folder with a file of each kind."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for name, text in (
        ("roster.csv", results.ROSTER),
        ("states.csv", results.STATES),
        ("results.csv", results.RESULTS),
        ("posts.csv", POSTS),
        ("answers.csv", ANSWERS),
    ):
        (desk / name).write_text(text, encoding="utf-8")
    (desk / "simple.toml").write_text(results.CAMPAIGN, encoding="utf-8")
    write_strings("campaign.toml", desk, CAMPAIGN)
    made = run("plan", "roster.csv", "-c", "simple.toml", "-o", "plan.json", "-q")
    assert made.exit_code == 0, made.output
    assert run(*REPLAN, "-o", "other.json", "--store", "store.db", "-q").exit_code == 0
    assert run("plan", "roster.csv", "-c", "campaign.toml", "-q").exit_code == 0
    return desk


CHECKS = {
    "json": hostile_text.check_json,
    "csv": hostile_text.check_csv,
    "md": hostile_text.check_markdown,
    "markdown": hostile_text.check_markdown,
    "line": hostile_text.check_line,
    "svg": hostile_text.check_svg,
    "log": hostile_text.check_log,
    "html": lambda page: hostile_text.check_html(page, None),
    "txt": hostile_text.check_terminal,
    "table": hostile_text.check_terminal,
    "github": hostile_text.check_annotations,
}


def check_run(run, folder, command):
    """Run a command, check all that it prints and writes, and return the number of outputs."""
    before = {path.name for path in folder.iterdir()}
    done = run(*command)
    assert done.exit_code != 1, done.output
    format = command[command.index("--format") + 1] if "--format" in command else "table"
    hostile_text.check_terminal(done.stderr)
    if done.stdout:
        CHECKS[format](done.stdout)
    for line in [*done.stderr.split("\n"), *(done.stdout.split("\n") if format != "github" else ())]:
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
    written = [path for path in folder.iterdir() if path.name not in before and path.suffix[1:] in CHECKS]
    for path in written:
        text = path.read_text(encoding="utf-8-sig")
        CHECKS["txt" if path.suffix == ".txt" else path.suffix[1:]](text)
        if path.stem == "o":
            path.unlink()
    shutil.rmtree(folder / "history", ignore_errors=True)
    return 2 + len(written)


@pytest.mark.parametrize("text", AT_ONCE.values(), ids=AT_ONCE)
@pytest.mark.parametrize("name", [name for name in COMMANDS if name.endswith(".csv")])
def test_a_list_whose_cells_are_hostile_is_harmless_in_every_output(inputs, run, name, text):
    rows = read_strings(name, inputs)
    for column, header in enumerate(rows[0]):
        if header in ("creator", "offer", "platform", "niche", "region", "brands", "conflicts", "hours"):
            for number, row in enumerate(rows[1:]):
                row[column] = f"{text}{number}" if header == "creator" and name == "roster.csv" else text
    rows = [[*row, text if number else f"x {text}"] for number, row in enumerate(rows)]
    write_strings(name, inputs, [[cell.replace("\0", "") for cell in row] for row in rows])
    for command in COMMANDS[name]:
        check_run(run, inputs, command)
    assert name != "roster.csv" or (inputs / "next.json").is_file()


@pytest.mark.parametrize("text", AT_ONCE.values(), ids=AT_ONCE)
@pytest.mark.parametrize("name", ["campaign.toml", "plan.json", "store.db"])
def test_a_file_of_hostile_names_is_harmless_in_every_output(inputs, run, name, text):
    """Strings that are refused would hide the others: these are some that somebody else can choose freely."""
    value = read_strings(name, inputs)
    for field, path in paths_of(name, value).items():
        if {field, field.rpartition(".")[2]} & FREE.get(name, set()):
            value = put_string(value, path, text)
    value = dict.fromkeys(value, text) if name == "store.db" else value
    write_strings(name, inputs, value)
    for command in COMMANDS[name]:
        check_run(run, inputs, command)


@pytest.mark.fuzz
@pytest.mark.parametrize("name", COMMANDS)
def test_each_payload_in_each_string_of_a_file_is_harmless_in_each_output(inputs, run, name):
    value = read_strings(name, inputs)
    kept, paths, step, tried = (inputs / name).read_bytes(), paths_of(name, value), max(1, round(4 / scale.scale())), 0
    for number, path in enumerate(paths.values()):
        for text in list(PAYLOADS.values())[number % step :: step]:
            write_strings(name, inputs, put_string(value, path, text))
            tried += sum(check_run(run, inputs, COMMANDS[name][place]) for place in IN_TURN[name])
            (inputs / name).write_bytes(kept)
    assert tried > len(paths)
    payloads = f"{len(PAYLOADS) // step} of {len(PAYLOADS)} payloads in each"
    print(f"\n{name}: {len(paths)} strings, {payloads}: {tried:,} outputs tried")


def test_the_campaign_that_is_tried_has_every_key_that_takes_a_string():
    assert {each.name for each in fields(CampaignInput)} == {*CAMPAIGN} | WITHOUT_STRINGS
    assert all(field_of(path) for path in paths_of("campaign.toml", CAMPAIGN).values())
