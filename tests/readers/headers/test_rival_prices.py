"""Of several prices of one offer one is the fee, and which is told: the agreed, the net, that for all, the latest."""

import pytest

from tests.readers.builders import cells, fault_keys, read

HEAD = "creator,followers,"


def two(first, second, ones=("100", "200"), others=("130", "240"), **options):
    """Read a roster with two columns of prices."""
    rows = zip("ab", ones, others, strict=True)
    return read(
        f"{HEAD}{first},{second}\n" + "".join(f"{name},5000,{one},{other}\n" for name, one, other in rows), **options
    )


@pytest.mark.parametrize(
    ("chosen", "other"),
    [
        *[
            ("Fee netto", "Fee brutto"),
            ("Nettopreis", "Bruttopreis"),
            ("Fee (net)", "Fee (gross)"),
            ("Fee", "Gross fee"),
        ],
        *[("Price excl. VAT", "Price incl. VAT"), ("Tarif HT", "Tarif TTC"), ("Precio sin IVA", "Precio con IVA")],
        *[
            ("Negotiated price", "Asking price"),
            ("Final fee", "Quote"),
            ("Agreed rate", "List rate"),
            ("Fee", "Asking fee"),
        ],
        *[("Rate 2025", "Rate 2024"), ("Fee 2026", "Fee 2024"), ("Total price", "Unit price"), ("Final fee", "Fee")],
        *[
            ("Gesamtpreis", "Einzelpreis"),
            ("Package price", "Unit price"),
            ("Fee USD", "Fee EUR"),
            ("Fee EUR", "Fee USD"),
        ],
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_one_of_two_prices_is_the_fee_and_the_note_says_how_to_use_the_other(chosen, other, is_first):
    headers = [chosen, other] if is_first else [other, chosen]
    prices = [("100", "200"), ("130", "240")] if is_first else [("130", "240"), ("100", "200")]
    home = {"currency": chosen[-3:]} if other[-3:] in ("EUR", "USD") else {}
    roster = two(*headers, *prices, **home)
    assert (roster.fee.tolist(), "offer" in roster.texts) == ([10000, 20000], False)
    (note,) = roster.notes
    assert note.startswith(f"the fee is read from {chosen}, not from {other}")
    assert f"--map '{other}=fee'" in note
    assert two(
        *headers, *prices, columns={other: "fee"}, **({"currency": other[-3:]} if home else {})
    ).fee.tolist() == [13000, 24000]


def test_a_price_that_is_not_agreed_yet_is_what_was_asked():
    roster = two("Asking price", "Negotiated price", ("150", "220"), ("100", ""))
    assert roster.fee.tolist() == [10000, 22000]
    assert "and from Asking price where that has no amount" in roster.notes[0]
    assert [(remark.code, remark.rows.tolist()) for remark in roster.remarks] == [("price-filled", [3])]


def test_a_word_for_a_price_that_is_open_is_no_agreed_price():
    assert two("Quoted fee", "Agreed fee", ("150", "220"), ("TBC", "180")).fee.tolist() == [15000, 18000]


def test_an_empty_column_of_prices_is_not_preferred():
    assert two("Asking price", "Final price", ("150", "220"), ("", "")).fee.tolist() == [15000, 22000]


@pytest.mark.parametrize(
    ("price", "quantity"), [("Unit price", "Qty"), ("Price", "Quantity"), ("Einzelpreis", "Anzahl")]
)
def test_a_total_is_for_the_deliverables_of_the_quantity(price, quantity):
    total = "Gesamtpreis" if quantity == "Anzahl" else "Total price"
    roster = read(f"{HEAD}{price},{quantity},{total}\na,5000,100,2,200\nb,6000,200,3,600\n")
    assert (roster.fee.tolist(), roster.numbers["deliverables"].tolist()) == ([20000, 60000], [2, 3])


def test_a_total_with_other_costs_is_no_fee():
    roster = read(f"{HEAD}Price,Deliverables,Total price\na,5000,100,2,120\nb,6000,200,3,240\n")
    assert roster.fee.tolist() == [10000, 20000]
    assert roster.notes == ("Total price looks like a total that includes the fee: not counted",)


def test_prices_by_format_are_each_chosen_in_one_note():
    roster = read(
        f"{HEAD}Reel net,Reel price net,Reel price gross,Story price net,Story price gross\na,5000,7,100,119,50,60\n"
    )
    assert (roster.fee.tolist(), cells(roster, "offer")) == ([10000, 5000], ["reel", "story"])
    assert sum("VAT" in note for note in roster.notes) == 1


@pytest.mark.parametrize("headers", ["Reel,Story,Total", "Reel price,Story price,Total price"])
def test_a_total_of_prices_by_format_is_no_offer_and_no_cost(headers):
    roster = read(f"{HEAD}{headers}\na,5000,$150,$100,$250\nb,6000,$200,$180,$380\n")
    assert (roster.fee.tolist(), cells(roster, "offer")) == ([15000, 10000, 20000, 18000], ["reel", "story"] * 2)
    assert not any("extra_cost" in note for note in roster.notes)


def test_a_range_beside_the_final_price_is_not_used():
    roster = read(f"{HEAD}Price from,Price to,Final price\na,5000,100,190,150\nb,6000,90,180,\n")
    assert (roster.fee.tolist(), "fee_low" in roster.numbers) == ([15000, 18000], False)


def test_a_total_beside_the_price_of_one_format_is_no_offer():
    roster = read(f"{HEAD}Reel price,Total price\na,5000,100,190\nb,6000,90,180\n")
    assert roster.fee.tolist() == [10000, 9000]
    assert "Total price is not counted: it is a total of the prices" in roster.notes


def test_two_prices_that_say_the_same_stay_a_fault():
    assert [fault[0] for fault in fault_keys(f"{HEAD}Reel price,Price per reel\na,5000,100,200\n")] == ["column-twice"]
