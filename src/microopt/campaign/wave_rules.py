"""When a rule holds: `each wave`, `in 2027-03`, `in 2027-03..2027-05`, `in first wave`, `in second wave`,
`in wave 2`, `in last wave`.

A chance, `in 90%`, is no wave: a wave whose name is a number is written in quotes, `in "90"`.
"""

from __future__ import annotations

import re

from msgspec import Struct

from microopt.campaign.quoting import quoted, unquote
from microopt.campaign.wave_names import wave_key
from microopt.errors import CampaignError
from microopt.quantities.parse_and_format import Range, format_exact

WAVES_EXAMPLE = "--waves 2027-03,2027-04,2027-05"
GAP = "gap in waves"  # the measure of `each creator gap >= 2 waves`
MAX_DAYS = 3_650

ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
LAST = "last"

# Patterns are compiled when they are first used: few campaigns have waves.
_QUOTED = r'"(?:[^"\\]|\\.)*+"'
_NAME = rf'({_QUOTED}|(?:(?!\.\.)[^\s"(),:&%<>=≤≥])+)'
_SPAN = rf"{_NAME}(?:\.\.{_NAME})?"
_EACH_WAVE = rf"(?<!\s)\s++each\s++wave(?:\s++in\s++{_SPAN})?$"
_PLACE = rf"(?<!\s)\s++in\s++(?:({'|'.join((*ORDINALS, LAST))}|[1-9]\d?(?:st|nd|rd|th))\s++wave|wave\s++([1-9]\d?))$"
_IN = rf"(?<!\s)\s++in\s++{_SPAN}$"
_NUMBER = r"[+-]?[\d.,]+"
_OTHER_SUFFIX = r"(?<!\s)\s++(?:in\s++[+-]?[\d.,]++\s*+%|\(\s*+soft\b[^()]*+\))$"
LIMIT = r"[<>=≤≥\d]|\b(?:requires|excludes|exclusive)\b"
_EXCLUSIVE = r"(?<!\s)\s++(exclusive|within)\s++(\d{1,9})\s*+(?:d|days?)$"
_WAVES = r"(?<=[\d.])\s*+waves?$"


class When(Struct, frozen=True, kw_only=True):
    """In which waves of the calendar a rule holds.

    Attributes
    ----------
    each
        Whether it holds in each of the waves alone; else in all of them together.
    first, last
        The names of the first and the last wave, as written; None for the ends of the calendar.
    place
        The only wave that it is about, by its place in the calendar: 1 for the first one, -1 for the last one.
    """

    each: bool = False
    first: str | None = None
    last: str | None = None
    place: int | None = None

    @property
    def meaning(self) -> tuple[bool, str | None, str | None, int | None]:
        """The waves regardless of the spelling of their names."""
        first, last = (None if name is None else wave_key(name) for name in (self.first, self.last))
        return self.each, first, last, self.place

    @property
    def names(self) -> tuple[str, ...]:
        """The waves that it names, each once."""
        return tuple(dict.fromkeys(name for name in (self.first, self.last) if name is not None))


def quote_wave(name: str) -> str:
    """Quote the name of a wave if needed, so that a rule with `in NAME` gives it back."""
    plain = re.fullmatch(_NAME, name) and not re.fullmatch(_NUMBER, name) and '"' not in name and "\\" not in name
    is_apart = name.strip(".") == name  # from the dots of a row of waves
    return name if plain and is_apart else quoted(name)


def split_when(text: str) -> tuple[str, When | None]:
    """Return a rule without its waves, and these; None where it names none.

    A chance, or what makes the rule soft, may follow the waves: it stays in the text.
    """
    found = _find_when(text)
    if found is None:
        return text, None
    start, end, when = found
    return text[:start] + text[end:], when


def in_wave(label: str, name: str) -> str:
    """Return a rule on each wave, as the user wrote it, as one on a single wave."""
    found = _find_when(label)
    if found is None:
        return f"{label} in {quote_wave(name)}"
    start, end, _ = found
    return f"{label[:start]} in {quote_wave(name)}{label[end:]}"


def format_when(when: When | None) -> str:
    """Format when a rule holds, with a leading space; empty for a rule without waves."""
    if when is None:
        return ""
    if when.place is not None:
        return f" in {_format_place(when.place)}"
    each = " each wave" if when.each else ""
    if when.first is None or when.last is None:
        return each
    span = quote_wave(when.first) if when.first == when.last else f"{quote_wave(when.first)}..{quote_wave(when.last)}"
    return f"{each} in {span}"


def _format_place(place: int) -> str:
    if place == -1:
        return f"{LAST} wave"
    return f"{ORDINALS[place - 1]} wave" if place <= len(ORDINALS) else f"wave {place}"


