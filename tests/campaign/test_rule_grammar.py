"""The one rule grammar: what CLI.md promises, and what becomes of everything else."""

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.campaign import Clause, EachRule, Filter, PairRule, RangeRule, Relation, Selector, SoftPenalty
from microopt.campaign.quoting import quote
from microopt.campaign.rule_grammar import format_rule, parse_rule, parse_selector, parse_where
from microopt.campaign.short_forms import parse_creator_count, parse_short_form
from microopt.errors import CampaignError
from microopt.quantities.parse_and_format import Range, format_range
from tests.scale import examples

ALL = Selector()


def refusal(text):
    """Return the error of a text that is not a rule."""
    with pytest.raises(CampaignError) as caught:
        parse_rule(text)
    return caught.value


def selector(**clauses):
    return Selector(clauses=tuple(Clause(column=name, values=tuple(values)) for name, values in clauses.items()))


def range_rule(text, chosen, measure, low, high, *, percent=False, **facts):
    bounds = Range(None if low is None else Fraction(low), None if high is None else Fraction(high), percent)
    return text, RangeRule(label=text, selector=chosen, measure=measure, bounds=bounds, **facts)


# Every line of CLI.md's "Rules" section.
BEAUTY, MEGA, TIKTOK = (
    selector(niche=["beauty"]),
    selector(tier=["mega"]),
    selector(platform=["tiktok"]),
)
DOCUMENTED = [
    range_rule("niche:beauty count 2..5", BEAUTY, "count", 2, 5),
    range_rule("tier:mega spend <= 40%", MEGA, "spend", None, "0.4", percent=True),
    range_rule("tier:mega spend <= 40% of budget", MEGA, "spend", None, "0.4", percent=True, of_budget=True),
    range_rule("platform:tiktok engagements >= 30%", TIKTOK, "engagements", "0.3", None, percent=True),
    range_rule("all conversions >= 300", ALL, "conversions", 300, None),
    range_rule("all hours <= 120", ALL, "hours", None, 120),
    range_rule("all mean(credibility) >= 0.8", ALL, "credibility", "0.8", None, mean=True),
    range_rule(
        "niche:beauty,skincare & region:US count >= 3",
        selector(niche=["beauty", "skincare"], region=["US"]),
        "count",
        3,
        None,
    ),
    range_rule('niche:"home decor" count 2..', selector(niche=["home decor"]), "count", 2, None),
    range_rule("creator:@anna,@ben count <= 1", selector(creator=["@anna", "@ben"]), "count", None, 1),
    range_rule("niche:beauty count >= 3 (soft 2%)", BEAUTY, "count", 3, None, soft=SoftPenalty(Fraction(1, 50), True)),
]


@pytest.mark.parametrize(("text", "rule"), DOCUMENTED, ids=[text for text, _ in DOCUMENTED])
def test_a_documented_rule_is_read_as_documented(text, rule):
    assert parse_rule(text) == rule


@pytest.mark.parametrize("text", [text for text, _ in DOCUMENTED])
def test_a_rule_that_is_written_anew_is_read_back_as_it_was(text):
    rule = parse_rule(text)
    assert replace(parse_rule(format_rule(rule)), label=text) == rule


NUMBERS = st.integers(0, 10**8).map(lambda millionths: Fraction(millionths, 10**6))


@given(st.text(min_size=1, max_size=6), st.text(min_size=1, max_size=6), NUMBERS, NUMBERS, st.booleans(), st.booleans())
def test_any_rule_that_is_written_anew_is_read_back(column, value, low, more, percent, mean):
    part = Fraction(1, 200 if percent else 1)  # no plan has more than all of it
    bounds = Range(low * part, None if more < 1 else (low + more) * part, percent)
    chosen, price = selector(**{column: [value, "x"]}), SoftPenalty(more + 1, percent)
    facts = {"mean": mean and not percent, "soft": price}
    rule = RangeRule(label="", selector=chosen, measure="hours", bounds=bounds, **facts)
    assert replace(parse_rule(format_rule(rule)), label="") == rule


