"""A TOML file of the user -> its keys, whatever the file holds: exact numbers, and no depth or size that does harm."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Any

from msgspec import Struct

from microopt.errors import CampaignError
from microopt.files.reading import read_file
from microopt.quantities.nesting import is_nested_too_deep
from microopt.quantities.size_limits import MAX_CAMPAIGN_BYTES, MAX_KEY_PARTS
from microopt.readers.campaign_file_faults import CAMPAIGN_FILE, syntax_error
from microopt.readers.nearby_files import suggest_nearby_file

MAX_NUMBER_BITS = 10_000  # some 3,000 decimal digits; Python writes up to 4,300
# A dotted key of too many parts: tomllib keeps the beginnings of each, which for 20,000 parts take 1.6 GB.
_KEY_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_DEEP_KEY = re.compile(
    rf"(?:^|[\[{{,])[ \t]*+{_KEY_PART}(?:\.[ \t]*+{_KEY_PART}){{{MAX_KEY_PARTS}}}".encode(), re.MULTILINE
)
# How to go on where a file is missing or too large, by what it is.
_MISSING = {CAMPAIGN_FILE: "check the path, or create an example with microopt init"}
_TOO_LARGE = {
    CAMPAIGN_FILE: "give your list first, and a campaign file after -c; name many creators by a column: --where group:a"
}


class TomlFile(Struct, frozen=True):
    """What a file holds: its keys with decimal numbers as texts, so that money stays exact, and the SHA-256 of it."""

    keys: Mapping[str, Any]
    sha256: str


def read_toml(path: str, what: str = CAMPAIGN_FILE) -> TomlFile:
    """Return what a file of TOML holds.

    Parameters
    ----------
    what
        What messages call it.

    Raises
    ------
    CampaignError
        If the file is missing, too large, not TOML, nested too deep, or has a number that no Python writes.
    """
    data = read_toml_bytes(path, what)
    if deep := _DEEP_KEY.search(data):
        line = data.count(b"\n", 0, deep.start()) + 1
        raise _too_deep(f"{what} {path}: line {line}")
    try:
        keys = tomllib.loads(data.decode("utf-8-sig"), parse_float=_exactly)
    except RecursionError:
        raise _too_deep(f"{what} {path}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise syntax_error(path, data, error, what) from None
    except (ValueError, InvalidOperation):  # a number of thousands of digits, or with an exponent of twenty
        raise _out_of_range(path, data, what) from None
    if is_nested_too_deep(keys):
        raise _too_deep(f"{what} {path}")
    if _holds_long_number(keys):
        raise _out_of_range(path, data, what)
    return TomlFile(keys, sha256(data).hexdigest())


def read_toml_bytes(path: str, what: str = CAMPAIGN_FILE) -> bytes:
    """Return the bytes of a file of TOML, whatever they say.

    Raises
    ------
    CampaignError
        If the file is missing or too large.
    """
    try:
        data = read_file(path, most=MAX_CAMPAIGN_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        fix = suggest_nearby_file(path, ".toml") or _MISSING.get(what, "check the path")
        raise CampaignError(f"{what} {path} cannot be read: {reason}", fix=fix, code="file-missing") from None
    if len(data) > MAX_CAMPAIGN_BYTES:
        message = f"{what} {path} is larger than {MAX_CAMPAIGN_BYTES:,} bytes"
        raise CampaignError(
            message,
            fix=_TOO_LARGE.get(what, "divide it in two files, such as march-1.toml and march-2.toml"),
            code="file-too-large",
        )
    return data


def is_special(path: Path) -> bool:
    """Whether a path is that of a folder, a pipe or a device, which may be read for ever."""
    try:
        return not S_ISREG(path.stat().st_mode)
    except OSError:  # reading it says why
        return False


def _holds_long_number(value: Any) -> bool:
    """Whether there is a whole number that Python reads, as a hexadecimal one, and refuses to write."""
    if isinstance(value, int):
        return value.bit_length() > MAX_NUMBER_BITS
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(map(_holds_long_number, parts))


def _out_of_range(path: str, data: bytes, what: str) -> CampaignError:
    return syntax_error(path, data, ValueError("it has a number that is out of range"), what)


def _too_deep(place: str) -> CampaignError:
    message = f"{place} has lists or tables that are nested too deep"
    return CampaignError(
        message, fix='write each line as key = value, such as rules = ["all count 5..20"]', code="file-syntax"
    )


def _exactly(text: str) -> str:
    """Keep a decimal number as text, so that money stays exact."""
    return str(Decimal(text.replace("_", "")))
