"""What is wrong with the keys and values of a campaign file, in words, every fault at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import reduce
from shlex import quote
from typing import Any

import msgspec

from microopt.campaign.calendar_input import CalendarInput, WaveInput
from microopt.campaign.extra_costs import DEDUCT_FEE
from microopt.campaign.fit_settings import FitInput
from microopt.campaign.flag_values import AudienceInput, NumbersInput, toml_key
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.report_settings import ReportInput
from microopt.campaign.target_audience import TABLE_KEYS, move_target_keys
from microopt.errors import CampaignError, Fault, NameSuggester
from microopt.quantities.parse_and_format import parse_amount
from microopt.readers.file_kinds import CAMPAIGN, TABLE, name_kind
from microopt.readers.toml_slips import find_slip
from microopt.readers.words.vocabulary import ROSTER

CAMPAIGN_FILE = "campaign file"  # what messages call it
KEYS = CampaignInput.__struct_fields__
# Tables whose keys are names of metrics, currencies and the like, so that a key of the campaign is there by mistake.
TABLES_OF_NAMES = ("worth", "target", "exchange", "tiers", "acceptance", "fees")
# Tables whose keys are headers, which some keys of the campaign may be too.
TABLES_OF_HEADERS = ("columns", "lists", "units")
STRUCTS = {
    "audience": AudienceInput,
    "calendar": CalendarInput,
    "fit": FitInput,
    "numbers": NumbersInput,
    "report": ReportInput,
}
WORDS = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "str": "text in quotes",
    "array": "a list in square brackets",
    "object": "a table",
    "date": "a date",
}
# What some keys are written like, where the kind of value does not say it.
EXAMPLES = {
    "calendar.waves": '["2027-03", "launch=2027-04-01..2027-04-14"]',
    "calendar.max_posts": "4",
    "calendar.lead_days": "14",
    "calendar.approval_days": "3",
    "calendar.retainer": '"3 posts: 10%; 6 posts: 20%"',
}
ENTRIES = {"calendar": 'waves = ["2027-03"]', "calendar.budget": '2027-03 = "50%"', "calendar.demand": "2027-03 = 1.3"}
_BARE_LINE = re.compile(r"([\w-]+)\s*[=:]\s*[“”„']?([^\s\"'\[{#“”„](?:[^\"'#“”„]*[^\s\"'#“”„])?)[“”']?\s*(?:#.*)?")
_REPEATED = ("Cannot declare", "Cannot overwrite", "Cannot mutate")  # how tomllib's messages begin then
_EXPECTED = re.compile(r"Expected `([^`]+)`")
MIN_KEY_SIMILARITY = 70.0  # percent; a key in another language may be as near as 67: regeln, region
MAX_CHARACTERS = 40  # of a value that a message shows


def syntax_error(path: str, data: bytes, error: Exception, what: str = CAMPAIGN_FILE) -> CampaignError:
    """Return the error of a file that is not TOML, with the corrected line where only quotes are missing."""
    message, code = f"{what} {path} is not TOML", "file-syntax"
    kind = name_kind(data)
    if kind not in ("", CAMPAIGN, TABLE):  # a line of TOML without its equals sign may have commas as well
        fix = "give the campaign file after -c, such as -c campaign.toml" if what == CAMPAIGN_FILE else f"give a {what}"
        return CampaignError(f"{message}: it is {kind}", fix=fix, code=code)
    if isinstance(error, UnicodeDecodeError):
        return CampaignError(f"{message}: it is not UTF-8 text", fix='save it with the encoding "UTF-8"', code=code)
    match = re.search(r"at line (\d+)", str(error))
    lines = data.decode("utf-8-sig", "replace").split("\n")
    if match is None or int(match[1]) > len(lines):
        fix = 'write each line as key = value, text in quotes, such as name = "Spring launch"'
        return CampaignError(f"{message}: {str(error)[:MAX_CHARACTERS]}", fix=fix, code=code)
    line = lines[int(match[1]) - 1].strip()
    if str(error).startswith(_REPEATED):
        fix = "write each key once, and all keys of a table below one heading such as [lists]"
        message = f"{what} {path}: line {match[1]} repeats a key or table: {line[:MAX_CHARACTERS]}"
        return CampaignError(message, fix=fix, code="key-repeated")
    if slip := find_slip(lines, str(error)):
        return CampaignError(f"{message}: {slip.problem}", fix=slip.fix, code=code)
    bare = _BARE_LINE.fullmatch(line)
    fix = f'write it with quotes: {bare[1]} = "{bare[2]}"' if bare else "write each line as key = value, text in quotes"
    return CampaignError(f"{message}: line {match[1]} is {line[:MAX_CHARACTERS]}", fix=fix, code=code)


def is_portfolio(keys: Mapping[str, Any]) -> bool:
    """Whether a file of TOML lists campaigns, as that of a portfolio does."""
    return isinstance(keys.get("campaign"), list)


def refuse_portfolio(path: str, keys: Mapping[str, Any]) -> None:
    """Refuse the file of a portfolio in place of a campaign file.

    Raises
    ------
    CampaignError
        If it lists campaigns.
    """
    if is_portfolio(keys):
        fix = f"plan its campaigns together: microopt portfolio {quote(path)}"
        message = f"{path} is the file of a portfolio, not of one campaign"
        raise CampaignError(message, fix=fix, code="key-unknown")


def key_faults(path: str, keys: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield each unknown key, with the nearest known one, and each key that is in a table by mistake."""
    tables: list[tuple[str, tuple[str, ...], Any]] = [("", KEYS, keys)]
    tables += [(f"{name}.", struct.__struct_fields__, keys.get(name)) for name, struct in STRUCTS.items()]
    tables += [("calendar.waves.", WaveInput.__struct_fields__, wave) for wave in _listed_waves(keys.get("calendar"))]
    for prefix, known, written in tables:
        suggester = NameSuggester(known, MIN_KEY_SIMILARITY)
        for key in written if isinstance(written, Mapping) else ():
            if prefix and key in KEYS and key not in known and f"{key}s" not in known:
                yield _misplaced(path, prefix[:-1], key)
            elif key not in known and (tables_of_key := _tables_of(key)):
                yield _of_table(path, prefix[:-1], key, tables_of_key)
            elif key not in known:
                fix = suggester.suggest(key) or _fix_fee(key) or f"use one of: {', '.join(known)}"
                if prefix == "fit." and not suggester.suggest(key):
                    fix = f"is it a niche? Write niches = {{ {toml_key(key)} = 1 }}; else {fix}"
                message = f"campaign file {path}: unknown key {prefix + key!r}"
                yield Fault(code="key-unknown", message=message, fix=fix, column=prefix + key)
    yield from _misspelled_target_keys(path, keys.get("target"))
    for table, key, value in _entries(keys):
        if _is_misplaced(table, key, value):
            yield _misplaced(path, table, key)