@pytest.mark.parametrize("price", ["0", "-2", "x", "0%", "", "2%%"])
def test_a_soft_rule_costs_more_than_nothing(price):
    with pytest.raises(CampaignError, match="a number above 0") as caught:
        parse_rule(f"all count >= 3 (soft {price})")
    assert caught.value.code == "rule-soft"


def test_a_soft_price_in_a_short_form_is_no_percent_of_it():
    rule = parse_short_form("niche", "beauty=9.. (soft 3%)")
    assert (rule.measure, rule.bounds.low, rule.soft) == ("count", 9, SoftPenalty(Fraction(3, 100), True))
    assert parse_short_form("tier", "mega=..40% (soft 3%)").measure == "spend"
    assert parse_creator_count("20.. (soft 2%)").soft == SoftPenalty(Fraction(1, 50), True)


@pytest.mark.parametrize("text", ["each creator spend <= 500 (soft 2%)", "creator:@a excludes creator:@b (soft 2%)"])
def test_what_cannot_be_soft_is_said(text):
    with pytest.raises(CampaignError, match="cannot be soft"):
        parse_rule(text)


def test_a_soft_price_may_be_money():
    assert parse_rule("all count >= 3 (soft $1,500)").soft == SoftPenalty(Fraction(1500), False)


@pytest.mark.parametrize("relation", list(Relation))
def test_a_documented_pair_is_read_as_documented(relation):
    text = f"creator:@anna {relation.value} creator:@ben"
    left, right = selector(creator=["@anna"]), selector(creator=["@ben"])
    assert parse_rule(text) == PairRule(label=text, relation=relation, left=left, right=right)


@pytest.mark.parametrize("bounds", ["2..5", "2..", "..5", ">= 2", "<= 40%", "= 3"])
def test_every_documented_range_is_read_in_a_rule(bounds):
    rule = parse_rule(f"all count {bounds}")
    assert isinstance(rule, RangeRule)
    assert rule.bounds.percent == bounds.endswith("%")


def test_spaces_around_the_parts_do_not_matter():
    spaced = parse_rule("  niche : beauty , skincare&region:US   count>=3 ")
    tight = parse_rule("niche:beauty,skincare & region:US count >= 3")
    assert isinstance(spaced, RangeRule)
    assert isinstance(tight, RangeRule)
    assert (spaced.selector, spaced.measure, spaced.bounds) == (tight.selector, tight.measure, tight.bounds)
    assert spaced.label == "niche : beauty , skincare&region:US   count>=3"


@pytest.mark.parametrize("bounds", [">=3", "<=40%", "=3", "≥3", "≤ 3"])
def test_a_relation_may_follow_its_measure_without_a_space(bounds):
    rule, where = parse_rule(f"all count{bounds}"), parse_where(f"followers{bounds}")
    assert (rule.measure, where.column) == ("count", "followers")


def test_each_creator_is_a_rule_of_its_own():
    rule = parse_rule("each  creator spend <= 20% of budget")
    assert rule == EachRule(
        label="each  creator spend <= 20% of budget",
        measure="spend",
        of_budget=True,
        bounds=Range(None, Fraction(1, 5), True),
    )
    assert parse_rule("each creator engagements 500..").bounds == Range(Fraction(500), None)
    assert parse_rule("creator:each count <= 1").selector == selector(creator=["each"])


@pytest.mark.parametrize("written", ["net reach", "Net-Reach", "net_reach", '"net reach"', "netreach"])
def test_net_reach_is_one_measure_of_two_words(written):
    assert parse_rule(f"niche:beauty {written} >= 200k").measure == "net reach"


def test_a_selector_stands_alone_for_offers():
    assert parse_selector("creator:@anna & offer:reel") == selector(creator=["@anna"], offer=["reel"])
    with pytest.raises(CampaignError, match="left over") as refused:
        parse_selector("offer:reel count >= 1")
    assert refused.value.code == "selector-syntax"


def test_a_column_may_be_called_all_and_any_column_may_be_quoted():
    assert parse_rule("all:yes count >= 1").selector == selector(all=["yes"])
    assert parse_rule('"home town":"New York" count >= 1').selector == selector(**{"home town": ["New York"]})


