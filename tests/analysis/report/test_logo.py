"""A plan file names a logo, which is read only from its folder."""

from pathlib import Path

import pytest

from microopt.analysis.report.report import report_from_file
from microopt.campaign.report_settings import ReportSettings
from microopt.planning.optimize import optimize
from microopt.readers.roster import read_roster
from microopt.rendering import plan_renderer
from microopt.solver.result import SolveLimits
from tests.planning.builders import build_campaign, solver
from tests.readers.test_logo import SQUARE


@pytest.fixture
def write_plan(tmp_path, monkeypatch):
    """Write a roster and its plan into a folder of their own, with a logo at a path, and return the plan's path."""
    folder = tmp_path / "campaign"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def write(logo: str) -> str:
        Path("roster.csv").write_text("creator,followers,fee,engagements\n@a,9000,100,400\n", "utf-8")
        campaign = build_campaign(budget=20_000, report=ReportSettings(logo=logo))
        limits = SolveLimits(seconds=60.0)
        plan = optimize(read_roster("roster.csv"), campaign, limits=limits, solver=solver("cbc"))
        Path("plan.json").write_text(plan_renderer("json")(plan), "utf-8")
        return "plan.json"

    return write


def test_a_logo_beside_the_plan_is_read(write_plan):
    Path("logo.svg").write_bytes(SQUARE)
    result = report_from_file(write_plan("logo.svg"))
    assert result.logo is not None
    assert result.logo.data == SQUARE
    assert not result.warnings


@pytest.mark.parametrize(("logo", "reason"), [("logo.svg", "cannot be read"), ("../logo.svg", "outside its folder")])
def test_a_logo_that_is_missing_or_elsewhere_is_left_out_and_named(write_plan, logo, reason):
    Path("../logo.svg").write_bytes(SQUARE)
    result = report_from_file(write_plan(logo))
    assert result.logo is None
    (warning,) = result.warnings
    assert reason in warning
    assert warning.endswith("so the report has no logo")


def test_a_name_that_no_file_can_have_is_named(write_plan):
    result = report_from_file(write_plan("x" * 5_000 + ".svg"))
    assert result.logo is None
    assert "cannot be read" in result.warnings[0]
