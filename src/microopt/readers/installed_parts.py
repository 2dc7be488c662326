"""The parts that microopt is installed with, and their licenses, as their packages state them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import ClassVar

from msgspec import Struct

from microopt.errors import UsageError

PACKAGE = "microopt"
EXTRAS = ("calendar", "excel", "highs", "parquet", "report")
UNKNOWN = "not stated"
MAX_CHARACTERS = 60  # of a license's name; longer is the license itself
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]""")
# What packages bring besides their own code, by package.
BUNDLED = {
    "pulp": ("CBC", "EPL-2.0"),
    "vl-convert-python": ("Vega, Vega-Lite, Vega-Embed, D3", "BSD-3-Clause, ISC, MIT, Apache-2.0"),
}


class Part(Struct, frozen=True, kw_only=True):
    """A package that is installed.

    Attributes
    ----------
    version
        Empty for what another package brings.
    license
        Its name or SPDX expression, as the package states it.
    needed_by
        The package that needs or brings it.
    """

    name: str
    version: str
    license: str
    needed_by: str


class Licenses(Struct, frozen=True, kw_only=True):
    """The parts that are installed, microopt first and the others by name."""

    parts: tuple[Part, ...]

    schema_name: ClassVar[str] = "licenses"


def installed_parts() -> Licenses:
    """Return what is installed of all that microopt needs, with its extras but not those for its development.

    Raises
    ------
    UsageError
        If microopt itself is not installed, but runs from a folder of its sources.
    """
    found: dict[str, Part] = {}
    waiting = [(PACKAGE, "")]
    while waiting:
        name, needed_by = waiting.pop(0)
        key = _key(name)
        if key in found:
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:  # an extra that is not installed, or a package of another system
            continue
        found[key] = Part(
            name=package.metadata["Name"], version=package.version, license=_license(package), needed_by=needed_by
        )
        waiting += [(needed, found[key].name) for needed in _needs(package, with_extras=key == PACKAGE)]
        if key in BUNDLED:
            brought, license = BUNDLED[key]
            found[brought] = Part(name=brought, version="", license=license, needed_by=found[key].name)
    own = found.pop(PACKAGE, None)
    if own is None:
        fix = "install it with: pip install microopt"
        raise UsageError("microopt is not installed, so what it needs is not known", fix=fix, code="microopt-missing")
    return Licenses(parts=(own, *sorted(found.values(), key=lambda part: part.name.casefold())))


def _key(name: str) -> str:
    """Return the one spelling of a package's name, as PyPI compares names."""
    return re.sub(r"[-_.]+", "-", name).casefold()


def _needs(package: Distribution, *, with_extras: bool) -> Iterator[str]:
    """Yield the names of what a package needs: markers other than extras are left to what is installed."""
    for requirement in package.requires or ():
        extra, name = _EXTRA.search(requirement), _NAME.match(requirement)
        if name is not None and (extra is None or (with_extras and extra[1] in EXTRAS)):
            yield name[0]


def _license(package: Distribution) -> str:
    """Return what the package states: an SPDX expression, a short name, or else its classifiers."""
    for key in ("License-Expression", "License"):
        for text in package.metadata.get_all(key) or ():
            if text and "\n" not in text and len(text) <= MAX_CHARACTERS:
                return str(text)
    classifiers = package.metadata.get_all("Classifier") or ()
    names = [line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License :: ")]
    return ", ".join(names) or UNKNOWN