def test_a_mean_of_a_percent_is_a_mean_of_the_proportion():
    rule = parse_rule("all mean(engagement_rate) >= 3%")
    assert (rule.bounds, rule.mean) == (Range(Fraction(3, 100), None), True)


def test_a_mean_reads_a_column_with_spaces_quoted_or_not():
    assert parse_rule('all mean("brand fit") >= 1').measure == "brand fit"
    assert parse_rule("all mean( brand fit ) >= 1").measure == "brand fit"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "lacks a selector"),
        ("niche:beauty", "lacks a measure"),
        ("niche:beauty count", "is not a range"),
        ("niche count >= 2", "needs 'all' or column:value in place of 'niche'"),
        ("niche: count >= 2", "lacks a measure .* at '>= 2'"),
        ("niche:beauty, count >= 2", "lacks a measure .* at '>= 2'"),
        ("niche:beauty count 5..2", "the wrong way round"),
        ("niche:beauty count 2.5.3", "is not a"),
        ("tier:mega spend <= 140%", "more than 100%"),
        ("tier:mega count <= 3 of budget", "needs a percent of spend"),
        ("tier:mega reach <= 3% of budget", "needs a percent of spend"),
        ("all mean(spend) <= 40% of budget", "needs a percent of spend"),
        ("creator:@anna requires", "lacks a selector"),
        ("creator:@anna requires creator:@ben please", "left over"),
        ('niche:"home decor count >= 2', "lacks a value"),
        ("all count <= " + "9" * 5000, "beyond ten trillion"),
        ("tier:mega reach <= 33.33333333333%", "more than nine decimals"),
    ],
)
def test_a_rule_that_cannot_be_read_says_why_and_shows_a_form(text, what):
    with pytest.raises(CampaignError, match=what) as caught:
        parse_rule(text)
    assert caught.value.fix
    assert caught.value.code.startswith("rule-")


@pytest.mark.parametrize(
    ("text", "column", "low", "high"),
    [
        ("followers 5k..500k", "followers", 5_000, 500_000),
        ("credibility >= 0.7", "credibility", Fraction(7, 10), None),
        ("engagement_rate >= 3%", "engagement_rate", Fraction(3, 100), None),
        ("growth <= 150%", "growth", None, Fraction(3, 2)),
        ('"brand fit" >= 3', "brand fit", 3, None),
    ],
)
def test_a_filter_takes_a_column_and_a_range(text, column, low, high):
    assert parse_where(text) == Filter(label=text, column=column, bounds=Range(low, high))


def test_a_filter_takes_a_selector():
    assert parse_where("language:en") == Filter(label="language:en", selector=selector(language=["en"]))
    both = parse_where("language:en,de & region:US")
    assert both.selector == selector(language=["en", "de"], region=["US"])


@pytest.mark.parametrize("rule", ["count ..6", "spend <= 40%"])
def test_a_limit_on_each_value_is_answered_with_one_rule_for_each(rule):
    with pytest.raises(CampaignError, match=f"rule 'each niche {rule}': 'each' is for creators only") as caught:
        parse_rule(f"each niche {rule}")
    assert "such as 'niche:VALUE " + rule + "'" in caught.value.fix
    assert parse_rule(f"niche:VALUE {rule}")


@pytest.mark.parametrize("text", ["", "followers", "followers 5..2", "language:", "language:en 5..", ">= 5", "a b c"])
def test_a_filter_that_cannot_be_read_speaks_of_a_filter_and_shows_one(text):
    with pytest.raises(CampaignError, match=r"^filter") as caught:
        parse_where(text)
    assert "language:en" in caught.value.fix


