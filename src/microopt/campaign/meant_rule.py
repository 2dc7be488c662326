"""What was meant by a rule as people say it: `micro at least 50% of spend` is `tier:micro spend >= 50%`.

Nothing is suggested that the grammar itself refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from microopt.campaign.campaign import TIER_PRESETS
from microopt.campaign.earnings import EARNINGS, RATIOS
from microopt.campaign.metrics import METRICS, NET_REACH, REPEATS, canonical_measure, is_rate
from microopt.campaign.wave_names import PERIOD
from microopt.campaign.wave_rules import format_when, split_when
from microopt.errors import CampaignError
from microopt.quantities.parse_and_format import find_priced
from microopt.quantities.platforms import PLATFORM_SPELLINGS

_COUNT = re.compile(r"[0-9]{1,9}")
_EACH_VALUE = re.compile(r"each\s+([^\s:]+)\s+(\S.*)", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d]\w*(?: \w+)*")
_STRICT = {">": 1, "more than": 1, "over": 1, "above": 1, "<": -1, "less than": -1, "fewer than": -1, "under": -1}
_STRICT |= {"below": -1}
_SIGNS = {">": ">=", "≥": ">=", ">=": ">=", "=>": ">=", "<": "<=", "≤": "<=", "<=": "<=", "=<": "<=", "=": "="}
_RELATION_WORDS = {
    ">=": "at least|no less than|no fewer than|not less than|minimum of|minimum|min|more than|over|above",
    "<=": "at most|no more than|not more than|up to|maximum of|maximum|max|less than|fewer than|under|below",
    "=": "exactly|equal to|equals",
}
_SIGN_OF_WORDS = {word: sign for sign, words in _RELATION_WORDS.items() for word in words.split("|")}
_COMPARISON = re.compile(rf"([<>=≤≥]{{1,2}})|\b({'|'.join(_SIGN_OF_WORDS)})(?= )|(?<= )(?=\S*\.\.)", re.IGNORECASE)
_SOFT = re.compile(r"\([^()]*\)$")
_CHANCE = re.compile(
    r" (?:in|with|at)(?: a| an)? (\d[\d.,]*) ?%(?: of)?(?: the| all)?(?: scenarios| cases| draws| simulations"
    r"| probability| chance| confidence| certainty)?$",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r" of (?:(?:the|our|total|all) )*(budget|spend|spending|cost|money|creators|influencers)$", re.IGNORECASE
)
_WHOLES = {"budget": "budget", "creators": "count", "influencers": "count"}  # all others are the spend
_FIRST_EACH = re.compile(r"(?:for |in )?(?:each|every) (?:wave|month|week),? (?=\S)", re.IGNORECASE)
_ROW_OF_WAVES = re.compile(rf",? (?:in|during|from) ({PERIOD}) ?(?:\.\.|-|–|to|until) ?({PERIOD})$", re.IGNORECASE)
_FIRST_IN = re.compile(r"in (?:the )?(\S+ wave|wave \d+|[^\s,]+),? (?=\S)", re.IGNORECASE)
_EACH_WAVE = re.compile(
    r",? (?:(?:(?:in |for |during )?(?:each|every|any)|per|a) (?:wave|month|week)|monthly|weekly)$", re.IGNORECASE
)
_ONE_WAVE = re.compile(r",? (?:in|during) (?:the )?(\S+) (?:wave|month|week)$", re.IGNORECASE)
_TEXT = r'(?:"(?:[^"\\]|\\.)*+"|[^\s:,&"]++)'
_CLAUSE = re.compile(rf"{_TEXT} ?: ?{_TEXT}(?: ?, ?{_TEXT})*+")
_WORD = re.compile(_TEXT)
_MEAN = re.compile(r"(?:mean|average|avg)\b(?: of\b)?", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|from) (\S+) (?:and|to) (\S+)", re.IGNORECASE)
QUOTE = '"'
_MEASURES = ("count", "spend", NET_REACH, REPEATS, *METRICS)


def suggest_rule(error: CampaignError, text: str, parse: Callable[[str], object]) -> CampaignError:
    """Return the error of a rule; if it can be told what was meant, with that rule as the fix.

    Parameters
    ----------
    parse
        Parses a rule, or raises a CampaignError.
    """
    meant = write_rule(text)
    return error if meant is None else _suggest(error, text, meant, parse)


def suggest_selector(error: CampaignError, text: str, parse: Callable[[str], object]) -> CampaignError:
    """Return the error of a selector or a filter; if only names of columns are missing, with them as the fix."""
    meant, rest = _split_selector(text.strip())
    return error if rest or not meant else _suggest(error, text, meant, parse)


def _suggest(error: CampaignError, text: str, meant: str, parse: Callable[[str], object]) -> CampaignError:
    """Return the error with a text that the grammar takes as the fix; if it refuses the text, with what it suggests."""
    if meant == text.strip():
        return error
    fix = f"did you mean '{meant}'?"
    try:
        parse(meant)
    except CampaignError as refused:
        fix = refused.fix if refused.fix.startswith("did you mean") else error.fix
    return CampaignError(error.message, fix=fix, code=error.code)


def each_value_error(text: str, kind: str) -> CampaignError | None:
    """Return the error of a limit on each value of a column, such as `each niche count <= 3`; None for other texts."""
    each = _EACH_VALUE.fullmatch(text)
    if each is None or each[1].casefold() in ("wave", "month", "week"):  # which `write_rule` puts at the end
        return None
    example = f"{each[1]}:VALUE {each[2]}"
    fix = f"write one rule for each value of {each[1]}, such as '{write_rule(example) or example}'"
    message = f"{kind} {text!r}: 'each' is for creators only"
    return CampaignError(message, fix=f"{fix}; microopt check lists the values", code=f"{kind}-syntax")


def find_column(word: str) -> str | None:
    """Return `tier` or `platform` for a word that is the name of one, or None."""
    key = word.casefold()
    if key in TIER_PRESETS["default"].names:
        return "tier"
    return "platform" if key in PLATFORM_SPELLINGS else None


def write_rule(text: str) -> str | None:
    """Return a rule with one range in the words of the grammar, or None if it cannot be told what is meant."""
    plain = " ".join(text.split())
    soft = _SOFT.search(plain)
    plain, penalty = (plain[: soft.start()].rstrip(), f" {soft[0]}") if soft else (plain, "")
    likely = _CHANCE.search(plain)
    plain, chance = (plain[: likely.start()], f" in {likely[1]}%") if likely else (plain, "")
    plain, when = _split_waves(plain)
    plain = _BETWEEN.sub(r"\1..\2", plain)
    found = _COMPARISON.search(plain)
    if found is None:
        return None
    subject, bound = plain[: found.start()].rstrip(), plain[found.end() :].strip()
    sign = _SIGNS.get(found[1], "") if found[1] else _SIGN_OF_WORDS.get((found[2] or "").casefold(), "")
    whole = _WHOLE.search(bound)
    share = _WHOLES.get(whole[1].casefold(), "spend") if whole else ""
    bound = bound[: whole.start()] if whole else bound
    each = re.match(r"each creator\b(?! ?:)", subject)
    selector, rest = ("each creator", subject[each.end() :].strip()) if each else _split_selector(subject)
    measure = _write_measure(rest, bound, share, selector)
    if measure is None:
        return None
    selector = selector or "all"
    if _COUNT.fullmatch(bound) and canonical_measure(measure) == "count":
        bound = str(int(bound) + _STRICT.get(found[0].casefold(), 0))
    is_of_budget = measure == "spend" and bound.endswith("%") and selector in ("all", "each creator")
    of_budget = " of budget" if share == "budget" or is_of_budget else ""
    return f"{selector} {measure} {f'{sign} ' if sign else ''}{bound}{of_budget}{when}{penalty}{chance}"


def _split_waves(text: str) -> tuple[str, str]:
    """Return a rule without the waves that it names, and these in the words of the grammar, with a leading space."""
    plain, when = split_when(text)
    if when is not None:
        return plain, format_when(when)
    if first := _FIRST_EACH.match(text):
        return text[first.end() :], " each wave"
    if first := _FIRST_IN.match(text):
        _, when = split_when(f"all count >= 1 in {first[1]}")
        if when:  # else it is a chance, or no wave at all
            return text[first.end() :], format_when(when)
    if each := _EACH_WAVE.search(text):
        return text[: each.start()], " each wave"
    if row := _ROW_OF_WAVES.search(text):
        return text[: row.start()], f" in {row[1]}..{row[2]}"
    one = _ONE_WAVE.search(text)
    _, when = split_when(f"{text[: one.start()]} in {one[1]} wave") if one else (text, None)
    return (text[: one.start()], format_when(when)) if one and when else (text, "")


def _split_selector(subject: str) -> tuple[str, str]:
    """Return the selector that a text begins with, an empty one if it has none, and what follows it."""
    if re.match(r"all\b(?! ?:)", subject, re.IGNORECASE):
        return "all", subject[3:].strip()
    clauses, rest = [], subject
    while True:
        if found := _CLAUSE.match(rest):
            clauses.append(found[0])
        elif (found := _WORD.match(rest)) and (column := find_column(re.sub(r"\\(.)", r"\1", found[0].strip('"')))):
            clauses.append(f"{column}:{found[0]}")
        else:
            break
        rest = rest[found.end() :].strip()
        if not rest.startswith("&"):
            break
        rest = rest[1:].strip()
    return " & ".join(clauses), rest


def _write_measure(words: str, bound: str, share: str, selector: str) -> str | None:
    """Return the measure that these words name, or that a range without one is most probably of; None without any."""
    if mean := _MEAN.match(words):
        column = words[mean.end() :].strip().removeprefix("(").removesuffix(")").strip()
        return f"mean({column if column[:1] == QUOTE else column.replace(' ', '_')})" if column else None
    if share and not bound.endswith("%"):
        return None
    wanted = "spend" if share == "budget" else share
    if not words:
        return wanted or (
            "spend" if selector == "each creator" or find_priced(bound) else "count" if selector else None
        )
    name = words.replace(" ", "_")
    known = NET_REACH if name.casefold() == "net_reach" else canonical_measure(name)
    if known in (*EARNINGS, *RATIOS) and not wanted:
        return known
    if known in _MEASURES:
        return None if wanted not in ("", known) else words if known == canonical_measure(words) else known
    if wanted or not _NAME.fullmatch(words):
        return None
    if is_rate(words) and selector != "each creator":
        return f"mean({name})"
    return name if selector else None
