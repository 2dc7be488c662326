"""Make the pictures of the pages from the example campaign: `python docs/make_pictures.py`.

Chromium draws the page; LibreOffice and pdftoppm (of poppler-utils) draw the workbook.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from microopt import campaign_from_input, optimize, read_campaign_file, read_roster
from microopt.analysis.report.report import report
from microopt.analysis.report.result import Report
from microopt.plan.plan import Plan
from microopt.rendering.html.page import report_html

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
WIDTH, HEIGHT = 1200, 1370
FLAGS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars")


def example() -> Report:
    """Return the report of the example campaign."""
    roster = read_roster(str(ROOT / "examples/launch.csv"))
    plan = optimize(
        roster, campaign_from_input(read_campaign_file(str(ROOT / "examples/launch.toml"))[0]), price_rules=True
    )
    assert isinstance(plan, Plan)
    return report(plan, roster)


def picture_of_page(html: str, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Return the top of a page as PNG."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in FLAGS:
        options.add_argument(flag)
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    with TemporaryDirectory() as folder, webdriver.Chrome(options=options, service=service) as driver:
        path = Path(folder) / "page.html"
        path.write_text(html, encoding="utf-8")
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        driver.get(path.as_uri())
        return base64.b64decode(driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"])


def report_picture() -> bytes:
    """Return the page of the example."""
    return picture_of_page(report_html(example()))


def workbook_picture() -> bytes:
    """Return the first sheet of the example's workbook as LibreOffice prints it, without the foot of its page."""
    with TemporaryDirectory() as folder:
        _plan(f"{folder}/plan.xlsx")
        profile = f"-env:UserInstallation=file://{folder}/profile"
        _run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, f"{folder}/plan.xlsx")
        part = ("-x", "20", "-y", "30", "-W", "1370", "-H", "760")
        _run("pdftoppm", "-png", "-r", "120", "-singlefile", *part, f"{folder}/plan.pdf", f"{folder}/sheet")
        return Path(folder, "sheet.png").read_bytes()


def mix_picture() -> bytes:
    """Return the mix of the example as a picture."""
    with TemporaryDirectory() as folder:
        _plan(f"{folder}/plan.svg")
        return Path(folder, "plan.svg").read_bytes()


def table_picture() -> bytes:
    """Return the table of the example as a terminal shows it."""
    with TemporaryDirectory() as folder:
        _plan(f"{folder}/plan.table.svg")
        return Path(folder, "plan.table.svg").read_bytes()


def _plan(target: str) -> None:
    """Write the plan of the example, as one does who stands in this folder."""
    launch = ("examples/launch.csv", "-c", "examples/launch.toml")
    _run(sys.executable, "-m", "microopt", "plan", *launch, "--quiet", "-o", target)


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


MADE: dict[str, Callable[[], bytes]] = {
    "report.png": report_picture,
    "workbook.png": workbook_picture,
    "mix.svg": mix_picture,
    "table.svg": table_picture,
}

if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for name, make in MADE.items():
        PICTURES.joinpath(name).write_bytes(make())
