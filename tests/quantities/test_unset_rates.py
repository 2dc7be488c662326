"""How to write exchange rates that the user has still to look up."""

import tomllib

from microopt.quantities.unset_rates import describe_rates_to_set, describe_unset_rates, unset_rate_lines


def test_every_currency_has_a_line_that_is_refused_until_it_is_filled_in():
    lines = unset_rate_lines(["EUR", "GBP"], has_table=False)
    assert tomllib.loads("\n".join(lines)) == {"exchange": {"EUR": 0, "GBP": 0}}
    assert tomllib.loads("\n".join(unset_rate_lines(["EUR", "GBP"], has_table=True))) == {"EUR": 0, "GBP": 0}


def test_what_to_write_replaces_the_zero():
    assert describe_rates_to_set(["USD"], "EUR") == "with what one USD is worth in EUR instead of 0.00"
    assert describe_rates_to_set(["EUR", "GBP"], "USD") == "with what one of each is worth in USD instead of 0.00"


def test_it_is_said_where_the_lines_go():
    assert describe_unset_rates(["GBP"], "EUR", has_table=False).startswith("add at the top of the campaign file, with")
    assert describe_unset_rates(["GBP"], "EUR", has_table=True).startswith("add under [exchange] in the campaign file")