def split_days(label: str, text: str, when: When | None) -> tuple[str, int | None]:
    """Return a rule without its days, and how many: `creator:@a exclusive 30d` is `creator:@a` and 30.

    `A excludes B within 30d` is `A excludes B` and 30.

    Parameters
    ----------
    label, text
        The rule as the user wrote it, and without its waves.

    Raises
    ------
    CampaignError
        If a creator cannot be exclusive for that long, or in each wave.
    """
    found = re.search(_EXCLUSIVE, text, re.IGNORECASE) if has_word(text, "exclusive", "within") else None
    if found is None or is_quoted(text[: found.start()]):
        return text, None
    kept, days = text[: found.start()], int(found[2])
    problem = fix = ""
    if found[1].casefold() == "within" and not re.search(r"\sexcludes\s", kept):
        problem, fix = "days belong to 'excludes'", "write it like 'creator:@anna excludes niche:beauty within 30d'"
    elif not 1 <= days <= MAX_DAYS:
        problem = f"a creator can be exclusive for 1 to {MAX_DAYS:,} days, not for {days:,}"
        fix = "write it like 'creator:@anna exclusive 30d'"
    elif when is not None and when.each:
        problem, fix = "it holds after every post already", "leave 'each wave' out"
    if problem:
        raise CampaignError(f"rule {label!r}: {problem}", fix=fix, code="rule-range")
    return kept, days


def is_gap(measure: str, bounds: str) -> bool:
    """Whether a rule on each creator is on the waves between two posts: only a range in waves is."""
    return measure.casefold() == "gap" and bool(re.search(_WAVES, bounds, re.IGNORECASE))


def without_waves_unit(text: str) -> str:
    """Return the range of a gap without its unit: `>= 2` for `>= 2 waves`."""
    return re.sub(_WAVES, "", text, flags=re.IGNORECASE)


def refuse_gap_terms(label: str, bounds: Range, when: When | None) -> None:
    """Refuse a gap that is no whole number of waves, that no two posts can have, or that is of single waves.

    Raises
    ------
    CampaignError
        With the fix.
    """
    ends = [end for end in (bounds.low, bounds.high) if end is not None]
    fix = "write it like 'each creator gap >= 2 waves'"
    if bounds.percent or any(end.denominator > 1 for end in ends):
        message = "a gap is a whole number of waves"
    elif bounds.high is not None and bounds.high < 1:
        message = "the next post of a creator is at least 1 wave later"
    elif when is not None:
        message, fix = (
            "a gap is between two waves, so it holds over all of them",
            f"leave '{format_when(when)[1:]}' out",
        )
    else:
        return
    raise CampaignError(f"rule {label!r}: {message}", fix=fix, code="rule-range")


def format_gap(bounds: Range) -> str:
    """Format the range of a gap as the grammar writes it: `>= 2 waves`, `1..3 waves`."""
    low, high = (None if end is None else format_exact(end, False) for end in (bounds.low, bounds.high))
    written = f"= {low}" if low == high else f"<= {high}" if low is None else f">= {low}"
    if low is not None and high is not None and low != high:
        written = f"{low}..{high}"
    return f"{written} {'wave' if (high or low) == '1' else 'waves'}"


def _find_when(text: str) -> tuple[int, int, When] | None:
    """Return where the waves of a rule begin and end in its text, and which they are."""
    if not has_word(text, "in", "wave"):
        return None
    end = len(text.rstrip())
    while other := re.search(_OTHER_SUFFIX, text[:end], re.IGNORECASE):
        end = other.start()
    head = text[:end]
    for pattern in (_EACH_WAVE, _PLACE, _IN):
        found = re.search(pattern, head, re.IGNORECASE)
        before = "" if found is None else head[: found.start()]
        if found is None or is_quoted(before) or not re.search(LIMIT, before, re.IGNORECASE):
            continue
        when = _when_of(pattern, found)
        if when is not None:
            return found.start(), end, when
    return None


def has_word(text: str, *words: str) -> bool:
    """Whether a text has one of these words between spaces."""
    return not {*text.casefold().split()}.isdisjoint(words)


def _when_of(pattern: str, found: re.Match[str]) -> When | None:
    if pattern is _PLACE:
        return When(place=_place_of(found[1] or found[2]))
    first, last = found[1], found[2] or found[1]
    if first is None:
        return When(each=True)
    if found[2] is None and re.fullmatch(_NUMBER, first):
        return None  # a chance that lacks its percent sign
    return When(each=pattern is _EACH_WAVE, first=_unquoted(first), last=_unquoted(last))


def _place_of(word: str) -> int:
    word = word.casefold()
    if word == LAST:
        return -1
    return ORDINALS.index(word) + 1 if word in ORDINALS else int(re.sub(r"\D", "", word))


def _unquoted(name: str) -> str:
    return unquote(name[1:-1]) if name.startswith('"') else name


def is_quoted(before: str) -> bool:
    """Whether what follows a text is within quotes."""
    return re.sub(r"\\.", "", before).count('"') % 2 == 1
