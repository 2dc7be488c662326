"""Find a browser of the Chromium family, and print a page with it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from microopt.errors import OutputError

PROGRAMS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "msedge", "brave-browser"),
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
PRINT_SECONDS = 60.0
INSTALL_FIX = "install Chromium or Chrome, or write the page, -o plan.html, and print it from your browser"
# Nothing is loaded and nothing is kept: the page has all it needs, and the profile is deleted with its folder.
FLAGS = (
    *("--headless=new", "--no-pdf-header-footer", "--no-first-run", "--no-default-browser-check", "--disable-gpu"),
    *("--disable-extensions", "--disable-background-networking", "--disable-sync", "--disable-dev-shm-usage"),
)


def find_browser() -> str | None:
    """Return the path of an installed browser that prints pages from a command line, or None."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    return found or next((place for place in PLACES if os.access(place, os.X_OK)), None)


def require_browser() -> str:
    """Return the path of a browser.

    Raises
    ------
    OutputError
        If none is installed.
    """
    path = find_browser()
    if path is None:
        raise OutputError("writing pdf needs Chromium or Chrome", fix=INSTALL_FIX, code="browser-missing")
    return path


def print_page(page: str) -> bytes:
    """Return a page as the PDF file that a browser prints.

    Raises
    ------
    OutputError
        If there is no browser, or it fails.
    """
    with TemporaryDirectory(prefix="microopt-") as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page, encoding="utf-8")
        command = [require_browser(), *_flags(folder), f"--print-to-pdf={target}", source.as_uri()]
        try:
            done = subprocess.run(
                command, capture_output=True, timeout=PRINT_SECONDS, check=False, stdin=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired:
            reason = f"it did not end within {PRINT_SECONDS:.0f} seconds"
        except OSError as error:
            reason = error.strerror or str(error)
        else:
            if target.exists():
                return target.read_bytes()
            reason = _last_line(done.stderr) or f"it ended with exit code {done.returncode}"
    raise OutputError(f"{command[0]} could not print the page: {reason}", fix=INSTALL_FIX, code="browser-failed")


def _flags(folder: str) -> Iterator[str]:
    yield from FLAGS
    yield f"--user-data-dir={Path(folder, 'profile')}"
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # as in containers, where the sandbox cannot be set up
        yield "--no-sandbox"


def _last_line(output: bytes) -> str:
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:200] if lines else ""
