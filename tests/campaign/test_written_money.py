"""The one currency of a campaign, and what is said about points that were taken for thousands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.campaign.inputs import CampaignInput
from microopt.campaign.layered_settings import lay_over
from microopt.campaign.settings import parse_campaign
from microopt.campaign.written_money import describe_thousands, written_amounts
from microopt.errors import CampaignError


def currency(**written):
    return parse_campaign(CampaignInput(**{"budget": "20k", **written})).currency


@pytest.mark.parametrize(
    "written",
    [
        {"budget": "€20,000"},
        {"budget": "20.000 €"},
        {"order_value": "45 EUR"},
        {"per_creator": "€10"},
        {"worth": {"conversions": "€30"}},
        {"rules": ["all spend <= €1.000"]},
        {"rules": ["niche:beauty spend €1,000..€2,000"]},
        {"niche": ["beauty=..€500"]},
        {"where": ["fee <= 500 EUR"]},
        {"currency": "eur"},
    ],
)
def test_any_amount_names_the_currency_of_the_campaign(written):
    assert currency(**written) == "EUR"


def test_a_campaign_without_a_currency_has_none():
    assert currency(order_value="45", rules=["all spend <= 1.000"], where=["niche:usd", 'niche:"5 EUR"']) is None


SIGNED = {
    "budget": lambda sign: f"{sign}20,000",
    "order_value": lambda sign: f"{sign}45",
    "per_creator": lambda sign: f"{sign}10",
    "rules": lambda sign: [f"all spend <= {sign}1,000"],
    "worth": lambda sign: {"conversions": f"{sign}30"},
}


@given(
    st.lists(st.sampled_from(list(SIGNED)), unique=True, max_size=5), st.sets(st.sampled_from(list(SIGNED))), st.data()
)
@settings(deadline=None)
def test_the_currency_is_the_same_in_any_order_of_flags_and_file(keys, signed, data):
    """Every amount is in the file or a flag, with or without its sign; a bare flag stands over each one of the file."""
    sides = {key: data.draw(st.sampled_from(["file", "flag", "both"])) for key in keys}
    file = {key: SIGNED[key]("€" if key in signed else "") for key in keys if sides[key] != "flag"}
    flags = {
        key: SIGNED[key]("€" if key in signed and sides[key] == "flag" else "") for key in keys if sides[key] != "file"
    }
    merged = lay_over(CampaignInput(**flags), CampaignInput(**file))
    campaign = parse_campaign(merged, budget_needed=False)
    assert campaign.currency == ("EUR" if signed & set(keys) else None)


@pytest.mark.parametrize(
    ("file", "flags", "amount"),
    [
        ({"budget": "€20,000"}, {"budget": "$30k"}, "budget $30k is in USD, but the campaign is in EUR"),
        ({"budget": "€20,000"}, {"order_value": "$45"}, "order value $45 is in USD, but the campaign is in EUR"),
        ({"currency": "EUR"}, {"rules": ["all spend <= $5"]}, "$5 is in USD, but the campaign is in EUR"),
        ({"currency": "USD"}, {"worth": {"reach": "£1"}}, "worth of reach £1 is in GBP, but the campaign is in USD"),
        ({"currency": "USD"}, {"budget": "20.000 €"}, "budget 20.000 € is in EUR, but the campaign is in USD"),
    ],
)
def test_a_sign_that_contradicts_the_campaigns_currency_is_an_error_with_its_fix(file, flags, amount):
    with pytest.raises(CampaignError) as caught:
        parse_campaign(lay_over(CampaignInput(**flags), CampaignInput(**{"budget": "1", **file})))
    (fault,) = caught.value.faults
    assert fault.code == "currency-contradicts"
    assert amount in fault.message
    assert 'currency = "' in fault.fix


def test_every_amount_in_another_currency_is_told():
    with pytest.raises(CampaignError) as caught:
        parse_campaign(CampaignInput(budget="€20k", order_value="$45", per_creator="£5"))
    assert [fault.message.split()[0] for fault in caught.value.faults] == ["order", "per"]


@pytest.mark.parametrize(("code", "budget"), [("CAD", "$20,000"), ("AUD", "$5"), ("CNY", "¥500"), ("EUR", "20000")])
def test_a_sign_that_several_currencies_share_is_the_campaigns(code, budget):
    assert currency(currency=code, budget=budget) == code


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"budget": "20.000"}, "budget 20.000 is read as 20,000"),
        ({"budget": "20.000 €"}, "budget 20.000 is read as 20,000"),
        ({"rules": ["all spend <= $1.000"]}, "rule 'all spend <= $1.000': 1.000 is read as 1,000"),
        ({"where": ["followers 5.000.."]}, "filter 'followers 5.000..': 5.000 is read as 5,000"),
        ({"target": {"reach": "50.000"}}, "target reach 50.000 is read as 50,000"),
        (
            {"budget": "1.000", "order_value": "2.000"},
            "budget 1.000 is read as 1,000; order value 2.000 is read as 2,000",
        ),
        ({"budget": "20,00"}, "budget 20,00 is read as 20.00"),
        ({"budget": "199,9 €"}, "budget 199,9 is read as 199.90"),
        ({"budget": "3 mil"}, "budget 3 mil is read as 3,000,000"),
        ({"budget": "3 mil €"}, "budget 3 mil is read as 3,000"),
        *(
            ({"budget": budget}, "")
            for budget in ("20,000", "20,5k", "5 lakh", "20.00", "20000", "1.234.567", "20.000,50", "199.99", 1.125)
        ),
        ({"rules": ["all mean(er) >= 1.125"], "where": ["niche:v1.000"]}, ""),
    ],
)
def test_what_was_taken_for_thousands_is_said_in_one_line(written, said):
    assert describe_thousands(written_amounts(CampaignInput(**written))) == said


def test_many_assumptions_are_counted():
    rules = [f"all reach <= {n}.000" for n in range(1, 10)]
    said = describe_thousands(written_amounts(CampaignInput(rules=rules)))
    assert said.count("is read as") == 4
    assert said.endswith("and 5 more")


@pytest.mark.parametrize("text", ["1" * 200_000, "1." * 100_000, "1" + " " * 200_000, "." * 200_000])
def test_an_amount_as_long_as_a_book_has_no_thousands_to_tell(text):
    assert describe_thousands([("budget", text)]) == ""


def test_a_rule_of_many_quotes_names_no_amounts():
    """From each quote that is not the end of a text in quotes, a pattern must not look for the end of the rule."""
    rules = ['niche:"' + '\\"' * 100_000]
    assert [text for _, text in written_amounts(CampaignInput(rules=rules))] == [""]
