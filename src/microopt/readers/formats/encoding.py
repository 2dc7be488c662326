"""Turn the bytes of a text into UTF-8, in whatever encoding a spreadsheet or a tool wrote them."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.files.reading import STANDARD_INPUT, source_name
from microopt.readers.formats.raw_bytes import unreadable_file
from microopt.readers.formats.raw_table import RawTable, is_numeric, to_texts
from microopt.readers.words.vocabulary import Vocabulary
from microopt.roster.roster import RowRemark

REPLACEMENT = "\ufffd"  # the character in place of bytes that cannot be decoded
SHOWN_ROWS = 8
FIRST_LINES = 30  # in which the header is searched
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# These encodings have a currency's sign in place of the backslash, and Python decodes it as a backslash.
_SIGNS_AT_BACKSLASH = {"shift_jis": "¥", "cp932": "¥", "euc_kr": "₩", "cp949": "₩"}
_BACKSLASH_BEFORE_AMOUNT = re.compile(r"\\(?=\d)")
_SAMPLE = 1 << 12  # bytes in which the places of NUL bytes are looked at
_CELLS = re.compile(r"[,;\t|]")
_OTHER_FORMATS = {
    b"PK\x03\x04": "a workbook or another zip file",
    b"PAR1": "a Parquet file",
    b"\xd0\xcf\x11\xe0": "an .xls file",
}


class DecodedText(Struct, frozen=True, kw_only=True):
    """A text in UTF-8 without a byte order mark, and what is to be told of its encoding.

    Attributes
    ----------
    encoding
        Which one was detected, in a sentence; empty if there is nothing to tell.
    doubt
        Which one is only probable, in a sentence with the way to check it; empty if nothing is doubted.
    lost
        How many characters cannot be decoded, in a sentence; empty if all can.
    """

    data: bytes
    encoding: str = ""
    doubt: str = ""
    lost: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether the bytes were plain UTF-8, which needs no note."""
        return not (self.encoding or self.doubt or self.lost)


def to_utf8(path: str, data: bytes, encoding: str | None = None, vocabulary: Vocabulary | None = None) -> DecodedText:
    """Return a text in UTF-8, and what is to be told of its encoding.

    A byte order mark decides, then what the user says, then the positions of NUL bytes. What UTF-8 does not allow is
    told apart by its letters (`find_encoding`).

    Parameters
    ----------
    encoding
        What the user says, or None.
    vocabulary
        Whose headers are evidence for the encoding under which they appear.

    Raises
    ------
    RosterError
        If the bytes are not text.
    """
    for mark, marked in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _recode(path, data[len(mark) :], marked)
    if encoding is not None:
        return _recode(path, data, encoding, is_told=True)
    if wide := _find_wide_encoding(data):
        return _recode(path, data, wide)
    if data.isascii() and b"\0" not in data:  # the common case, tested in a tenth of the time
        return DecodedText(data=data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if _is_another_encoding(data) and b"\0" not in data:
            return _recode_detected(path, data, vocabulary)
    return _recode(path, data, "utf-8")


def note_lost_characters(table: RawTable, lost: str) -> None:
    """Note that characters cannot be decoded, in which rows they are, and remark on these.

    Parameters
    ----------
    lost
        How many they are, in a sentence; empty if there are none.
    """
    if not lost:
        return
    mask = np.zeros(len(table.row), dtype=bool)
    for column in table.columns:
        if not is_numeric(column):
            mask |= np.asarray([REPLACEMENT in cell for cell in to_texts(column)], dtype=np.bool_)
    rows = table.row[mask].tolist()
    where = ""
    if rows:
        shown = ", ".join(map(str, rows[:SHOWN_ROWS])) + (" and more" if len(rows) > SHOWN_ROWS else "")
        where = f" (row {shown})" if len(rows) == 1 else f" (rows {shown})"
        text = f"some characters cannot be decoded and are shown as {REPLACEMENT}"
        table.remarks.append(RowRemark(code="characters-lost", rows=table.row[mask], text=text))
    table.notes.append(lost + where)


def _recode(path: str, data: bytes, encoding: str, *, is_told: bool = False) -> DecodedText:
    note = "" if encoding == "utf-8" or is_told else f"the text is {encoding.upper()}"
    lost_note = ""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
        lost = text.count(REPLACEMENT)
        subject = "1 character" if lost == 1 else f"{lost:,} characters"
        lost_note = f"{subject} cannot be decoded and {'is' if lost == 1 else 'are'} shown as {REPLACEMENT}"
    if "\0" in text:
        raise _not_text_error(path, data)
    sign = _SIGNS_AT_BACKSLASH.get(encoding)
    if sign is not None:
        text = _BACKSLASH_BEFORE_AMOUNT.sub(sign, text)
    is_same = encoding == "utf-8" and not lost_note
    recoded = data if is_same else text.encode("utf-8", errors="replace")
    return DecodedText(data=recoded, encoding=note, lost=lost_note)


def _recode_detected(path: str, data: bytes, vocabulary: Vocabulary | None) -> DecodedText:
    from microopt.readers.formats.encoding_detection import encoding_name, find_encoding

    detected = find_encoding(data, _header_counter(vocabulary))
    recoded = _recode(path, data, detected.encoding, is_told=True)
    name = encoding_name(detected.encoding)
    if detected.is_certain:
        return replace(recoded, encoding=f"the text is {name}")
    return replace(recoded, doubt=f"the text is probably {name}: check the names, or give --encoding")


def _header_counter(vocabulary: Vocabulary | None) -> Callable[[str], int]:
    """Return a function of the first lines of a text: how many headers beyond ASCII one of them names."""

    def count(head: str) -> int:
        if vocabulary is None:
            return 0
        lines = head.splitlines()[:FIRST_LINES]
        cells = ([cell for cell in _CELLS.split(line) if not cell.isascii()] for line in lines)
        return max(map(vocabulary.count_known, cells), default=0)

    return count


def _find_wide_encoding(data: bytes) -> str | None:
    """Return UTF-16 or UTF-32 if a text without a mark has NUL bytes where only these have them."""
    head = data[:_SAMPLE]
    if b"\0" not in head:
        return None
    if b"\0" in head[:2]:
        order = "be" if head[:1] == b"\0" else "le"
        is_four = head[:3] == b"\0\0\0" or (head[1:4] == b"\0\0\0" and head[4:5] != b"\0")
        return f"utf-{32 if is_four else 16}-{order}"
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) == 0 and max(even, odd) >= max(3, len(head) // 20):
        return "utf-16-le" if odd else "utf-16-be"
    return None


def _is_another_encoding(data: bytes) -> bool:
    """Whether most bytes above ASCII are not part of a UTF-8 sequence."""
    text = data.decode("utf-8", errors="replace")
    invalid = text.count(REPLACEMENT)
    return invalid >= len(text) - len(text.encode("ascii", errors="ignore")) - invalid


def _not_text_error(path: str, data: bytes) -> Exception:
    format_name = next((name for mark, name in _OTHER_FORMATS.items() if data.startswith(mark)), None)
    message = f"{source_name(path)} is {format_name or 'not text: it holds NUL bytes'}"
    if not format_name:
        fix = "export it as .csv in UTF-8"
    elif path == STANDARD_INPUT:
        fix = "name its file in place of -, such as roster.xlsx"
    else:
        fix = "rename it to end in .xlsx, .xls, .parquet or .gz, or export your list as .csv"
    return unreadable_file("file-not-text", message, fix)
