"""The pages say what the program does: their examples are read, their lists are compared with the source."""

import ast
import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from msgspec.structs import replace

from microopt import campaign_from_input, parse_rule, parse_where, read_campaign_file, read_roster
from microopt.campaign.calendar_input import CalendarInput
from microopt.campaign.campaign import Campaign, RangeRule
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.target_audience import TargetAudience
from microopt.errors import MicrooptError
from microopt.planning.build_problem import build_problem
from microopt.readers.contract_states import read_states
from microopt.readers.results import read_results
from microopt.roster.contract_status import STATUS_WORDS

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "microopt"
DOCS = ROOT / "docs"
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted(DOCS.rglob("*.md")),
    *sorted(ROOT.glob("*/README.md")),
]


def text_of(*path):
    return ROOT.joinpath(*path).read_text(encoding="utf-8")


def blocks(text, tag):
    return re.findall(rf"^```{tag}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def lines(tag):
    """Return the lines of the blocks of one tag in docs/rules.md, comments left out."""
    result = "".join(blocks(text_of("docs", "rules.md"), tag)).splitlines()
    return [line for line in result if line and not line.startswith("#")]


IN_WAVES = CampaignInput(budget=10**5, calendar=CalendarInput(waves=["2027-03..2027-05"]))


@pytest.fixture(scope="module")
def season():
    return read_roster(str(ROOT / "examples" / "season.csv"))


@pytest.mark.parametrize("line", lines("rules"))
def test_every_rule_of_the_page_is_read_and_fits_the_example(line, season):
    rule = parse_rule(line)
    assert rule.label == line
    build_problem(season, Campaign(budget=10**7, rules=(rule,), order_value=4_500, margin=Fraction(2, 5)))


@pytest.mark.parametrize("line", lines("wave-rules"))
def test_every_rule_in_time_of_the_page_is_read_and_fits_the_example(line, season):
    rule = parse_rule(line)
    assert rule.label == line
    build_problem(season, campaign_from_input(replace(IN_WAVES, rules=[line])))


@pytest.mark.parametrize("line", lines("where"))
def test_every_filter_of_the_page_is_read_and_fits_the_example(line, season):
    case, _ = build_problem(season, Campaign(budget=10**7, where=(parse_where(line),)))
    assert 0 < len(case) < len(season) or line == "credibility >= 0.7"


@pytest.mark.parametrize("line", lines("not-rules"))
def test_every_wrong_rule_of_the_page_is_refused(line):
    with pytest.raises(MicrooptError) as refused:
        parse_rule(line)
    assert refused.value.fix


def test_the_measures_of_the_page_are_the_measures_there_are(season):
    table = text_of("docs", "rules.md").partition("| Measure |")[2].partition("**Range.**")[0]
    for name in re.findall(r"`(\w+)`", table):
        rule = parse_rule(f"all {name} >= 1")
        assert isinstance(rule, RangeRule)
        known = {"order_value": 4_500, "margin": Fraction(2, 5), "target_audience": TargetAudience(countries=("US",))}
        if name == "repeats":  # which need waves
            known["calendar"] = campaign_from_input(IN_WAVES).calendar
        build_problem(season, Campaign(budget=10**7, rules=(rule,), **known))


@pytest.mark.parametrize("text", [text for page in PAGES for text in blocks(page.read_text("utf-8"), "toml")])
def test_every_campaign_file_of_the_pages_is_read(text, tmp_path):
    path = tmp_path / "campaign.toml"
    path.write_text(text, encoding="utf-8")
    campaign_files = {
        "schema": "microopt.plan/1",
        "ideals": [{"metric": metric, "total": 1, "bound": 1} for metric in ("engagements", "conversions")],
    }
    (tmp_path / "last.json").write_text(json.dumps(campaign_files), encoding="utf-8")
    (tmp_path / "states.csv").write_text("creator,state\n@anna,signed\n", encoding="utf-8")
    settings, _ = read_campaign_file(str(path))
    campaign = campaign_from_input(settings, budget_needed=False)
    stated = (campaign.rules, settings.columns, settings.worth, settings.target, campaign.audience, settings.report)
    stated += (settings.forecast, campaign.calendar)
    assert any(
        (*stated, campaign.fit, campaign.target_audience, campaign.worst_share, campaign.declines, campaign.calendar)
    )


@pytest.mark.parametrize("script", ["make_defaults", "make_cli", "make_messages", "make_example"])
def test_pages_written_by_a_script_are_fresh(script):
    done = subprocess.run(
        [sys.executable, DOCS / f"{script}.py", "--check"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("result", sorted(ROOT.glob("benchmarks/results/*.md")), ids=lambda path: path.stem)
def test_the_benchmarks_page_shows_the_results(result):
    readme = text_of("benchmarks", "README.md")
    block = re.search(rf"<!-- result:{result.stem} -->\n(.*?)<!-- end:{result.stem} -->", readme, re.DOTALL)
    assert block
    assert block[1] == result.read_text(encoding="utf-8")


def test_every_benchmark_has_its_result():
    named = re.findall(r"<!-- result:(\w+) -->", text_of("benchmarks", "README.md"))
    assert named == [
        "startup",
        "bombs",
        "reading",
        "habits",
        "calibration",
        "posts",
        "luck",
        "nightly",
        "declines",
        "forecasting",
        "exactness",
        "knapsacks",
        "netreach",
        "verifying",
        "diagnosing",
        "studying",
        "replanning",
        "reporting",
        "risk",
        "calendar",
        "portfolio",
        "limits",
        "straight",
        "scale",
        "million",
    ]
    assert {path.stem for path in ROOT.glob("benchmarks/results/*.md")} == set(named)


def trees():
    return [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")]


def places_of_code():
    """Return, for each function with a parameter `code`, how many arguments stand before it in a call."""
    places = {}
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [argument.arg for argument in node.args.args if argument.arg not in ("self", "cls")]
                if "code" in names:
                    places[node.name] = names.index("code")
    return places


def written(node, places):
    """Yield the expressions that a node gives as a fault's code."""
    if isinstance(node, ast.Call):
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "code")
        place = places.get(getattr(node.func, "id", getattr(node.func, "attr", "")))
        if place is not None and len(node.args) > place:
            yield node.args[place]
    elif isinstance(node, ast.Assign) and any(getattr(to, "id", "") in ("code", "default_code") for to in node.targets):
        yield node.value
    elif isinstance(node, ast.Assign):
        yield from unpacked(node.targets[0], node.value)


def unpacked(target, value):
    """Yield the expressions that an assignment to several names, such as `message, code = ...`, gives to `code`."""
    if getattr(target, "id", "") == "code":
        yield value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for to, given in zip(target.elts, value.elts, strict=True):
            yield from unpacked(to, given)


def looped(tree):
    """Yield the expressions that the loops `for ... code ... in TABLE.items()` of a module take from its tables."""
    tables = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Dict)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.For) and isinstance(node.iter, ast.Call) and isinstance(node.iter.func, ast.Attribute):
            table = tables.get(getattr(node.iter.func.value, "id", ""))
            if table is not None and node.iter.func.attr == "items":
                for pair in zip(table.keys, table.values, strict=True):
                    yield from unpacked(node.target, ast.Tuple(elts=list(pair)))


def codes_of(expression):
    """Return the codes that an expression can be, as patterns; one that is only passed on has none."""
    if isinstance(expression, ast.Constant) and isinstance(expression.value, str) and expression.value:
        return {re.escape(expression.value)}
    if isinstance(expression, ast.JoinedStr):
        return {"".join("[a-z]+" if isinstance(part, ast.FormattedValue) else part.value for part in expression.values)}
    if isinstance(expression, ast.IfExp):
        return codes_of(expression.body) | codes_of(expression.orelse)
    return set()


def codes_in_source():
    places = places_of_code()
    modules = trees()
    given = [expression for tree in modules for node in ast.walk(tree) for expression in written(node, places)]
    given += [expression for tree in modules for expression in looped(tree)]
    return {code for expression in given for code in codes_of(expression)}


def codes_on_page():
    return re.findall(r"^\| `([a-z-]+)` \|", text_of("docs", "faults.md"), re.MULTILINE)


def test_the_page_of_faults_lists_each_code_once():
    listed = codes_on_page()
    assert sorted(set(listed)) == sorted(listed)


def test_the_page_of_faults_lists_the_codes_of_the_source():
    listed, patterns = codes_on_page(), codes_in_source()
    assert [code for code in patterns if not any(re.fullmatch(code, name) for name in listed)] == []
    assert [name for name in listed if not any(re.fullmatch(code, name) for code in patterns)] == []


@pytest.mark.parametrize("read", [parse_rule, parse_where])
@pytest.mark.parametrize("text", ["", "niche", "niche:", "all count", "followers 5..2", "all spend 2..1", "a:b c d e"])
def test_codes_met_in_practice_are_listed(read, text):
    with pytest.raises(MicrooptError) as refused:
        read(text)
    assert refused.value.code in codes_on_page()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\((?!\w+:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_checklists_name_files_that_are_there():
    named = re.findall(r"`((?:src|tests|docs|examples)/[\w./-]+)`", text_of("docs", "adding.md"))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_files_of_the_page_of_results_are_read(tmp_path):
    results, states = (tmp_path / name for name in ("results.csv", "states.csv"))
    for path, text in zip((results, states), blocks(text_of("docs", "results.md"), "csv"), strict=True):
        path.write_text(text, encoding="utf-8")
    result = read_results(str(results), half_life=lambda platform: 1.0)
    assert [(item.posts, item.impressions) for item in result.totals] == [(1, 15_600), (1, 8_400)]
    assert [item.state for item in read_states(str(states)).contracts] == ["signed", "offered", "declined"]


def test_the_words_of_states_on_the_page_are_those_there_are():
    table = text_of("docs", "results.md").partition("| State |")[2].partition("Another word")[0]
    text = dict(re.findall(r"^\| (\w+) \| (.+) \|$", table, re.MULTILINE))
    assert {state: f"{state}, {words}" for state, words in text.items() if state != "Words"} == STATUS_WORDS
