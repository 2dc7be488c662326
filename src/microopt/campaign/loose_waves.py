"""Words of time that the grammar does not have: `each month`, `in 2027-03 and 2027-04`, `exclusive 2 weeks`."""

from __future__ import annotations

import re

from microopt.campaign.wave_names import PERIOD
from microopt.campaign.wave_rules import LAST, LIMIT, MAX_DAYS, ORDINALS, has_word, is_quoted
from microopt.errors import CampaignError

FORMS = "'each wave', 'in second wave', 'in 2027-03' or 'in 2027-03..2027-05'"
# Patterns are compiled when they are first used: few rules name a time.
_LOOSE = (
    r"(?<!\s)\s++((?:(?:in|for|during)\s++)?(?:each|every|any|per|a)\s++(?:wave|month|week)|monthly|weekly"
    r"|(?:in|during)\s++(?:the\s++)?[^\s\"]++\s++(?:wave|month|week)"
    r"|(?:in|for|during|over)\s++(?:[\w-]++\s++){0,3}?waves?(?:\s++[\w-]++){0,3}"
    r"|(?:in|on|before|until|till|from|after|since|during|for|by)\s++"
    rf"{PERIOD}(?:\s*+(?:,|;|&|\+|-|\.\.|and|or|to|until)\s*+{PERIOD})*)$"
)
_DAYS_OF = {"day": 1, "week": 7, "month": 30}
_LOOSE_DAYS = (
    r"(?<!\s)\s++(?P<word>exclusive|within)"
    r"(?:\s++(?:for\s++)?(?P<days>\d{1,4})\s*+(?P<unit>(?:day|week|month)(?=s?$))?s?)?$"
)
_ONE_WAVE = r"(?:in|during)\s++(?:the\s++)?(\S++)\s++wave"
_ALIKE = 0.78  # share of equal letters of a slip; of `fifteenth` and `tenth` it is 0.71
_OTHER_UNIT = r"\d\s*+(?:d|(?:day|week|month|post)s?)$"
_UNIT = r"\d\s*+(?:d|(?:day|week|month|post|wave)s?)$"


def refuse_loose_waves(label: str, text: str) -> None:
    """Refuse a rule that names its waves as rules do not.

    Parameters
    ----------
    label, text
        The rule as the user wrote it, and without the waves that the grammar finds.

    Raises
    ------
    CampaignError
        With the words that rules have for waves.
    """
    if not has_word(text, "wave", "waves", "month", "week", "monthly", "weekly") and not re.search(PERIOD, text):
        return
    found = re.search(_LOOSE, text, re.IGNORECASE)
    before = "" if found is None else text[: found.start()]
    if found is None or is_quoted(before) or not re.search(LIMIT, before, re.IGNORECASE):
        return
    message = f"rule {label!r} ends with {found[1]!r}, which does not name waves"
    fix = f"write {FORMS} at its end"
    if place := _meant_place(found[1]):
        fix = f"did you mean 'in {place} wave'?"
    raise CampaignError(message, fix=fix, code="rule-syntax")


def _meant_place(words: str) -> str:
    """Return the place of a wave that is misspelled, `first` for `in fisrt wave`; empty for other words."""
    from difflib import get_close_matches  # only for a mistake

    found = re.fullmatch(_ONE_WAVE, words, re.IGNORECASE)
    near = get_close_matches(found[1].casefold(), (*ORDINALS, LAST), 1, _ALIKE) if found else []
    return near[0] if near else ""


def refuse_loose_days(label: str, text: str) -> None:
    """Refuse a creator who is exclusive, or excludes others, for no days, or for weeks or months.

    Raises
    ------
    CampaignError
        With the days that were meant, where they are known.
    """
    found = re.search(_LOOSE_DAYS, text, re.IGNORECASE) if has_word(text, "exclusive", "within") else None
    before = "" if found is None else text[: found.start()].strip()
    if found is None or is_quoted(before):
        return
    word = found["word"].casefold()
    if (word == "within") is not bool(re.search(r"\sexcludes\s", before)):
        return
    days = min(int(found["days"] or 30) * _DAYS_OF[(found["unit"] or "day").casefold()], MAX_DAYS)
    message = f"rule {label!r}: it holds for a number of days after a post"
    raise CampaignError(message, fix=f"write '{before} {word} {days}d'", code="rule-range")


def refuse_gap_unit(label: str, measure: str, bounds: str, *, of_each: bool) -> None:
    """Refuse a gap in days, weeks or months: it is counted in waves; and one that is not of each creator.

    Raises
    ------
    CampaignError
        With how to write it.
    """
    if measure.casefold() == "gap" and re.search(_OTHER_UNIT if of_each else _UNIT, bounds, re.IGNORECASE):
        fix = "write it like 'each creator gap >= 2 waves'"
        how = "counted in waves" if of_each else "between the posts of each creator, and counted in waves"
        raise CampaignError(f"rule {label!r}: a gap is {how}", fix=fix, code="rule-range")
