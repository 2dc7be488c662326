"""Bytes -> UTF-8: the encoding is known by its mark, by where NUL bytes stand, or by what UTF-8 does not allow."""

from __future__ import annotations

from microopt.readers.formats.raw_bytes import unreadable

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_OTHERS = {
    b"PK\x03\x04": "a workbook or another zip file",
    b"PAR1": "a Parquet file",
    b"\xd0\xcf\x11\xe0": "an .xls file",
}
_UNKNOWN = "\ufffd"  # stands for what cannot be decoded


def as_utf8(path: str, data: bytes) -> tuple[bytes, list[str]]:
    """Return a text's bytes in UTF-8 without a mark, and what was assumed.

    Raises
    ------
    RosterError
        If it is no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _text(path, data[len(mark) :], encoding)
    if b"\0" in data[:2]:
        return _text(path, data, "utf-16-be" if data[:1] == b"\0" else "utf-16-le")
    if data.isascii() and b"\0" not in data:  # the common case, asked in a tenth of the time
        return data, []
    return _text(path, data, "utf-8")


def _text(path: str, data: bytes, encoding: str) -> tuple[bytes, list[str]]:
    notes = [] if encoding == "utf-8" else [f"the text is {encoding.upper()}"]
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding == "utf-8" and _is_western(data):
            encoding, notes = "cp1252", ["the text is Windows-1252 (cp1252)"]
        text = data.decode(encoding, errors="replace")
        lost = text.count(_UNKNOWN)
        if lost:
            told = (
                "1 character cannot be decoded and stands"
                if lost == 1
                else f"{lost:,} characters cannot be decoded and stand"
            )
            notes.append(f"{told} as {_UNKNOWN}")
    if "\0" in text:
        raise _not_text(path, data)
    return (data if encoding == "utf-8" and not notes else text.encode("utf-8")), notes


def _is_western(data: bytes) -> bool:
    """Whether bytes that are no UTF-8 look like cp1252: most of those above ASCII stand alone."""
    text = data.decode("utf-8", errors="replace")
    alone = text.count(_UNKNOWN)
    return alone >= len(text) - len(text.encode("ascii", errors="ignore")) - alone


def _not_text(path: str, data: bytes) -> Exception:
    other = next((name for mark, name in _OTHERS.items() if data.startswith(mark)), None)
    message = f"{path} is {other}" if other else f"{path} is not text: it holds NUL bytes"
    fix = "give it the suffix of its format, or export the roster as CSV" if other else "export it as CSV in UTF-8"
    return unreadable("file-not-text", message, fix)
