"""A column that is missing: the message offers the lines of a campaign file."""

import tomllib

import pytest

from tests.readers.builders import read, roster_error


def fix_of(text, name, **options):
    (fault,) = [fault for fault in roster_error(text, **options).faults if fault.column == name]
    assert fault.code == "column-missing"
    return fault.fix


def offered(fix):
    """Return the `[columns]` that a fix offers, parsed as TOML."""
    lines = fix[fix.index("[columns]") :].split("\n")[:2]
    return tomllib.loads("\n".join(lines))["columns"]


@pytest.mark.parametrize(
    ("text", "name", "header"),
    [
        ("handle,followers,What they want\n@ann,20000,300\n@ben,30000,200\n", "fee", "What they want"),
        ("handle,people,fee\n@ann,20000,300\n@ben,30000,200\n", "followers", "people"),
        ("who,followers,fee\nann,20000,300\nben,30000,200\n", "creator", "who"),
        ('wh"o,followers,fee\nann,20000,300\nben,30000,200\n', "creator", 'wh"o'),
    ],
)
def test_the_one_header_that_can_be_it_is_filled_in(text, name, header):
    columns = offered(fix_of(text, name))
    assert columns == {header: name}
    assert len(read(text, columns=columns)) == 2


def test_nothing_is_suggested_where_no_cells_can_be_it():
    fix = fix_of("handle,followers,feed\n@ann,20000,nice\n@ben,30000,fun\n", "fee")
    assert offered(fix) == {"Your header": "fee"}
    assert "feed" not in fix


def test_nothing_is_suggested_between_two_that_can_be_it():
    fix = fix_of("handle,people a,people b,fee\n@ann,20000,1000,300\n@ben,30000,2000,200\n", "followers")
    assert "Your header" in fix or "people" in fix


def test_a_fee_may_also_be_estimated():
    assert "--estimate-fees" in fix_of("handle,followers\n@ann,20000\n", "fee")
    assert len(read("handle,followers\n@ann,20000\n", fees_required=False)) == 1
