"""A plan that is shown as a table imports nothing that it does not use."""

import subprocess
import sys

UNUSED = (
    "email",  # of importlib.metadata, for the version in JSON
    "importlib.metadata",
    "socket",
    "ssl",
    "sqlite3",
    "asyncio",
    "multiprocessing",
    "jinja2",
    "altair",
    "xlsxwriter",
    "python_calamine",
    "pygments",
    "rich.markdown",
    "rich.progress",
    "rich.syntax",
    "pulp",
    "typer.rich_utils",
    "microopt.forecast.scenarios",
    "microopt.planning.chances",
    "microopt.planning.infeasibility.best_chance",
    "microopt.quantities.codec",
    "microopt.readers.plan_file",
    "microopt.readers.formats.parquet",
    "microopt.readers.formats.workbook",
    "microopt.rendering.data",
    "microopt.rendering.html",
    "microopt.rendering.markdown",
    "microopt.storage.database",
    "microopt.verification",
)
RUN = f"""
import sys
sys.modules["pyarrow"] = None  # as after a plain `pip install .`: pandas would import much for it
import pandas
before = set(sys.modules)
from microopt.__main__ import run
try:
    run()
finally:
    loaded = {{*sys.modules}} - before
    print(len(loaded), *(name for name in {UNUSED} if name in loaded), file=sys.stderr)
"""


def test_a_plan_as_a_table_imports_nothing_that_it_does_not_use(desk):
    args = [sys.executable, "-c", RUN, "plan", "roster.csv", "-b", "5000", "-r", "niche:beauty count 1..3"]
    done = subprocess.run(args, capture_output=True, text=True, timeout=60, check=True)
    count, *unused = done.stderr.split()
    assert done.stdout
    assert int(count) > len(UNUSED)
    assert unused == []
