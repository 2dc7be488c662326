"""A page as PDF: through whichever browser is there, and without the clock of the run."""

import shutil
import stat
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from microopt.campaign.report_settings import ReportSettings
from microopt.errors import OutputError
from microopt.rendering import plan_renderer
from microopt.rendering.html import browser
from tests.rendering.builders import plan

BASH, SLEEP = shutil.which("bash"), shutil.which("sleep")
PDF = "%PDF-1.4\n/CreationDate (D:20261130060638+00'00')\n/ModDate (D:20261130060638+00'00')\n%%EOF"


@pytest.fixture
def chromium(tmp_path, monkeypatch):
    """Put a program in place of the browser, of which the test says what it does."""
    path = tmp_path / "bin" / "chromium"
    path.parent.mkdir()

    def write(script):
        path.write_text(f"#!{BASH}\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    monkeypatch.setenv("PATH", str(path.parent))
    monkeypatch.setattr(browser, "PLACES", ())
    return write


def test_the_date_of_a_pdf_is_that_of_the_campaign(chromium):
    chromium(f"""for flag; do case $flag in --print-to-pdf=*) printf '%s' "{PDF}" > "${{flag#*=}}";; esac; done""")
    dated = replace(plan(), campaign=replace(plan().campaign, report=ReportSettings(date=date(2027, 3, 1))))
    assert plan_renderer("pdf")(dated) == PDF.replace("20261130060638", "20270301000000").encode()
    assert plan_renderer("pdf")(plan()) == PDF.replace("20261130060638", "19700101000000").encode()


def test_without_a_browser_the_page_is_offered(chromium):
    with pytest.raises(OutputError, match="needs Chromium or Chrome") as caught:
        plan_renderer("pdf")
    assert "-o plan.html" in caught.value.fix


@pytest.mark.parametrize(
    ("script", "reason"), [("echo 'no display' >&2; exit 3", "no display"), ("exit 3", "it ended with exit code 3")]
)
def test_a_browser_that_fails_is_quoted(chromium, script, reason):
    chromium(script)
    with pytest.raises(OutputError, match=f"could not print the page: {reason}"):
        browser.print_page("<p>")


def test_a_browser_that_hangs_is_ended(chromium, monkeypatch):
    chromium(f"exec {SLEEP} 60")
    monkeypatch.setattr(browser, "PRINT_SECONDS", 0.2)
    with pytest.raises(OutputError, match="did not end within"):
        browser.print_page("<p>")


def test_nothing_of_the_page_stays_behind(chromium, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    chromium("exit 1")
    with pytest.raises(OutputError):
        browser.print_page("<p>")
    assert [path.name for path in Path(tmp_path).iterdir()] == ["bin"]