@pytest.mark.parametrize(
    ("column", "text", "label"),
    [
        ("niche", "beauty=2..5", "niche:beauty count 2..5"),
        ("tier", "mega=..1", "tier:mega count ..1"),
        ("tier", "mega=..40%", "tier:mega spend ..40%"),
        ("platform", "tiktok=30%..", "platform:tiktok spend 30%.."),
        ("platform", "tiktok=10%..30%", "platform:tiktok spend 10%..30%"),
        ("region", "US=5", "region:US count = 5"),
        ("niche", "home decor=2..", 'niche:"home decor" count 2..'),
        ("niche", "beauty, skincare=2..", "niche:beauty,skincare count 2.."),
        ("niche", "a=b=2..", "niche:a=b count 2.."),
        ("niche", '"beauty, skincare"=2..', 'niche:"beauty, skincare" count 2..'),
        ("niche", 'food, "beauty, skincare" =2..', 'niche:food,"beauty, skincare" count 2..'),
        ("platform", "tiktok=..€400", "platform:tiktok spend ..€400"),
        ("tier", "mega=$1,000..$2,000 (soft 5%)", "tier:mega spend $1,000..$2,000 (soft 5%)"),
        ("niche", "beauty=500 EUR", "niche:beauty spend = 500 EUR"),
    ],
)
def test_a_short_form_is_a_rule_of_the_grammar(column, text, label):
    written = parse_short_form(column, text)
    assert written == parse_rule(label)
    assert written.label == label


def test_a_short_form_without_a_range_filters():
    assert parse_short_form("platform", "instagram") == parse_where("platform:instagram")
    assert parse_short_form("niche", "home decor, food") == parse_where('niche:"home decor",food')
    assert parse_short_form("niche", '"home, decor",food') == parse_where('niche:"home, decor",food')


@pytest.mark.parametrize("text", ["beauty=", "beauty=many", "beauty=5..2", "beauty=..200%"])
def test_a_short_form_with_a_bad_range_is_refused(text):
    with pytest.raises(CampaignError):
        parse_short_form("niche", text)


def test_a_number_of_creators_is_a_rule_and_a_lone_number_means_exactly():
    assert parse_creator_count("5..20") == parse_rule("all count 5..20")
    assert parse_creator_count("10") == parse_rule("all count = 10")
    with pytest.raises(CampaignError):
        parse_creator_count("some")


@given(st.lists(st.text(max_size=20), min_size=1, max_size=3))
@settings(deadline=None, max_examples=examples(200))
def test_a_quoted_value_is_read_back_as_it_is(values):
    text = f"niche:{','.join(map(quote, values))} & region:{quote(values[0])} count >= 1"
    rule = parse_rule(text)
    assert isinstance(rule, RangeRule)
    assert rule.selector == selector(niche=values, region=values[:1])


@given(st.text(max_size=20))
@settings(deadline=None, max_examples=examples(300))
def test_a_short_form_filter_reads_back_any_value_without_a_comma_or_a_range(value):
    if "," in value or "=" in value:
        return
    assert parse_short_form("niche", value).selector == selector(niche=[value.strip()])


bounds = st.none() | st.decimals(0, 1, places=4).map(Fraction)


@given(bounds, bounds, st.booleans())
@settings(deadline=None)
def test_a_printed_range_is_read_back_by_a_rule(low, high, percent):
    if low is None and high is None:
        return
    if low is not None and high is not None:
        low, high = sorted((low, high))
    written = Range(low, high, percent)
    assert parse_rule(f"tier:mega reach {format_range(written)}").bounds == written


MARKS = [":", ",", "&", '"', "\\", "..", ">=", "<=", "=", "%", ".", "-", ")", "$", "\n", "\0", "\u202e", "é", " "]
WORDS = ["all", "niche", "count", "spend", "mean(", "5", "2k", "of budget", "(soft 2%)", "(soft", "requires"]
PIECES = st.sampled_from([*MARKS, *WORDS, "excludes", "creator:@a"])


