"""What is suggested for a rule that is written as people say it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.campaign.rule_grammar import parse_rule, parse_selector, parse_where
from microopt.errors import CampaignError
from microopt.quantities.parse_and_format import Range
from tests.scale import examples


def refusal(text, parse=parse_rule):
    """Return the error of a text that is not a rule."""
    with pytest.raises(CampaignError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("micro count >= 60%", "tier:micro count >= 60%"),
        ("tiktok spend <= 40%", "platform:tiktok spend <= 40%"),
        ("niche:beauty & mega count = 1", "niche:beauty & tier:mega count = 1"),
        ('"micro" count >= 60%', 'tier:"micro" count >= 60%'),
        (r'"mi\cro" count >= 60%', r'tier:"mi\cro" count >= 60%'),
        ("micro >= 60%", "tier:micro count >= 60%"),
        ("micro 2..5", "tier:micro count 2..5"),
        ("micro >= $500", "tier:micro spend >= $500"),
        ("micro at least 50% of spend", "tier:micro spend >= 50%"),
        ("micro at least 50% of the creators", "tier:micro count >= 50%"),
        ("mega at most 40% of the budget", "tier:mega spend <= 40% of budget"),
        ('micro & niche:"home decor" >= 10 (soft 2%)', 'tier:micro & niche:"home decor" count >= 10 (soft 2%)'),
    ],
)
def test_a_tier_or_a_platform_needs_its_column_and_a_measure(text, meant):
    assert refusal(text).fix == f"did you mean '{meant}'?"
    assert parse_rule(meant)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("each creator <= 20%", "each creator spend <= 20% of budget"),
        ("each creator spend <= 20%", "each creator spend <= 20% of budget"),
        ("each creator at most 2k", "each creator spend <= 2k"),
        ("spend > 50%", "all spend >= 50% of budget"),
        ("spend at least 50%", "all spend >= 50% of budget"),
        ("spend >= 50% of the budget", "all spend >= 50% of budget"),
        ("spend between 20% and 40%", "all spend 20%..40% of budget"),
        ("spend <= 5k", "all spend <= 5k"),
        ("net reach at least 10k", "all net reach >= 10k"),
        ("creators at least 5", "all creators >= 5"),
        ("niche:beauty >= 2", "niche:beauty count >= 2"),
        ("niche:beauty count > 3", "niche:beauty count >= 4"),
        ("niche:beauty creators fewer than 3", "niche:beauty creators <= 2"),
        ("tier:mega spend <= 40% of the budget", "tier:mega spend <= 40% of budget"),
    ],
)
def test_words_become_the_signs_and_the_measure_of_the_grammar(text, meant):
    assert refusal(text).fix == f"did you mean '{meant}'?"
    assert parse_rule(meant)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("mean engagement_rate >= 3%", "all mean(engagement_rate) >= 3%"),
        ("mean(engagement_rate) >= 3%", "all mean(engagement_rate) >= 3%"),
        ("all mean engagement_rate >= 3%", "all mean(engagement_rate) >= 3%"),
        ("all mean engagement rate >= 3%", "all mean(engagement_rate) >= 3%"),
        ("engagement rate >= 3%", "all mean(engagement_rate) >= 3%"),
        ('all mean "My score" >= 3', 'all mean("My score") >= 3'),
        ("average of engagement_rate 3%..5%", "all mean(engagement_rate) 3%..5%"),
        ("niche:beauty avg views >= 10k", "niche:beauty mean(views) >= 10k"),
        ("niche:beauty & tier:nano mean views >= 10k", "niche:beauty & tier:nano mean(views) >= 10k"),
    ],
)
def test_a_mean_is_suggested_as_it_is_written(text, meant):
    assert refusal(text).fix == f"did you mean '{meant}'?"
    assert parse_rule(meant).mean


def test_a_share_without_its_percent_sign_gets_the_suggestions_of_the_whole_rule():
    fix = refusal("micro >= 0.6").fix
    assert fix == refusal("tier:micro count >= 0.6").fix
    assert fix.startswith("did you mean 'tier:micro spend >= 60%'")


def test_a_limit_on_each_value_gets_a_measure():
    (example,) = re.findall("'(.*)'", refusal("each tier <= 40%").fix)
    assert example == "tier:VALUE count <= 40%"
    assert parse_rule(example).bounds == Range(None, parse_rule("tier:nano count <= 40%").bounds.high, percent=True)


@pytest.mark.parametrize(
    "text",
    [
        "all mean(engagement_rate) >= many",
        "niche:beauty mean(views) 5..2",
        "micro",
        "a b c >= 5",
        "creator:@a & @b count >= 1",
        "tier:mega count <= 40% of budget",
        f"niche:beauty count > {'9' * 4900}x",
        "micro & " * 600,
    ],
)
def test_nothing_is_suggested_where_it_cannot_be_told_what_is_meant(text):
    assert not refusal(text).fix.startswith("did you mean")


@pytest.mark.parametrize("parse", [parse_where, parse_selector])
def test_selectors_and_filters_get_the_columns_that_they_lack(parse):
    assert refusal("niche:a & micro & tiktok", parse).fix == "did you mean 'niche:a & tier:micro & platform:tiktok'?"
    assert not refusal("niche:a & micro foo", parse).fix.startswith("did you mean")


PARTS = """all each creator micro tiktok niche:beauty & mean ( ) engagement rate spend count reach net >= <= > < = at
least most between and 2..5 60% 5 0.4 5k $500 of the budget creators (soft 2%) requires @a , : " '"""
WORDS = st.sampled_from(PARTS.split())


@settings(max_examples=examples(400))
@given(st.lists(WORDS, min_size=1, max_size=9))
def test_every_suggestion_is_a_rule(words):
    try:
        parse_rule(" ".join(words))
    except CampaignError as error:
        for meant in re.findall(r"did you mean '(.*?)'\?$", error.fix):
            if "' (of the spend) or '" not in meant:
                assert parse_rule(meant)
