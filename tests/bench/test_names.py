"""The names of microopt that benchmarks and scripts use, also in the programs they hold as text for other processes."""

import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("benchmarks", "docs", "examples", "scripts")
IMPORT = re.compile(r"\bfrom (microopt[\w.]*) import (\w+(?:, \w+)*)")


def imports_in(path):
    """Return each module and name that a file imports from microopt on one line, in a text or in its own code."""
    found = IMPORT.findall(path.read_text(encoding="utf-8"))
    return {(module, name) for module, names in found for name in names.split(", ")}


USERS = {str(path.relative_to(ROOT)): imports_in(path) for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")}


@pytest.mark.parametrize("user", sorted(user for user, names in USERS.items() if names))
def test_every_imported_name_exists(user):
    gone = {f"{module}.{name}" for module, name in USERS[user] if not hasattr(import_module(module), name)}
    assert gone == set()


def test_imports_within_a_text_are_found():
    assert ("microopt", "CampaignInput") in USERS["benchmarks/forecasting.py"]
