"""Headers that are nearly known ones."""

import pytest

from tests.readers.builders import read

ROW = {"text": ("nice", "slow"), "rate": ("4.1%", "3%"), "count": ("120", "150"), "platform": ("tiktok", "IG")}


def hints(header, kind):
    first, second = ROW[kind]
    roster = read(f"handle,followers,fee,{header}\n@ann,20000,300,{first}\n@ben,30000,200,{second}\n")
    return [note for note in roster.notes if "did you mean" in note]


@pytest.mark.parametrize(
    ("header", "kind", "column"),
    [
        ("engagment_rate", "rate", "engagement_rate"),
        ("Enagagement Rate", "rate", "engagement_rate"),
        ("max_unit", "count", "max_units"),
        ("conflict_with", "text", "conflicts"),
        ("platfrom", "platform", "platform"),
        ("Avg Vews", "count", "views"),
        ("Langauge", "text", "language"),
    ],
)
def test_a_slip_is_told_with_the_column_that_was_meant(header, kind, column):
    assert hints(header, kind) == [f"{header} is not used: did you mean {column}?"]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("engagment_rate", "text"),
        ("platfrom", "text"),
        ("Langauge", "count"),
        ("Avg Vews", "rate"),
        ("Notes", "text"),
        ("Growth", "rate"),
        ("Rank", "count"),
    ],
)
def test_spelling_alone_suggests_nothing(header, kind):
    assert not hints(header, kind)


def test_a_column_that_is_there_is_not_suggested():
    roster = read("handle,followers,fee,likes,Lkies\n@ann,20000,300,5,6\n@ben,30000,200,6,7\n")
    assert not [note for note in roster.notes if "did you mean" in note]


def test_a_header_that_is_set_aside_is_not_suggested():
    text = "handle,followers,fee,max_unit\n@ann,20000,300,2\n@ben,30000,200,1\n"
    assert not read(text, columns={"max_unit": "ignore"}).notes


def test_a_column_of_days_of_creators_is_no_slip():
    text = "handle,followers,fee,Start,Availability\n@ann,20000,300,2027-04-01,in May\n@ben,30000,200,2027-04-15,\n"
    roster = read(text)
    readings = {use.header: use.reading for use in roster.columns}
    told = "not used for waves: that needs available_from and available_to"
    assert (readings["Start"], readings["Availability"]) == (told, told)
    assert not [note for note in roster.notes if "did you mean" in note]
