"""Make the pictures of the pages anew: `python docs/make_pictures.py`; LibreOffice and poppler-utils draw workbooks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
LAUNCH = ("examples/launch.csv", "-c", "examples/launch.toml")
MOST = 300_000  # bytes: pages are read over slow lines too


def workbook_picture() -> None:
    """Draw the first sheet of the example's workbook as LibreOffice prints it, without the foot of its page."""
    with TemporaryDirectory() as folder:
        _plan("-o", f"{folder}/plan.xlsx")
        _run(
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            f"{folder}/plan.xlsx",
        )
        sheet = ["-png", "-r", "120", "-singlefile", "-f", "1", "-x", "20", "-y", "30", "-W", "1370", "-H", "760"]
        _run("pdftoppm", *sheet, f"{folder}/plan.pdf", str(PICTURES / "workbook"))


def table_picture() -> None:
    """Draw the table of the example as a terminal shows it."""
    with TemporaryDirectory() as folder:
        _plan("-o", f"{folder}/plan.table.svg")
        shutil.copy(f"{folder}/plan.table.svg", PICTURES / "table.svg")


def _plan(*flags: str) -> None:
    _run(sys.executable, "-m", "microopt", "plan", *LAUNCH, "--quiet", *flags)


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, env={**os.environ, "COLUMNS": "120"}, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for draw in (workbook_picture, table_picture):
        draw()
    too_large = [path.name for path in PICTURES.iterdir() if path.stat().st_size > MOST]
    if too_large:
        sys.exit(f"over {MOST:,} bytes: {', '.join(too_large)}")
