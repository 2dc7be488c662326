"""The table `[fit]` of a campaign file, and `--fit`: how well creators of each niche suit the campaign."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from io import StringIO

from msgspec import Struct

from microopt.errors import Fault, UsageError, raise_campaign_faults
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import parse_share, shorten
from microopt.quantities.size_limits import MAX_BRIEF_CHARACTERS

OTHER = "other"  # the name of all niches that are not named
LEAST_FIT = Fraction(3, 10)  # design figure: of niches that say nothing about the product
WANTED = Fraction(1, 2)  # a niche above it is one that is wanted, so that all others are less


class FitInput(Struct, frozen=True, kw_only=True):
    """The table `[fit]` as written.

    Attributes
    ----------
    niches
        The fit by niche, from 0 to 1 or in percent.
    other
        The fit of all other niches.
    brief, brief_file
        The words of the brief, or the path of a text file that holds them, from which the fit of niches is learned.
    use
        Whether what was learned from the brief counts.
    """

    niches: Mapping[str, int | float | str] = {}
    other: int | float | str | None = None
    brief: str | None = None
    brief_file: str | None = None
    use: bool = False


class FitSettings(Struct, frozen=True, kw_only=True):
    """How well creators suit the campaign where the roster does not say.

    Attributes
    ----------
    niches
        The fit of named niches, from 0 to 1.
    other
        That of creators of no named niche.
    brief
        The words from which the fit of other niches is learned; empty for none.
    use
        Whether what is learned counts.
    """

    niches: Mapping[str, Fraction] = {}
    other: Fraction = Fraction(1)
    brief: str = ""
    use: bool = False

    @property
    def counts(self) -> bool:
        """Whether it changes a forecast: a brief alone is only shown until it is to be used."""
        return bool(self.niches) or self.use


def parse_fit_flags(texts: Sequence[str]) -> FitInput:
    """Parse `--fit beauty=1,lifestyle=0.6,other=0.3`.

    Raises
    ------
    UsageError
        If one is of another form, or names a niche twice.
    """
    values: dict[str, str] = {}
    for text in texts:
        pairs = _split_pairs(text)
        if not pairs or not all(name and fit for name, fit in pairs):
            fix = "write it like --fit beauty=1,lifestyle=0.6,other=0.3"
            raise UsageError(f"--fit {shorten(text)!r} is not of the form NICHE=FIT", fix=fix)
        for name, fit in pairs:
            if name in values:
                fix = f"give it once, such as --fit {name}={fit}"
                raise UsageError(f"--fit gives {name} twice", fix=fix, code="given-twice")
            values[name] = fit
    return FitInput(niches={name: fit for name, fit in values.items() if name != OTHER}, other=values.get(OTHER))


def _split_pairs(text: str) -> list[tuple[str, str]]:
    """Return name and value of each `NAME=VALUE` between commas, empty if it is of another form.

    In quotes, a name may have commas itself.
    """
    try:
        (parts,) = csv.reader(StringIO(text, newline=""), skipinitialspace=True)
    except (csv.Error, ValueError):
        return []
    pairs = [part.split("=") for part in parts]
    if any(len(pair) != 2 for pair in pairs):
        return []
    return [(name.strip().strip('"').strip(), value.strip()) for name, value in pairs]


def parse_fit(written: FitInput | None) -> FitSettings | None:
    """Return what the table means, or None without one.

    Niches that are not named have a fit of 0.3 once a niche above 0.5 is named: it is then said who is wanted. A table
    that only names niches up to 0.5 says who is not wanted, and leaves all others at 1.

    Raises
    ------
    CampaignError
        With every value that is not possible.
    """
    if written is None:
        return None
    faults = list(_table_faults(written))
    niches: dict[str, Fraction] = {}
    spellings: dict[str, str] = {}
    for name, text in written.niches.items():
        fit = _parse_share(name, text, faults)
        first = spellings.setdefault(match_key(name), name)
        if first != name:
            fix = f"keep one entry for {first!r} in niches = {{ ... }}"
            faults.append(_fault("given-twice", f"{shorten(name)} is given twice", fix, name))
        niches[name.strip()] = fit
    brief = (written.brief or "").strip()
    is_wanted = any(fit > WANTED for fit in niches.values()) or (bool(brief) and (written.use or not niches))
    other = LEAST_FIT if is_wanted else Fraction(1)
    if written.other is not None:
        other = _parse_share(OTHER, written.other, faults)
    raise_campaign_faults(faults)
    return FitSettings(niches=niches, other=other, brief=brief, use=written.use)


def _table_faults(written: FitInput) -> Iterator[Fault]:
    example = 'such as brief = "A gentle vegan serum for sensitive skin"'
    if not written.niches and written.brief is None and written.brief_file is None:
        fix = f"give niches = {{ beauty = 1, lifestyle = 0.6 }}, or a brief, {example}"
        yield _fault("fit-empty", "it has neither niches nor a brief", fix)
    if any(not name.strip() for name in written.niches):
        yield _fault("fit-empty", "a niche has no name", "name each niche, such as beauty = 1", "niches")
    if written.brief is not None and written.brief_file is not None:
        yield _fault(
            "fit-brief", "it has both brief and brief_file", "drop brief = ... or brief_file = ...", "brief_file"
        )
    if written.brief is not None and not written.brief.strip():
        yield _fault("fit-brief", "the brief has no words", f"write what the campaign is about, {example}", "brief")
    if written.brief is not None and len(written.brief) > MAX_BRIEF_CHARACTERS:
        size = f"the brief has {len(written.brief):,} characters, but the limit is {MAX_BRIEF_CHARACTERS:,}"
        yield _fault("fit-brief", size, f"keep the part about the product, {example}", "brief")
    if written.use and written.brief is None and written.brief_file is None:
        fix = f"drop use = true (niches count without it), or add a brief, {example}"
        yield _fault("fit-brief", "use = true needs a brief", fix, "use")


def _parse_share(name: str, text: int | float | str, faults: list[Fault]) -> Fraction:
    try:
        return parse_share(str(text))
    except ValueError:
        message = f"{shorten(name)} = {shorten(str(text))} is not a fit"
        fix = "write a number from 0 (does not suit the product) to 1 (suits it fully), such as 0.6 or 60%"
        faults.append(_fault("fit-range", message, fix, name))
        return Fraction(1)


def _fault(code: str, message: str, fix: str, key: str = "") -> Fault:
    return Fault(code=code, message=f"[fit]: {message}", fix=fix, column=f"fit.{key}" if key else "fit")


def invalid_fit_values(fit: FitSettings | None) -> Iterator[tuple[str, str]]:
    """Yield (place, sentence) of each value of a plan's campaign that is not possible."""
    for name, value in () if fit is None else [*fit.niches.items(), (OTHER, fit.other)]:
        if not 0 <= value <= 1:
            yield f"fit.{name}", f"{float(value):g} is not a fit"
    if fit is not None and fit.use and not fit.brief:
        yield "fit.use", "there is no brief to be used"
    if fit is not None and len(fit.brief) > MAX_BRIEF_CHARACTERS:
        yield "fit.brief", f"the brief has {len(fit.brief):,} characters, but the limit is {MAX_BRIEF_CHARACTERS:,}"


def format_fit(fit: FitSettings | None) -> str:
    """Return a fit in words: `beauty 1, lifestyle 0.6, other niches 0.3`."""
    if fit is None:
        return "not set"
    named = [f"{name} {format_share(value)}" for name, value in sort_niches(fit.niches)]
    learned = f"{'learned' if fit.use else 'not yet used'} from a brief of {len(fit.brief.split()):,} words"
    return ", ".join([*named, *([learned] if fit.brief else []), f"other niches {format_share(fit.other)}"])


def sort_niches(niches: Mapping[str, Fraction]) -> list[tuple[str, Fraction]]:
    """Return niches with their fit, the best first."""
    return sorted(niches.items(), key=lambda item: (-item[1], match_key(item[0]), item[0]))


def format_share(value: Fraction) -> str:
    """Return a fit as people write it: 1, 0.6, 0.25."""
    return f"{float(value):.3g}"
