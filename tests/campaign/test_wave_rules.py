"""Rules in time: `each wave`, `in WAVE`, gaps, exclusive days, and what is no wave."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.calendar_waves import unusable_name
from microopt.campaign.campaign import Clause, EachRule, PairRule, RangeRule, Relation, Selector, SoftPenalty
from microopt.campaign.rule_grammar import format_rule, parse_rule
from microopt.campaign.rules_by_wave import waves_meant
from microopt.campaign.short_forms import parse_creator_count, parse_short_form
from microopt.campaign.wave_rules import GAP, When, in_wave, split_when
from microopt.errors import CampaignError
from microopt.quantities.parse_and_format import Range

MARCH = When(first="2027-03", last="2027-03")
EACH = When(each=True)
BEAUTY = Selector(clauses=(Clause(column="niche", values=("beauty",)),))
ANNA = Selector(clauses=(Clause(column="creator", values=("@anna",)),))


def refusal(text):
    with pytest.raises(CampaignError) as caught:
        parse_rule(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("niche:beauty count >= 2 each wave", EACH),
        ("niche:beauty count >= 2 EACH  wave", EACH),
        ("all spend <= 40% in 2027-03", MARCH),
        ("tier:mega count <= 1 in first wave", When(place=1)),
        ("tier:mega count <= 1 in last wave", When(place=-1)),
        ("tier:mega count <= 1 in second wave", When(place=2)),
        ("tier:mega count <= 1 in 3rd wave", When(place=3)),
        ("tier:mega count <= 1 in wave 12", When(place=12)),
        ("tier:mega count <= 1 in wave 60", When(place=60)),
        ("each creator count <= 1 in second wave", When(place=2)),
        ("all spend <= 9000 in 2027-03..2027-05", When(first="2027-03", last="2027-05")),
        ("all spend <= 9000 each wave in 2027-03..2027-05", When(each=True, first="2027-03", last="2027-05")),
        ("all spend <= 40% of budget in 2027-W10", When(first="2027-W10", last="2027-W10")),
        ('all count >= 2 in "spring launch"', When(first="spring launch", last="spring launch")),
        ('all count >= 2 in "90"', When(first="90", last="90")),
        ('all count >= 2 in "first wave"', When(first="first wave", last="first wave")),
        ("all mean(engagement_rate) >= 3% each wave", EACH),
        ("all net reach >= 20k in launch", When(first="launch", last="launch")),
        ("all cpa <= 30 each wave", EACH),
    ],
)
def test_a_rule_says_in_which_waves_it_holds(text, when):
    rule = parse_rule(text)
    assert (rule.when, rule.label) == (when, text)
    assert replace(parse_rule(format_rule(rule)), label=text) == rule


@pytest.mark.parametrize(
    ("text", "chance", "soft"),
    [
        ("all conversions >= 30 in 2027-03 in 90%", Fraction(9, 10), None),
        ("all conversions >= 30 in 90% in 2027-03", Fraction(9, 10), None),
        ("all conversions >= 30 in 2027-03 (soft 2%)", None, SoftPenalty(Fraction(1, 50), True)),
        ("all conversions >= 30 (soft 2%) in 2027-03", None, SoftPenalty(Fraction(1, 50), True)),
    ],
)
def test_a_wave_and_a_chance_or_a_price_go_together_in_any_order(text, chance, soft):
    rule = parse_rule(text)
    assert (rule.when, rule.chance, rule.soft, rule.measure) == (MARCH, chance, soft, "conversions")
    assert replace(parse_rule(format_rule(rule)), label=text) == rule


def test_a_wave_named_by_a_number_is_written_in_quotes_and_never_a_chance():
    assert parse_rule('all conversions >= 30 in "90" in 90%').when == When(first="90", last="90")
    assert refusal("all conversions >= 30 in 90").code == "rule-chance"
    assert refusal("all conversions >= 30 in 2027-03 in 90").code == "rule-chance"
    assert "'all conversions >= 30 in 2027-03 in 90'" in refusal("all conversions >= 30 in 2027-03 in 90").message


@pytest.mark.parametrize(
    "text",
    [
        'creator:@a excludes creator:"live in berlin"',
        'creator:@a excludes creator:"say \\"in\\" or in paris"',
        "niche:beauty count >= 2",
    ],
)
def test_words_of_a_value_are_no_wave(text):
    assert parse_rule(text).when is None


def test_rules_on_each_creator_and_on_pairs_have_waves_too():
    each = EachRule(label="", measure="count", bounds=Range(None, Fraction(1)), when=EACH)
    assert replace(parse_rule("each creator count <= 1 each wave"), label="") == each
    pair = PairRule(label="", relation=Relation.REQUIRES, left=ANNA, right=BEAUTY, when=MARCH)
    assert replace(parse_rule("creator:@anna requires niche:beauty in 2027-03"), label="") == pair


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("each creator gap >= 2 waves", Range(Fraction(2), None)),
        ("each creator gap >= 1 wave", Range(Fraction(1), None)),
        ("each creator gap 1..3 waves", Range(Fraction(1), Fraction(3))),
        ("each creator gap = 2 waves", Range(Fraction(2), Fraction(2))),
        ("each creator gap <= 2waves", Range(None, Fraction(2))),
    ],
)
def test_a_gap_is_in_waves(text, bounds):
    rule = parse_rule(text)
    assert rule == EachRule(label=text, measure=GAP, bounds=bounds)
    assert replace(parse_rule(format_rule(rule)), label=text) == rule


def test_a_gap_without_its_unit_is_a_column_of_that_name():
    assert parse_rule("each creator gap >= 2").measure == "gap"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("each creator gap >= 1.5 waves", "whole number"),
        ("each creator gap <= 0 waves", "at least 1 wave later"),
        ("each creator gap >= 2 waves each wave", "over all of them"),
        ("each creator gap >= 2 waves in 90%", "cannot be used with a rule on each creator"),
        ("creator:@anna exclusive 0d", "1 to 3,650 days"),
        ("creator:@anna exclusive 9999 days", "1 to 3,650 days"),
        ("creator:@anna requires niche:beauty within 30d", "days belong to 'excludes'"),
        ("creator:@anna exclusive 30d each wave", "after every post already"),
        ("creator:@anna exclusive 30d (soft 2%)", "cannot be soft"),
    ],
)
def test_what_cannot_be_in_time_is_refused(text, part):
    error = refusal(text)
    assert part in error.message
    assert error.fix


@pytest.mark.parametrize("days", ["30d", "30 days", "30 d"])
def test_a_creator_is_exclusive_for_days_after_a_post(days):
    rule = parse_rule(f"creator:@anna exclusive {days}")
    alone = PairRule(label="", relation=Relation.EXCLUDES, left=ANNA, right=Selector(), days=30)
    assert replace(rule, label="") == alone
    assert replace(parse_rule(format_rule(rule)), label=rule.label) == rule


def test_a_creator_may_be_exclusive_among_some_only():
    rule = parse_rule("creator:@anna excludes niche:beauty within 30d in 2027-03")
    assert (rule.right, rule.days, rule.when) == (BEAUTY, 30, MARCH)
    assert replace(parse_rule(format_rule(rule)), label=rule.label) == rule


def test_repeats_are_a_measure():
    assert parse_rule("all repeats >= 60%").bounds == Range(Fraction(3, 5), None, percent=True)
    assert parse_rule("niche:beauty repeats >= 3").measure == "repeats"


def test_short_forms_take_waves():
    assert replace(parse_short_form("niche", "beauty=2..5 each wave"), label="") == replace(
        parse_rule("niche:beauty count 2..5 each wave"), label=""
    )
    assert parse_short_form("niche", "beauty=2 in 2027-03").bounds == Range(Fraction(2), Fraction(2))
    assert parse_short_form("tier", "mega=..40% in 2027-03 (soft 3%)").when == MARCH
    assert parse_creator_count("5 each wave") == parse_rule("all count = 5 each wave")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("at least 2 beauty creators each wave", None),
        ("niche:beauty at least 2 in every wave", "niche:beauty count >= 2 each wave"),
        ("niche:beauty at least 2 per wave", "niche:beauty count >= 2 each wave"),
        ("each wave niche:beauty count >= 2", "niche:beauty count >= 2 each wave"),
        ("tier:mega at most 1 in the first wave", "tier:mega count <= 1 in first wave"),
        ("tier:mega count <= 1 during the second month", "tier:mega count <= 1 in second wave"),
        ("niche:beauty count >= 2 each month", "niche:beauty count >= 2 each wave"),
        ("niche:beauty count >= 2 every week", "niche:beauty count >= 2 each wave"),
        ("every month, niche:beauty at least 2", "niche:beauty count >= 2 each wave"),
        ("all spend <= 5000 monthly", "all spend <= 5000 each wave"),
        ("micro at least 50% of spend in 2027-03", "tier:micro spend >= 50% in 2027-03"),
        ("all conversions at least 30 in 2027-03 with 90% probability", "all conversions >= 30 in 2027-03 in 90%"),
    ],
)
def test_what_is_meant_by_other_words_keeps_its_waves(text, meant):
    fix = refusal(text).fix
    assert fix == f"did you mean '{meant}'?" if meant else fix


def test_a_rule_on_each_wave_names_the_wave_that_it_is_expanded_to():
    assert in_wave("niche:beauty count >= 2 each wave (soft 2%)", "2027-03") == (
        "niche:beauty count >= 2 in 2027-03 (soft 2%)"
    )
    assert in_wave("all conversions >= 3 each wave in 2027-03..2027-04 in 90%", "spring launch") == (
        'all conversions >= 3 in "spring launch" in 90%'
    )


NAMES = st.text(min_size=1, max_size=8).map(str.strip).filter(lambda name: name and not unusable_name(name))
WHENS = st.one_of(
    st.just(EACH),
    st.sampled_from([-1, *range(1, 61)]).map(lambda place: When(place=place)),
    st.builds(lambda each, first, last: When(each=each, first=first, last=last), st.booleans(), NAMES, NAMES),
)


@example(When(first="launch.", last="sale"), None, False)
@example(When(first="launch.", last="90"), None, False)
@example(When(first="launch", last=".sale"), None, False)
@given(WHENS, st.sampled_from([None, Fraction(9, 10)]), st.booleans())
def test_any_waves_that_are_written_anew_are_read_back(when, chance, soft):
    price = SoftPenalty(Fraction(2)) if soft and chance is None else None
    bounds = Range(Fraction(3), None)
    rule = RangeRule(label="", selector=BEAUTY, measure="hours", bounds=bounds, soft=price, chance=chance, when=when)
    assert replace(parse_rule(format_rule(rule)), label="") == rule
    assert in_wave(format_rule(replace(rule, when=EACH)), "x") == format_rule(
        replace(rule, when=When(first="x", last="x"))
    )


@pytest.mark.parametrize("text", [" in " * 60_000, "a in " + "b" * 200_000, "(soft" * 50_000, "each wave " * 50_000])
def test_waves_are_looked_for_in_an_instant(text):
    assert split_when(f"all count >= 2{text}")[0]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("in first wave", [("2027-03",)]),
        ("in second wave", [("2027-04",)]),
        ("in wave 3", [("2027-05",)]),
        ("in last wave", [("2027-05",)]),
        ("in fourth wave", []),
        ("in 2027-4..2027-05", [("2027-04", "2027-05")]),
        ("each wave in 2027-03..2027-04", [("2027-03",), ("2027-04",)]),
        ("in 2027-06", []),
    ],
)
def test_the_waves_of_a_rule_are_those_of_the_calendar_that_its_words_mean(words, meant):
    months = Calendar(
        waves=tuple(
            Wave(name=f"2027-{month:02d}", starts=date(2027, month, 1), ends=date(2027, month, 28))
            for month in (3, 4, 5)
        )
    )
    when = parse_rule(f"all count >= 1 {words}").when
    assert [*waves_meant(when, months)] == meant
