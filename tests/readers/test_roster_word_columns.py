"""Units, volume discounts, brands and conflicts in a roster file."""

import pytest

from microopt.errors import RosterError
from microopt.readers.roster import read_roster

HEAD = "creator,offer,followers,fee,max_units,volume_discount,brands,conflicts\n"


@pytest.fixture
def read(tmp_path):
    def read(*rows):
        path = tmp_path / "roster.csv"
        path.write_text(HEAD + "\n".join(rows), encoding="utf-8")
        return read_roster(str(path))

    return read


def test_units_and_brands_are_read(read):
    roster = read("@a,reel,5000,100,3,2:10%;3:15%,Acme|Zed,@b", "@b,reel,5000,100,,,,")
    assert roster.numbers["max_units"][0] == 3
    assert roster.texts["brands"].values[0] == ("Acme", "Zed")
    assert roster.texts["conflicts"].contains_any({"b"}).tolist() == [True, False]


@pytest.mark.parametrize("units", ["0", "1.5", "51"])
def test_an_invalid_number_of_units_is_a_fault_at_its_row(read, units):
    with pytest.raises(RosterError) as refused:
        read("@b,reel,5000,100,,,,", f"@a,reel,5000,100,{units},,,")
    (fault,) = refused.value.faults
    assert (fault.code, fault.row, fault.column) == ("units-range", 3, "max_units")


def test_an_invalid_discount_is_a_fault_at_its_row(read):
    with pytest.raises(RosterError) as refused:
        read("@a,reel,5000,100,3,ten percent,,")
    (fault,) = refused.value.faults
    assert (fault.code, fault.row, fault.value) == ("discount-steps", 2, "ten percent")


def test_numbers_of_brands_are_read_as_text(read):
    roster = read("@a,reel,5000,100,,,3,", "@b,reel,5000,100,,,2,")
    assert roster.texts["brands"].distinct_values() == {"2", "3"}
