"""A format names every package that it needs, so that nobody learns it from a defect."""

import subprocess
import sys

import pytest

from microopt.rendering import OUTPUT_FORMATS

OPTIONAL = {"altair", "babel", "holidays", "icalendar", "jinja2", "pptx", "vl_convert", "xlsxwriter"}
BROUGHT = {"altair": {"jinja2"}, "pptx": {"xlsxwriter"}}  # by a package itself
RENDER = """
import sys
from tests.rendering.waves import in_waves as plan
for module in {missing}:
    sys.modules[module] = None  # importing it fails
from microopt.rendering import REQUIRED_MODULES, plan_renderer
REQUIRED_MODULES.clear()
assert plan_renderer({name!r})(plan())
"""


@pytest.mark.parametrize(
    "each",
    [each for each in OUTPUT_FORMATS if "plan" in each.renderers and not each.needs_browser],
    ids=lambda each: each.name,
)
def test_a_format_renders_a_plan_with_nothing_but_what_it_names(each):
    there = set(each.requires).union(*(BROUGHT.get(name, ()) for name in each.requires))
    code = RENDER.format(missing=sorted(OPTIONAL - there), name=each.name)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
