"""A desk for each test: a folder with a small roster, a campaign, and a way to run the command in it."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

ROSTER = """\
creator,platform,offer,niche,region,followers,fee,engagement_rate,hours
@anna,instagram,reel,beauty,US,18300,400,5%,3
@ben,tiktok,video,fitness,US,45000,900,4%,5
@cleo,youtube,video,beauty|tech,GB,250000,2500,3%,8
@dora,instagram,reel,home decor,DE,1500000,9000,2%,4
@eve,instagram,story,beauty,US,5200,120,6%,1
"""
CAMPAIGN = 'name = "Test"\nbudget = 5000\nrules = ["niche:beauty count 1..3"]\n'


@pytest.fixture(autouse=True)
def in_time(monkeypatch):
    """Let no wave of a test be over, whenever it runs."""
    monkeypatch.setattr("microopt.cli.past_waves.today", lambda: date(2026, 1, 1))


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Return a folder that holds roster.csv and campaign.toml, and is the current one."""
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "campaign.toml").write_text(CAMPAIGN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def run(desk):
    """Return a function that runs the command in this process."""
    from microopt.cli.app import app

    def run(*args, stdin=None):
        return CliRunner().invoke(app, [str(arg) for arg in args], input=stdin, prog_name="microopt")

    return run


@pytest.fixture
def shell(desk):
    """Return a function that runs the command in a process of its own."""

    def shell(*args, env=None, **options):
        return subprocess.run(
            command(*args),
            cwd=desk,
            env={**os.environ, **(env or {})},
            capture_output=True,
            timeout=60,
            check=False,
            **options,
        )

    return shell


def command(*args):
    return [sys.executable, "-m", "microopt", *map(str, args)]


def files(folder):
    """Return every file below a folder, hidden ones too, with its bytes."""
    return {path.name: path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def only_object(text):
    """Return the one JSON object that a text is."""
    value, end = json.JSONDecoder().raw_decode(text)
    assert text[end:] == "\n"
    return value


def reasons(done):
    """Return why a run found no plan, without what two commands may differ in."""
    value = only_object(done.stdout)
    return {key: value[key] for key in ("schema", "status", "clash", "irreducible", "reasons", "repairs")}