@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=40))
@settings(deadline=None, max_examples=examples(300))
def test_hostile_text_is_a_rule_or_a_campaign_error_and_nothing_else(text):
    for read in (parse_rule, parse_where, parse_creator_count, lambda text: parse_short_form("niche", text)):
        try:
            result = read(text)
        except CampaignError:
            continue
        assert result.label.strip() == result.label


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        (
            "niche:beauty count >= 0.6",
            "did you mean 'niche:beauty spend >= 60%' (of the spend) or 'niche:beauty count >= 60%' (of the creators)?",
        ),
        (
            "niche:beauty creators 0.2..0.6",
            "did you mean 'niche:beauty spend 20%..60%' (of the spend) or 'niche:beauty creators 20%..60%' "
            "(of the creators)?",
        ),
        (
            "tier:micro count <= 33.34",
            "did you mean 'tier:micro spend <= 33.34%' (of the spend) or 'tier:micro count <= 33.34%' "
            "(of the creators)?",
        ),
        ("tier:micro count <= 133.34", "write a whole number, such as 134"),
        ("tier:mega spend <= 0,4", "did you mean 'tier:mega spend <= 40%'?"),
        ("each creator spend <= 0.2", "did you mean 'each creator spend <= 20% of budget'?"),
        ("all spend <= 0.2", "did you mean 'all spend <= 20% of budget'?"),
    ],
)
def test_a_fraction_of_a_creator_or_of_a_unit_of_money_is_a_share_without_its_percent(text, fix):
    error = refusal(text)
    assert (error.code, error.fix) == ("rule-range", fix)
    for meant in re.findall(r"'(.+?)'", fix):
        assert parse_rule(meant).bounds.percent


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("micro=33.34", "micro=33.34%.."),  # hardly any plan has exactly this share
        ("micro=0.6", "micro=60%.."),
        ("home decor=..33.34", "'home decor=..33.34%'"),
        ("micro=2..33.34", "micro=2%..33.34%"),
    ],
)
def test_a_short_form_that_lacks_its_percent_sign_is_offered_with_it(text, meant):
    with pytest.raises(CampaignError, match="count is a whole number of creators") as caught:
        parse_short_form("niche", text)
    assert caught.value.fix == f"did you mean {meant} (a share of the spend)?"
    written = parse_short_form("niche", meant.strip("'"))
    assert (written.measure, written.bounds.percent) == ("spend", True)


@pytest.mark.parametrize("text", ["33.34", "33.34..", "..33.34"])
def test_the_number_of_all_creators_is_whole(text):
    with pytest.raises(CampaignError, match="count is a whole number of creators") as caught:
        parse_creator_count(text)
    assert caught.value.fix == "write a whole number, such as 34"


@pytest.mark.parametrize(
    "text",
    ["niche:beauty count <= €400", "all creators 2..$5", "each creator engagements >= 500 USD", "all net reach >= $2M"],
)
def test_an_amount_of_money_is_not_a_number_of_creators_or_of_results(text):
    with pytest.raises(CampaignError, match="is an amount of money") as caught:
        parse_rule(text)
    assert caught.value.code == "rule-range"
    assert "leave the currency out" in caught.value.fix


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("niche:beauty followers <= $400", "niche:beauty spend <= $400"),
        ("all creators 2..$5", "all spend 2..$5"),
        ("each creator engagements >= 500 USD", "each creator spend >= 500 USD"),
    ],
)
def test_the_rule_that_an_amount_of_money_asks_for_can_be_pasted(text, rule):
    assert refusal(text).fix == f"leave the currency out, or limit the spend: '{rule}'"
    assert parse_rule(rule).label == rule


def test_the_filter_that_an_amount_of_money_asks_for_can_be_pasted():
    with pytest.raises(CampaignError) as caught:
        parse_where("followers <= $400")
    assert caught.value.fix == "leave the currency out, or filter by fee: 'fee <= $400'"
    assert parse_where("fee <= $400").label == "fee <= $400"


def test_an_amount_of_money_is_not_a_number_of_creators_in_the_short_form_either():
    with pytest.raises(CampaignError, match="is an amount of money"):
        parse_creator_count("..€2")


@pytest.mark.parametrize("text", ["followers <= €30000", "views >= 500 USD", "followers $5k..$500k", "Followers <= €9"])
def test_a_filter_refuses_an_amount_of_money_for_a_number_of_people(text):
    with pytest.raises(CampaignError, match="is an amount of money") as caught:
        parse_where(text)
    assert caught.value.code == "filter-range"
    assert "filter by fee" in caught.value.fix


