"""A slow, independent reader of rosters to test the fast one: character by character, with no code in common.

It knows no columns and decides nothing: it returns the numbers that a cell can stand for, and the rows of a text.
"""

from contextlib import suppress
from math import isclose, isfinite, isnan

DIGITS = set("0123456789")
MISSING = {"", "nan", "nan%", "n/a", "na", "#n/a", "null", "none", "-", "–", "—"}
CURRENCIES = ("r$ $ € £ ¥ ₹", "usd eur gbp jpy inr brl chf cad aud nzd sek nok dkk pln czk mxn sgd hkd zar aed")
CURRENCIES = [name for names in CURRENCIES for name in names.split()]
SCALES = {"k": 1e3, "m": 1e6, "b": 1e9}
SEPARATOR_CHARACTERS = set("=-_*~+|")


def normalize(cell):
    """Return a cell in lower case (ASCII only), with plain spaces, none at the ends, and without byte order marks."""
    spaced = "".join(" " if c.isspace() else c for c in cell.replace("\ufeff", ""))
    return "".join(c.lower() if c.isascii() else c for c in spaced).strip()


def is_missing(cell):
    return normalize(cell) in MISSING


def is_digits(text):
    return bool(text) and set(text) <= DIGITS


def parse_plain_number(body, mark, separators):
    """Return the number written in digits with this decimal mark and one of these group separators, or None."""
    integer_part, has_mark, fraction = body.partition(mark)
    if has_mark and fraction and not is_digits(fraction):
        return None
    used = [separator for separator in separators if separator in integer_part]
    groups = integer_part.split(used[0]) if used else [integer_part]
    is_grouped = 1 <= len(groups[0]) <= 3 and groups[0] != "0" and all(len(group) == 3 for group in groups[1:])
    if len(used) > 1 or (used and not is_grouped):
        return None
    if not all(is_digits(group) for group in groups) and not (integer_part == "" and fraction):
        return None
    return float(f"{''.join(groups) or '0'}.{fraction or '0'}")


def without_affixes(text, affixes):
    """Yield the text, and the text without each of these affixes that it starts or ends with."""
    yield text
    for affix in affixes:
        if text.startswith(affix):
            yield text[len(affix) :].strip()
        if text.endswith(affix):
            yield text[: -len(affix)].strip()


def possible_numbers(cell):
    """Return every number that a cell can stand for, with percents divided by 100, and whether it has a `%`."""
    text = normalize(cell)
    numbers = set()
    percent = text.endswith("%")
    for body in without_affixes(text[:-1].strip() if percent else text, [] if percent else CURRENCIES):
        sign = -1 if body[:1] == "-" else 1
        for unsigned in without_affixes(body[1:].strip() if body[:1] in ("+", "-") else body, CURRENCIES):
            scale = SCALES.get(unsigned[-1:], 1)
            number = unsigned[:-1].strip() if unsigned[-1:] in SCALES else unsigned
            for mark, separators in ((".", ",' "), (",", ".' ")):
                value = parse_plain_number(number, mark, separators)
                if value is not None:
                    numbers.add(sign * value * scale / (100 if percent else 1))
    if set(text) <= DIGITS | set(".e+-") and "e" in text:
        with suppress(ValueError):
            numbers.add(float(text))
    return {value for value in numbers if isfinite(value)}, percent


def is_close_to_any(value, candidates):
    return any(isclose(value, candidate, rel_tol=1e-9, abs_tol=1e-12) for candidate in candidates)


def explains_number(cell, value, *, rate=False):
    """Whether a cell can stand for this number; a rate without a percent sign may also be in percent."""
    if isnan(value):
        return is_missing(cell)
    candidates, percent = possible_numbers(cell)
    if rate and not percent:
        candidates |= {candidate / 100 for candidate in candidates}
    return is_close_to_any(value, candidates)


def explains_fee(cell, cents):
    if cents == -1:
        return is_missing(cell)
    candidates, percent = possible_numbers(cell)
    return not percent and any(abs(candidate * 100 - cents) <= 0.5000001 + 1e-9 * cents for candidate in candidates)


def parse_records(text, delimiter):
    """Return the rows of a delimited text as lists of cells, or None for a row with unbalanced quotes."""
    lines = split_lines(text)
    rows = []
    start = 0
    while start < len(lines):
        count, cells = parse_record(lines, start, delimiter)
        rows.append(cells)
        start += count
    return rows


def split_lines(text):
    lines, line = [], ""
    position = 0
    while position < len(text):
        character = text[position]
        if character == "\r" and text[position + 1 : position + 2] == "\n":
            character = "\r\n"
        position += len(character)
        line += character
        if character in ("\r", "\n", "\r\n"):
            lines.append(line)
            line = ""
    return [*lines, line] if line else lines


def parse_record(lines, start, delimiter):
    """Return the lines that a row takes and its cells; 1 and None if a quote stays open or a later line misuses it."""
    cells, cell = [], ""
    in_quotes = was_quoted = is_odd = False
    count = 0
    while True:
        if start + count >= len(lines):
            return 1, None
        line = lines[start + count]
        count += 1
        has_ended = False
        position = 0
        while position < len(line):
            character = line[position]
            position += 1
            if in_quotes:
                if character != '"':
                    cell += character
                elif line[position : position + 1] == '"':
                    cell += '"'
                    position += 1
                else:
                    in_quotes = False
                    following = line[position : position + 1]
                    is_odd = is_odd or following not in ("", delimiter, "\r", "\n")
                    if is_odd and count > 1:
                        return 1, None
            elif character == '"' and cell == "" and not was_quoted:
                in_quotes = was_quoted = True
            elif character == delimiter:
                cells.append(cell)
                cell, was_quoted = "", False
            elif character in "\r\n":
                has_ended = True
                break
            else:
                cell += character
        if in_quotes and is_odd:
            return 1, None
        if not in_quotes and (has_ended or start + count >= len(lines)):
            return count, [*cells, cell] if cells or cell or was_quoted else []


def is_blank(cells):
    return cells is not None and not any(normalize(cell) for cell in cells)


def is_separator_row(cells):
    """Whether a row is a line such as `====`."""
    texts = [normalize(cell) for cell in cells or []]
    return any(texts) and all(not cell or (len(cell) >= 3 and set(cell) <= SEPARATOR_CHARACTERS) for cell in texts)
