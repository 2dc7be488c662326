"""The public names, and what importing them costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import microopt

HEAVY = ("pandas", "pulp", "numpy", "highspy", "rich")


def loaded_by(code):
    """Return which heavy modules a fresh interpreter holds after this code."""
    script = f"import sys\n{code}\nprint('LOADED', *[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.split("LOADED")[-1].split()


def test_all_names_what_the_stub_exports_in_order():
    stub = Path(microopt.__file__).with_suffix(".pyi")
    imports = [node for node in ast.parse(stub.read_text(encoding="utf-8")).body if isinstance(node, ast.ImportFrom)]
    public = [alias.asname for node in imports for alias in node.names]
    assert microopt.__all__ == sorted(public)
    assert len(set(public)) == len(public)


@pytest.mark.parametrize("name", microopt.__all__)
def test_every_public_name_can_be_imported_and_is_explained(name):
    value = getattr(microopt, name)
    assert value.__name__ in (name, "microopt.rendering.charts.api")
    assert value.__doc__


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'plann'"):
        microopt.plann  # noqa: B018 (reading it is the test)


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_by("import microopt") == []


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_and_version_load_nothing_heavy(flag):
    run = f"sys.argv = ['microopt', '{flag}']\nfrom microopt.__main__ import run\n"
    assert loaded_by(run + "try:\n    run()\nexcept SystemExit as end:\n    assert not end.code") == []


def test_reading_rules_and_settings_needs_neither_pandas_nor_pulp():
    used = loaded_by("import microopt\nmicroopt.parse_rule('all count <= 3')\nmicroopt.CampaignInput(budget='20k')")
    assert not {"pandas", "pulp"} & set(used)