@pytest.mark.parametrize(
    ("text", "column", "high"),
    [("fee <= €500", "fee", 500), ("product <= 20 USD", "product", 20), ("CPM <= $9", "CPM", 9)],
)
def test_a_filter_takes_an_amount_of_money_for_money(text, column, high):
    assert parse_where(text) == Filter(label=text, column=column, bounds=Range(None, Fraction(high)))


def test_a_mean_of_followers_is_not_an_amount_of_money():
    with pytest.raises(CampaignError, match="is an amount of money"):
        parse_rule("all mean(followers) <= €30000")


@pytest.mark.parametrize(
    ("text", "measure", "high"),
    [
        ("tier:mega spend <= $400", "spend", 400),
        ("all cost <= 400 EUR", "cost", 400),
        ("all mean(fee) <= €250", "fee", 250),
    ],
)
def test_an_amount_of_money_may_limit_money(text, measure, high):
    rule = parse_rule(text)
    assert (rule.measure, rule.bounds) == (measure, Range(None, Fraction(high)))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("all conversions >= 0.5", Fraction(1, 2), None),
        ("all count <= 0", None, 0),
        ("all count >= 1.5", Fraction(3, 2), None),
        ("all mean(fit) >= 0.6", Fraction(3, 5), None),
    ],
)
def test_other_fractions_stay_what_they_are(text, low, high):
    assert parse_rule(text).bounds == Range(low, high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("all spend <= $1.000", None, 1_000),
        ("niche:beauty count >= 1.000", 1_000, None),
        ("all reach 5.000..50.000", 5_000, 50_000),
        ("each creator fee <= 1.500 €", None, 1_500),
        ("all mean(engagement_rate) >= 0.025", Fraction(1, 40), None),
        ("all mean(engagement_rate) >= 0,025", Fraction(1, 40), None),
        ("all mean(ER %) >= 1.125", Fraction(9, 8), None),
        ("all roas >= 1.125", Fraction(9, 8), None),
        ("all roas >= 2x", 2, None),
        ("all roas 2.5X..3 ×", Fraction(5, 2), 3),
    ],
)
def test_the_point_in_a_rule_is_that_of_its_measure(text, low, high):
    assert (parse_rule(text).bounds.low, parse_rule(text).bounds.high) == (low, high)


def test_the_point_in_a_filter_is_that_of_its_column():
    assert parse_where("followers <= 20.000").bounds == Range(None, Fraction(20_000))
    assert parse_where("followers 5.000..50.000").bounds == Range(Fraction(5_000), Fraction(50_000))
    assert parse_where("engagement_rate >= 0.025").bounds == Range(Fraction(1, 40), None)


@pytest.mark.parametrize(
    "text",
    [
        f"niche:beauty count >= 1 (soft{' ' * 100_000}!",
        f"niche:beauty count >= 1 {'(soft ' * 100_000}",
        f"niche:beauty mean({' ' * 100_000}!",
    ],
    ids=["soft", "softs", "mean"],
)
def test_a_rule_as_long_as_a_book_is_refused_in_an_instant(text):
    """A pattern that tries each place of a long text as a start or an end takes the square of its length."""
    with pytest.raises(CampaignError):
        parse_rule(text)


def test_a_short_form_as_long_as_a_book_is_refused_in_an_instant():
    with pytest.raises(CampaignError):
        parse_short_form("niche", f"beauty={'a' * 200_000}")


def test_values_as_many_as_there_are_creators_are_read_in_an_instant():
    rule = parse_short_form("niche", f'{"a," * 50_000}"{"," * 100_000}"=2..5')
    assert len(rule.selector.clauses[0].values) == 50_001


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('a, "b, c"=1', ["a", "b, c"]),
        ('"a, b", "c, d"=1', ["a, b", "c, d"]),
        ('a, say "b, c" d=1', ["a", 'say "b, c" d']),
        ('a, b", c=1', ['a, b"', "c"]),
    ],
)
def test_a_short_form_divides_values_at_commas_outside_quotes(text, values):
    assert list(parse_short_form("niche", text).selector.clauses[0].values) == values


