"""The encoding of a list that is not UTF-8: found by the letters of its names, or given."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.campaign.inputs import CampaignInput
from microopt.errors import CampaignError, RosterError
from microopt.readers.campaign_file import campaign_from_input
from microopt.readers.formats.encoding_detection import find_encoding
from microopt.readers.words.vocabulary import ROSTER
from tests.readers.builders import decode
from tests.scale import examples

# Names as their owners write them, by the encodings in which lists of them come. None of them shaped the detection.
LINES = Path(__file__).parents[2].joinpath("data/names-by-encoding.txt").read_text(encoding="utf-8").splitlines()
NAMES = {encoding: names.split("; ") for encoding, _, names in (line.partition(": ") for line in LINES)}
NAMES["mac_roman"] = NAMES["cp1252"]
ENOUGH = 5  # names from which the right encoding is expected


def write_list(names):
    return "creator,followers,fee\n" + "".join(f"{name},{20000 + i},{300 + i}\n" for i, name in enumerate(names))


def draw_names(encoding, minimum, maximum):
    return st.lists(st.sampled_from(NAMES[encoding]), min_size=minimum, max_size=maximum, unique=True)


@pytest.mark.parametrize("encoding", NAMES)
@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_five_names_are_enough_to_read_a_list_as_its_owner_wrote_it(encoding, data):
    text = write_list(data.draw(draw_names(encoding, ENOUGH, 10)))
    assert decode(text.encode(encoding), vocabulary=ROSTER)[0].decode() == text


@pytest.mark.parametrize("encoding", NAMES)
@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_where_fewer_names_are_misread_it_is_told_that_they_may_be(encoding, data):
    text = write_list(data.draw(draw_names(encoding, 2, ENOUGH - 1)))
    recoded, notes = decode(text.encode(encoding), vocabulary=ROSTER)
    assert recoded.decode() == text or "check the names, or give --encoding" in notes[0]


@pytest.mark.parametrize("encoding", NAMES)
@settings(max_examples=examples(30), deadline=None)
@given(st.data())
def test_a_list_in_an_encoding_that_is_named_reads_as_its_owner_wrote_it(encoding, data):
    text = write_list(data.draw(draw_names(encoding, 1, 5)))
    assert decode(text.encode(encoding), encoding)[0].decode() == text
    assert decode(text.encode("utf-8-sig"), encoding)[0].decode() == text  # a byte order mark is certain


def test_a_known_header_decides_where_one_name_cannot():
    text = "imię,obserwujący,cena\nOla,20000,300\n"
    assert decode(text.encode("cp1250"), vocabulary=ROSTER) == (
        text.encode(),
        ["the text is Windows-1250 (cp1250, Central European)"],
    )


@pytest.mark.parametrize("mark", ["£", "€", "–", "’", "\xa0"])
def test_signs_and_dashes_alone_are_those_of_cp1252(mark):
    text = f"creator,followers,fee\nann,20000,{mark}300\nben,30000,{mark}450\n"
    recoded, notes = decode(text.encode("cp1252"))
    assert recoded.decode() == text
    assert "Windows-1252" in notes[0]


@pytest.mark.parametrize(
    "names",
    [("Jürgen Groß", "Özgür Çelik"), ("Gülçin Öz", "Ümit Çelik"), ("François", "Hélène")],
    ids=["German", "Turkish letters of both", "French"],
)
def test_of_encodings_that_read_a_list_alike_the_most_usual_is_named(names):
    recoded, notes = decode(write_list(names).encode("cp1252"), vocabulary=ROSTER)
    assert recoded.decode() == write_list(names)
    assert "Windows-1252" in notes[0]


@pytest.mark.parametrize("encoding", NAMES)
def test_a_large_list_is_judged_by_parts_of_it(encoding):
    names = [f"creator {i}" for i in range(60_000)]
    names[50_000:] = [f"{NAMES[encoding][i % 10]} {i}" for i in range(10_000)]
    data = write_list(names).encode(encoding)
    assert data.decode(find_encoding(data, lambda head: 0).encoding) == data.decode(encoding)


def test_other_encodings_are_left_to_charset_normalizer():
    text = write_list(NAMES["cp1251"])
    recoded, notes = decode(text.encode("cp866"))
    assert recoded.decode() == text
    assert notes[0].startswith("the text is probably cp")
    assert notes[0].endswith("check the names, or give --encoding")


def test_characters_that_the_named_encoding_lacks_are_counted():
    assert decode("Zoë\n".encode("cp1252"), "ascii")[1] == ["1 character cannot be decoded and is shown as \ufffd"]


def test_bytes_that_are_no_text_are_refused_whatever_encoding_is_named():
    with pytest.raises(RosterError, match="NUL bytes"):
        decode(b"creator\0,fee\n", "cp1252")


@pytest.mark.parametrize(("name", "stored"), [("Shift-JIS", "shift_jis"), ("UTF8", "utf-8"), ("latin1", "iso8859-1")])
def test_an_encoding_is_stored_under_the_name_that_python_gives_it(name, stored):
    assert campaign_from_input(CampaignInput(budget="1", encoding=name)).encoding == stored


@pytest.mark.parametrize("name", ["klingon", "", "base64", "undefined"])
def test_an_encoding_that_does_not_exist_is_refused(name):
    with pytest.raises(CampaignError, match="there is no encoding") as caught:
        campaign_from_input(CampaignInput(budget="1", encoding=name))
    assert caught.value.faults[0].code == "encoding-unknown"
    assert "cp1250" in caught.value.fix


def test_a_long_line_of_ascii_in_another_encoding_is_read_in_an_instant():
    """A pattern that looks for a letter beyond ASCII from each letter of a word takes the square of its length."""
    data = b"creator,note\n" + b"a" * 200_000 + b"," + b"b" * 100_000 + "\nJosé,Müller à côté\n".encode("cp1252")
    assert find_encoding(data + b"Zo\xeb " + b"c" * 100_000, lambda head: 0).encoding == "cp1252"


def test_a_pair_of_characters_that_an_encoding_cannot_write_alone_is_weighed_too():
    pair = b"\x88\xa3"  # of Big5 with the letters of Hong Kong: a letter and its macron
    data = b"creator,followers,fee\n" + pair + b"\xa0\xad \x8f\xa5\xe2,20000,300\n\x80\xad\xad\xa0,21000,310\n"
    assert find_encoding(data, lambda text: 1)