def _fix_fee(key: str) -> str:
    """Return what to do with a fixed fee or a retainer that a key is named after, empty for other keys."""
    if not {"fee", "fees", "retainer"}.intersection(re.split(r"[_\W]+", key.casefold())):
        return ""
    alternatives = (
        'an agency\'s share of the fees is agency = "20%", and a retainer with creators is a discount under [calendar]'
    )
    return f"for a fixed fee, {DEDUCT_FEE}; {alternatives}"


def _tables_of(key: str) -> list[str]:
    """Return the tables that have a key of this name."""
    return [name for name, struct in STRUCTS.items() if key in struct.__struct_fields__]


def _of_table(path: str, table: str, key: str, tables: list[str]) -> Fault:
    """Return the fault of a key that is above all tables, or in another one than its own."""
    place = f"under [{table}]" if table else "above the first [table]"
    own = " or ".join(f"[{name}]" for name in tables)
    message = f"campaign file {path}: {key} is {place}, but belongs under {own}"
    fix = f"move the line of {key} below the line {own}, or write both at the end of the file"
    return Fault(code="key-misplaced", message=message, fix=fix, column=f"{table}.{key}" if table else key)


def _listed_waves(calendar: Any) -> list[Any]:
    waves = calendar.get("waves") if isinstance(calendar, Mapping) else None
    return waves if isinstance(waves, list) else []


def _misspelled_target_keys(path: str, table: Any) -> Iterator[Fault]:
    """Yield the keys of `[target]` that are no amounts, and whose names are nearly those of whom to reach."""
    suggester = NameSuggester(("countries", "ages", "gender"), MIN_KEY_SIMILARITY)
    for key, value in table.items() if isinstance(table, Mapping) else ():
        if key not in TABLE_KEYS and not _is_amount(value) and (fix := suggester.suggest(key)):
            message = f"campaign file {path}: unknown key {f'target.{key}'!r}"
            yield Fault(code="key-unknown", message=message, fix=fix, column=f"target.{key}")


def _is_amount(value: Any) -> bool:
    try:
        return not isinstance(value, list) and parse_amount(str(value)) is not None
    except ValueError:
        return False


