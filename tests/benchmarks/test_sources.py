"""Every figure that the forecast assumes has a source and a year, or is called a design figure."""

import ast
import re
import runpy
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from microopt.benchmarks.table import default_benchmarks

DOCS = runpy.run_path(str(Path(__file__).resolve().parents[2] / "docs" / "make_defaults.py"))
FORECAST = Path(__file__).resolve().parents[2] / "src" / "microopt" / "forecast"
TEXT = resources.files("microopt.benchmarks").joinpath("defaults.toml").read_text(encoding="utf-8")
FORMATS = tomllib.loads(TEXT)["format"]

NO_ASSUMPTIONS = {  # constants of the forecast that say nothing about creators, markets or posts
    "names and lists in notes": "deliverables.SHOWN_PLATFORMS plausibility.NAMED_IN_PLAN fit.SHOWN_NICHES "
    "fit.SHOWN_PARTS acceptance.SHOWN_TIERS brief_words.SHOWN_WORDS plausibility.MAX_LISTED extra_costs.MAX_FAULTS",
    "how cells and words are read": "deliverables.NEARLY_ALL deliverables.MOST_PLATFORMS fee_plausibility.THOUSAND "
    "fee_plausibility.SLIPS fit.MISSPELLED posts.table.ORGANIC posts.table.PAID posts.table.UNKNOWN "
    "forecast.NO_REVENUE acceptance.SIGNED acceptance.OWN acceptance.ANSWERED acceptance.STATED acceptance.LEARNED "
    "acceptance.CERTAIN",
    "arithmetic, its limits and its speed": "deliverables.Z_90 cost._UNITS extra_costs.MAX_COST model.PART_SIZE "
    "model.MAX_LABELS model.MAX_INTEGER fee_model.MOST_OFFERS fee_model.CENTER fee_model.FIXED_TERMS fee_model.MIXER "
    "fee_model.MOST_LEVERAGE "
    "figure_plausibility.MAX_HASH_BITS posts.groups.ROUNDS posts.table.DAYS_OF_YEAR public_fees.ENDS "
    "public_fees.MOST_MONEY robust_regression.HUBER robust_regression.TUKEY robust_regression.HUBER_STEPS "
    "robust_regression.TUKEY_STEPS robust_regression.NORMAL_MAD robust_regression.DIGITS shrinkage._STEPS "
    "shrinkage._LARGEST updating.shifts.HALVINGS updating.shifts.LARGEST_SHIFT",
    "how scenarios are drawn to the same byte everywhere": "exact_tables.LEVELS exact_tables.GRID "
    "exact_tables.LOG_BITS exact_tables.LOG_STEPS exact_tables.LARGEST_LOG exact_tables.SPREAD_STEPS "
    "exact_tables.LARGEST_SPREAD exact_tables.MEAN_GRID exact_tables.STUDENT_PARTS exact_tables.SMALLEST_TAIL "
    "exact_tables.FARTHEST_PLACE exact_tables.CURVE_POINTS exact_tables.MANY_DEGREES random_words.GAMMA "
    "random_words.MIXERS random_words.LAST_SHIFT scenario_logs.MIXING_PLACE scenario_logs.ANSWERS "
    "scenario_logs.ANSWER_BITS scenarios.MOST_CELLS scenarios.CELLS_AT_ONCE",
}


def tables(block, name=""):
    """Yield each table that holds figures, with its dotted name."""
    if any(not isinstance(value, dict) for value in block.values()):
        yield name, block
        return
    for key, inner in block.items():
        yield from tables(inner, f"{name}.{key}" if name else key)


SOURCED = [(name, block) for name, block in tables(default_benchmarks().tables) if not name.startswith("format.")]


@pytest.mark.parametrize(("name", "block"), SOURCED, ids=[name for name, _ in SOURCED])
def test_a_table_names_its_source_and_the_year(name, block):
    assert len(block["source"]) >= len("design figure")
    assert re.search(r"[A-Za-z]{4}", block["source"])
    assert 2010 <= block["year"] <= 2026
    assert all(not isinstance(value, dict) for value in block.values())


def test_the_page_of_defaults_shows_every_source():
    page = DOCS["page"](TEXT)
    assert [name for name, block in SOURCED if block["source"] not in page or str(block["year"]) not in page] == []


@pytest.mark.parametrize("platform", FORMATS)
def test_every_figure_of_a_format_has_a_source(platform):
    """A source is of a figure, of a figure on a platform, or of one on some formats of it: `ctr_instagram_story`."""
    sources = default_benchmarks().table("format_sources")
    multiples = {key for block in FORMATS[platform].values() for key, value in block.items() if value != 1}
    assert {
        key
        for key in multiples - {"names"}
        if key not in sources and not any(name.startswith(f"{key}_{platform}") for name in sources)
    } == set()


def numeric_constants():
    """Yield the names of constants of the forecast's modules that hold numbers."""
    for path in sorted(FORECAST.rglob("*.py")):
        module = ".".join(path.relative_to(FORECAST).with_suffix("").parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and any(
                type(getattr(leaf, "value", None)) in (int, float) for leaf in ast.walk(node.value)
            ):
                for target in node.targets:
                    names = target.elts if isinstance(target, ast.Tuple) else [target]
                    yield from (f"{module}.{name.id}" for name in names)


def test_every_constant_of_the_forecast_is_on_the_page_as_a_design_figure_or_assumes_nothing():
    shown = {f"{module.removeprefix('forecast.')}.{name}" for module, name, _ in DOCS["METHOD"]}
    technical = {name for names in NO_ASSUMPTIONS.values() for name in names.split()}
    assert not shown & technical
    assert {*numeric_constants()} - shown - technical == set()
    assert technical - {*numeric_constants()} == set()


def test_figures_of_the_method_have_the_values_of_the_code():
    page = DOCS["page"](TEXT)
    assert "They are design figures" in page
    assert "| `forecast.benchmark_fit.MIN_CREATORS` | 30 |" in page
