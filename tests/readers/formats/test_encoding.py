"""Bytes to UTF-8, whatever wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.errors import RosterError
from microopt.readers.formats.encoding import as_utf8

TEXT = "creator,fee\nÅsa – €,5\n😀,6\n"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (TEXT.encode("utf-8"), []),
        (TEXT.encode("utf-8-sig"), []),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), ["the text is UTF-16-LE"]),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), ["the text is UTF-16-BE"]),
        (TEXT.encode("utf-16-le"), ["the text is UTF-16-LE"]),
        (TEXT.encode("utf-16-be"), ["the text is UTF-16-BE"]),
    ],
)
def test_an_encoding_is_detected_and_told(data, told):
    assert as_utf8("r", data) == (TEXT.encode("utf-8"), told)


def test_what_is_no_utf_8_is_western():
    assert as_utf8("r", "Åsa – €\n".encode("cp1252")) == ("Åsa – €\n".encode(), ["the text is Windows-1252 (cp1252)"])


def test_bytes_that_cp1252_lacks_are_told():
    data, notes = as_utf8("r", b"\xc5sa \x81,5\n")
    assert data.decode() == "Åsa \ufffd,5\n"
    assert notes[1] == "1 character cannot be decoded and stands as \ufffd"


def test_one_slip_in_utf_8_does_not_spoil_the_other_names():
    data, notes = as_utf8("r", "Åsa, Zoë, 😀".encode() + b" \xe9,5\n")
    assert data.decode() == "Åsa, Zoë, 😀 \ufffd,5\n"
    assert notes == ["1 character cannot be decoded and stands as \ufffd"]


def test_half_a_character_at_the_end_is_told():
    data, notes = as_utf8("r", b"\xff\xfe" + "ab".encode("utf-16-le")[:-1])
    assert data.decode() == "a\ufffd"
    assert notes == ["the text is UTF-16-LE", "1 character cannot be decoded and stands as \ufffd"]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"creator\0,5", "NUL bytes"),
        (b"PK\x03\x04\x14\0\0\0", "workbook"),
        (b"PAR1\x15\0", "Parquet"),
        (b"\xd0\xcf\x11\xe0\0\0", ".xls"),
        (b"\xff\xfea\0\0\0", "NUL bytes"),
        (TEXT.encode("utf-32"), "NUL bytes"),
    ],
)
def test_what_is_no_text_is_told_for_what_it_is(data, what):
    with pytest.raises(RosterError, match=what) as caught:
        as_utf8("r", data)
    assert caught.value.code == "file-not-text"


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(data):
    try:
        text, _ = as_utf8("r", data)
    except RosterError:
        return
    assert "\0" not in text.decode("utf-8")
