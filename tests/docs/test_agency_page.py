"""The page on several campaigns: its portfolio files are read, and its tables have every key."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from microopt.campaign.portfolio_input import CapacityInput, ExclusiveInput, MemberInput, PortfolioInput
from microopt.readers.portfolio_file import read_portfolio_file

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "agency"
PAGE = (ROOT / "docs" / "agency.md").read_text(encoding="utf-8")
FILES = re.findall(r"^```toml portfolio\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
TABLES = re.findall(r"^\| Key \| It says \|\n\|---\|---\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)


def test_the_file_on_the_page_is_that_of_the_example():
    assert tomllib.loads(FILES[0]) == tomllib.loads((EXAMPLE / "agency.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", FILES)
def test_each_portfolio_file_of_the_page_is_read(text, tmp_path):
    folder = tmp_path / "agency"
    shutil.copytree(EXAMPLE, folder)
    (folder / "other.toml").write_text(text, encoding="utf-8")
    file = read_portfolio_file(str(folder / "other.toml"))
    assert file.portfolio.members
    assert not file.failures


def test_the_tables_of_the_page_have_every_key_once():
    tables = {"campaign", "capacity", "exclusive"}
    kinds = (PortfolioInput, CapacityInput, ExclusiveInput, MemberInput)
    for rows, kind in zip(TABLES, kinds, strict=True):
        named = re.findall(r"`(\w+)`", " ".join(row.split("|")[1] for row in rows.splitlines()))
        assert sorted(named) == sorted(set(kind.__struct_fields__) - tables)