def _entries(keys: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield the table, the key and the value of every entry of a table whose keys are names."""
    for table in (*TABLES_OF_NAMES, *TABLES_OF_HEADERS):
        entries = keys.get(table)
        if isinstance(entries, Mapping):
            yield from ((table, key, value) for key, value in entries.items())


def _is_misplaced(table: str, key: str, value: Any) -> bool:
    if key not in KEYS or table in TABLES_OF_NAMES:
        return key in KEYS
    if table == "units":
        return value not in ("percent", "fraction")
    is_header = key in ROSTER.kinds or ROSTER.find_column(key) is not None
    maps_header = is_header or (table == "columns" and value in (*ROSTER.kinds, "ignore"))
    return not (isinstance(value, str) and maps_header)


def _misplaced(path: str, table: str, key: str) -> Fault:
    message = f"campaign file {path}: {key} is under [{table}], but keys of the campaign go above the first [table]"
    return Fault(code="key-misplaced", message=message, fix=f"move the line of {key} above [{table}]", column=key)


def value_faults(path: str, keys: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield each value that is not of the kind that its key holds."""
    for key, value in keys.items():
        yield from _value_faults(path, (key,), value)


def _value_faults(path: str, place: tuple[str, ...], value: Any) -> Iterator[Fault]:
    try:
        written = reduce(lambda inner, key: {key: inner}, reversed(place), value)
        msgspec.convert(move_target_keys(written), CampaignInput)
    except msgspec.ValidationError as error:
        depth = re.sub(r"\[\d+\]", "", str(error).rpartition("`$")[2]).replace("[...]", ".").count(".")
        if isinstance(value, Mapping) and (depth > len(place) or place == ("target",)):
            for key, inner in value.items():
                yield from _value_faults(path, (*place, key), inner)
            return
        name = ".".join(place)
        expected = expected_kind(str(error))
        message = f"campaign file {path}: {name} = {written_value(value)} should be {expected}"
        if inner := re.search(r"\]\.(\w+)`$", str(error)):  # of a table in a list
            message = f"campaign file {path}: {inner[1]} in {name} should be {expected}"
        yield Fault(code="value-kind", message=message, fix=_correct(place, expected, value), column=name)


def expected_kind(error: str) -> str:
    """Return what a key holds, in words."""
    match = _EXPECTED.search(error)
    kinds = match[1].split(" | ") if match else ["date"]
    words = [WORDS.get(kind, kind) for kind in kinds if kind != "null" and not (kind == "float" and "int" in kinds)]
    if "int" in kinds and "float" in kinds:
        words[words.index(WORDS["int"])] = WORDS["float"]
    of_a_list = re.search(r"\[\d+\]`$", error) is not None
    return f"{WORDS['array']}, of {' or '.join(words)}" if of_a_list else " or ".join(words)


def written_value(value: Any) -> str:
    """Return a value as the file has it, in a few characters."""
    if isinstance(value, Mapping):
        return "{...}"
    if isinstance(value, list):
        return f"[{', '.join(map(written_value, value))}]"[:MAX_CHARACTERS]
    if isinstance(value, str) and not re.fullmatch(r"-?\d*\.\d+", value):  # a number with decimals is text by now
        return json.dumps(value, ensure_ascii=False)[:MAX_CHARACTERS]
    return str(value).lower() if isinstance(value, bool) else str(value)[:MAX_CHARACTERS]


def _correct(place: tuple[str, ...], expected: str, value: Any) -> str:
    """Return how to correct the line of the file."""
    key = place[-1] if re.fullmatch(r"[\w-]+", place[-1]) else json.dumps(place[-1], ensure_ascii=False)
    scalar = value if isinstance(value, str | int) and not isinstance(value, bool) else "..."
    text = json.dumps(str(scalar), ensure_ascii=False)
    examples = {
        WORDS["bool"]: "true",
        WORDS["array"]: f"[{text}]",
        WORDS["date"]: "2026-11-01",
        WORDS["int"]: "1000",
        WORDS["float"]: "20000",
        WORDS["str"]: text,
    }
    full = ".".join(place)
    if expected == WORDS["object"]:
        heading, entry = ".".join((*place[:-1], key)), ENTRIES.get(full)
        such_as = f", such as {entry}" if entry else ""
        return f"begin a table with [{heading}], and write each entry on its own line{such_as}"
    if full in EXAMPLES and not (full == "calendar.waves" and isinstance(value, str)):
        fee = f"; for a fixed fee, {DEDUCT_FEE}" if place[-1] == "retainer" else ""
        return f"write it like {key} = {EXAMPLES[full]} under [{place[0]}]{fee}"
    example = next((text for kind, text in examples.items() if expected.startswith(kind)), text)
    table = f" under [{'.'.join(place[:-1])}]" if len(place) > 1 else ""
    return f"write it like {key} = {example}{table}"
