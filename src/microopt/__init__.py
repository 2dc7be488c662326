"""microopt: the mix of micro and mega influencers that brings the most within a budget, proven best."""

from __future__ import annotations

import re
from importlib import import_module
from sys import modules
from typing import Any

_IMPORT = re.compile(r"^from (\S+) import (\S+) as (\S+)$", re.MULTILINE)
_PUBLIC_NAMES = f"{__file__.removesuffix('.py')}.pyi"
with open(_PUBLIC_NAMES, encoding="utf-8") as _stub:  # noqa: PTH123 (importing pathlib takes as long as all the rest)
    _HOMES = {public: (module, name) for module, name, public in _IMPORT.findall(_stub.read())}
__all__ = list(dict(sorted(_HOMES.items())))


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: `microopt --help` needs neither pandas nor PuLP."""
    if name not in _HOMES:
        raise AttributeError(f"module 'microopt' has no attribute {name!r}")
    module, member = _HOMES[name]
    parent = import_module(module)
    value = getattr(parent, member) if hasattr(parent, member) else import_module(f"{module}.{member}")
    if "microopt.plan.plan" in modules:
        modules["microopt.plan.plan"].Plan.html_renderer = _render_notebook  # type: ignore[attr-defined]
    return value


def _render_notebook(plan: Any) -> str:
    """Return a plan as HTML for a notebook; renderers are in a layer above the plan."""
    page: str = import_module("microopt.rendering.notebook").plan_notebook(plan)
    return page
