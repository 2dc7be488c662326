"""A slow reader of rosters to hold the fast one against: character by character, cell by cell, sharing no code with it.

It knows no columns and decides nothing: it says which numbers a cell can be read as at all, and which rows a text has.
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
    """Return a cell in lower case (ASCII only), every space a plain one, none at the ends, and no byte-order mark."""
    spaced = "".join(" " if c.isspace() else c for c in cell.replace("\ufeff", ""))
    return "".join(c.lower() if c.isascii() else c for c in spaced).strip()


def is_missing(cell):
    return normalize(cell) in MISSING


def is_digits(text):
    return bool(text) and set(text) <= DIGITS


def parse_plain_number(body, mark, groups):
    """Return the number that digits with one decimal mark and one kind of group separator are, or None."""
    whole, found, part = body.partition(mark)
    if found and part and not is_digits(part):
        return None
    used = [separator for separator in groups if separator in whole]
    pieces = whole.split(used[0]) if used else [whole]
    grouped = 1 <= len(pieces[0]) <= 3 and pieces[0] != "0" and all(len(piece) == 3 for piece in pieces[1:])
    if len(used) > 1 or (used and not grouped):
        return None
    if not all(is_digits(piece) for piece in pieces) and not (whole == "" and part):
        return None
    return float(f"{''.join(pieces) or '0'}.{part or '0'}")


def without_affixes(text, ends):
    """Return the text with each of these taken off its start or its end, where it has it, and the text itself."""
    yield text
    for end in ends:
        if text.startswith(end):
            yield text[len(end) :].strip()
        if text.endswith(end):
            yield text[: -len(end)].strip()


def possible_numbers(cell):
    """Return every number that a cell can stand for, a percent sign divided out, and whether it has one."""
    text = normalize(cell)
    found = set()
    percent = text.endswith("%")
    for body in without_affixes(text[:-1].strip() if percent else text, [] if percent else CURRENCIES):
        sign = -1 if body[:1] == "-" else 1
        for bare in without_affixes(body[1:].strip() if body[:1] in ("+", "-") else body, CURRENCIES):
            scale = SCALES.get(bare[-1:], 1)
            number = bare[:-1].strip() if bare[-1:] in SCALES else bare
            for mark, groups in ((".", ",' "), (",", ".' ")):
                value = parse_plain_number(number, mark, groups)
                if value is not None:
                    found.add(sign * value * scale / (100 if percent else 1))
    if set(text) <= DIGITS | set(".e+-") and "e" in text:
        with suppress(ValueError):
            found.add(float(text))
    return {value for value in found if isfinite(value)}, percent


def is_close_to_any(value, candidates):
    return any(isclose(value, candidate, rel_tol=1e-9, abs_tol=1e-12) for candidate in candidates)


def explains_number(cell, value, *, rate=False):
    """Whether a cell can be this number; as a rate, one without a percent sign may also be in percent."""
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


def parse_records(text, mark):
    """Return the rows of a delimited text as lists of cells, or None for a row whose quotes do not add up."""
    lines = split_lines(text)
    rows = []
    at = 0
    while at < len(lines):
        taken, cells = parse_record(lines, at, mark)
        rows.append(cells)
        at += taken
    return rows


def split_lines(text):
    lines, line = [], ""
    at = 0
    while at < len(text):
        character = text[at]
        if character == "\r" and text[at + 1 : at + 2] == "\n":
            character = "\r\n"
        at += len(character)
        line += character
        if character in ("\r", "\n", "\r\n"):
            lines.append(line)
            line = ""
    return [*lines, line] if line else lines


def parse_record(lines, at, mark):
    """Return how many lines a row takes and its cells; None, and one line, where a quote stays open or is odd later."""
    cells, cell = [], ""
    quoted = opened = odd = False
    taken = 0
    while True:
        if at + taken >= len(lines):
            return 1, None
        line = lines[at + taken]
        taken += 1
        ended = False
        place = 0
        while place < len(line):
            character = line[place]
            place += 1
            if quoted:
                if character != '"':
                    cell += character
                elif line[place : place + 1] == '"':
                    cell += '"'
                    place += 1
                else:
                    quoted = False
                    after = line[place : place + 1]
                    odd = odd or after not in ("", mark, "\r", "\n")
                    if odd and taken > 1:
                        return 1, None
            elif character == '"' and cell == "" and not opened:
                quoted = opened = True
            elif character == mark:
                cells.append(cell)
                cell, opened = "", False
            elif character in "\r\n":
                ended = True
                break
            else:
                cell += character
        if quoted and odd:
            return 1, None
        if not quoted and (ended or at + taken >= len(lines)):
            return taken, [*cells, cell] if cells or cell or opened else []


def is_blank(cells):
    return cells is not None and not any(normalize(cell) for cell in cells)


def is_separator_row(cells):
    """Whether a row is a line of `====`."""
    tidied = [normalize(cell) for cell in cells or []]
    return any(tidied) and all(not cell or (len(cell) >= 3 and set(cell) <= SEPARATOR_CHARACTERS) for cell in tidied)
