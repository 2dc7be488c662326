"""The currency of the house, and rates that its campaigns lack."""

from fractions import Fraction

import pytest

from microopt.campaign.portfolio_currency import house_currency, missing_rates


@pytest.mark.parametrize(
    ("stated", "of_campaigns", "found"),
    [("EUR", ["USD"], "EUR"), (None, ["EUR", "EUR"], "EUR"), (None, ["EUR", "GBP"], "USD"), (None, [], "USD")],
)
def test_the_house_counts_in_its_own_currency_or_the_only_one_of_its_campaigns(stated, of_campaigns, found):
    assert house_currency(stated, of_campaigns) == found


def test_each_currency_without_a_rate_is_one_fault_with_its_campaigns():
    currencies = {"a": "USD", "b": "EUR", "c": "GBP", "d": "GBP"}
    found = list(missing_rates("USD", {"EUR": Fraction(1)}, currencies))
    assert [fault.message.partition(",")[0] for fault in found] == ["c"]
    assert found[0].message.startswith("c, d are in GBP")
    assert "GBP = 1.08" in found[0].fix
    assert list(missing_rates("USD", {"EUR": Fraction(1), "GBP": Fraction(1)}, currencies)) == []
