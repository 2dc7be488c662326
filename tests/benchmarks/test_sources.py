"""Every figure that the forecast assumes has a source and a year, or is called a design figure."""

import re
import runpy
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from microopt.benchmarks.table import default_benchmarks

PAGE = runpy.run_path(str(Path(__file__).resolve().parents[2] / "docs" / "make_defaults.py"))
TEXT = resources.files("microopt.benchmarks").joinpath("defaults.toml").read_text(encoding="utf-8")
FORMATS = tomllib.loads(TEXT)["format"]


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
    page = PAGE["page"](TEXT)
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