def test_a_rate_of_each_creator_in_percent_is_said_to_be_a_filter():
    with pytest.raises(CampaignError) as refused:
        parse_rule("each creator engagement_rate >= 3%")
    assert refused.value.fix.endswith(": --where 'engagement_rate >= 3%'")
    assert parse_where("engagement_rate >= 3%").bounds == Range(Fraction(3, 100), None)


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("all roas >= 200%", "write it as a multiple of the spend: 'all roas >= 2'"),
        ("tier:mega ROAS 50%..250%", "write it as a multiple of the spend: 'tier:mega ROAS 0.5..2.5'"),
        ("all cpa <= 30%", "write a plain number, such as 'all cpa <= 30'"),
        ("each creator cpe <= 5%", "write a plain number, such as 'each creator cpe <= 30'"),
    ],
)
def test_a_ratio_is_no_share_of_the_plan(text, fix):
    error = refusal(text)
    assert (error.code, error.fix) == ("rule-range", fix)
    for meant in re.findall(r"'(.+?)'", fix):
        assert not parse_rule(meant).bounds.percent


def test_a_ratio_cannot_be_soft():
    assert refusal("all cpa <= 30 (soft 5)").code == "rule-soft"
    assert parse_rule("all profit >= 100 (soft 5)").soft is not None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CPA at most 30", "all cpa <= 30"),
        ("roas of at least 2", None),
        ("micro roas at least 2", "tier:micro roas >= 2"),
        ("profit over 5000", "all profit >= 5000"),
    ],
)
def test_what_is_meant_by_a_ratio_in_words_is_offered(written, meant):
    fix = refusal(written).fix
    assert meant is None or fix == f"did you mean '{meant}'?"


def test_a_limit_on_money_per_result_may_name_the_currency():
    assert parse_rule("all cpa <= $30").bounds == parse_rule("all cpa <= 30").bounds


@pytest.mark.parametrize(
    ("text", "chance"),
    [
        ("all conversions >= 300 in 90%", Fraction(9, 10)),
        ("niche:beauty reach >= 200k in 12.5 %", Fraction(1, 8)),
        ("all spend <= 95% of budget in 100%", Fraction(1)),
        ("all count >= 8 in 90%", Fraction(9, 10)),
    ],
)
def test_a_rule_can_hold_in_a_share_of_the_scenarios(text, chance):
    rule = parse_rule(text)
    assert isinstance(rule, RangeRule)
    assert rule.chance == chance
    assert replace(parse_rule(format_rule(rule)), label=text) == rule


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("all conversions >= 300 in 0%", "not in 0%"),
        ("all conversions >= 300 in 101%", "not in 101%"),
        ("all conversions >= 300 in -5%", "not in -5%"),
        ("all conversions >= 300 in 90", "a chance is a percent"),
        ("all conversions >= 300 (soft 2%) in 90%", "either soft or has a chance"),
        ("all conversions >= 300 in 90% (soft 2%)", "either soft or has a chance"),
        ("all mean(engagement_rate) >= 3% in 90%", "'in 90%' cannot be used with a mean"),
        ("tier:mega spend <= 40% in 90%", "'in 90%' cannot be used with a share of the plan"),
        ("all net reach >= 3k in 90%", "'in 90%' cannot be used with net reach"),
        ("all roas >= 2 in 80%", "'in 80%' cannot be used with roas"),
        ("all conversions 3..5 in 90%", "not of a range"),
        ("each creator spend <= 300 in 90%", "'in ...%' cannot be used with a rule on each creator"),
    ],
)
def test_a_chance_that_no_rule_can_have_is_refused(text, part):
    error = refusal(text)
    assert part in error.message
    assert error.code == "rule-chance"
    assert error.fix


@pytest.mark.parametrize(
    "text",
    [
        "conversions at least 300 in 90% of scenarios",
        "all conversions >= 300 with a 90% chance",
        "all conversions more than 300 in 90% of the cases",
        "all conversions >= 300 in 0.9",
    ],
)
def test_a_chance_in_other_words_is_understood(text):
    assert refusal(text).fix == "did you mean 'all conversions >= 300 in 90%'?"
