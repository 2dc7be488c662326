"""How to write exchange rates that the user has still to look up."""

import tomllib

from microopt.quantities.unset_rates import describe_rates_to_set, format_unset_rates


def test_every_currency_has_an_entry_that_is_refused_until_it_is_filled_in():
    table = tomllib.loads(f"exchange = {{ {format_unset_rates(['EUR', 'GBP'])} }}")
    assert table == {"exchange": {"EUR": 0, "GBP": 0}}


def test_what_to_write_replaces_the_zero():
    assert describe_rates_to_set(["USD"], "EUR") == "with what one USD is worth in EUR instead of 0.00"
    assert describe_rates_to_set(["EUR", "GBP"], "USD") == "with what one of each is worth in USD instead of 0.00"
