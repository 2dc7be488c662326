"""Fees above the usual ones are told once: as those of creators, or as the level of the market where most are."""

from msgspec.structs import replace

from microopt.rendering.wording.high_fees import high_fee_sentences
from microopt.roster.usual_fees import UsualFees
from tests.rendering.builders import picks

OWN = UsualFees(source="list", creators=40, low=0.6, high=1.7, level=1.0)
PUBLIC = UsualFees(source="industry", creators=9, low=0.4, high=2.5, level=1.0)


def sentence(*multiples, hints=True, about=None, **facts):
    bought = [
        replace(
            pick, creator=f"@c{place}", fee=int(multiple * 100_000), usual_fee=100_000, fee_high=multiple > 2, **facts
        )
        for place, (pick, multiple) in enumerate(zip(picks(len(multiples)), multiples, strict=True))
    ]
    return [text for _, text in high_fee_sentences(bought, about, hints=hints)]


def bought(place, fee, usual_fee):
    (pick,) = picks(1)
    return replace(pick, creator=f"@c{place}", fee=fee, usual_fee=usual_fee, fee_high=fee > 2 * usual_fee)


def sentence_of(fees):
    ((_, text),) = high_fee_sentences([bought(place, *money) for place, money in enumerate(fees)], hints=False)
    return text


def test_nothing_is_said_where_no_fee_is_high():
    assert sentence(1, 1.9, 0.2) == sentence() == []


def test_the_highest_of_a_few_high_fees_is_named():
    assert sentence(1, 3.4, 1, 2.5, 1) == [
        "2 of 5 fees are well above the usual fee. Highest: @c1 at 3.4x, @c3 at 2.5x. See microopt forecast."
    ]
    assert sentence(1, 3.4, 1, hints=False) == ["1 of 3 fees is well above the usual fee: @c1 at 3.4x."]


def test_the_sentence_says_whether_the_usual_fee_comes_from_the_list_or_the_industry():
    assert sentence(1, 3.4, 1, hints=False, about=OWN) == [
        "1 of 3 fees is well above the usual fee on your list: @c1 at 3.4x."
    ]
    assert sentence(1, 3.4, 1, hints=False, about=PUBLIC) == [
        "1 of 3 fees is well above the usual fee (an industry estimate): @c1 at 3.4x."
    ]


def test_a_list_that_is_dearer_than_the_industry_says_so_although_no_fee_in_the_plan_is_high():
    dear = replace(PUBLIC, level=2.9, high_above=5.8)
    expected = "Fees on your list are about 2.9 times the industry estimate; your market may cost more."
    assert sentence(1.2, 1.5, hints=False, about=dear) == [expected]
    assert sentence(0, 0, hints=False, about=dear) == []


def test_of_own_prices_no_level_is_told():
    assert sentence(3, 2.8, 3.3, hints=False, about=OWN)[0].startswith("3 of 3 fees are well above the usual fee on")


def test_a_multiple_of_hundreds_has_no_decimals():
    assert sentence(1, 1_000.04, 1, hints=False)[0].endswith(": @c1 at 1,000x.")


def test_the_only_fee_is_told_as_such():
    assert sentence(4, hints=False) == ["The one fee is well above the usual fee: @c0 at 4.0x."]


def test_where_most_fees_are_high_the_level_of_the_market_is_told():
    assert sentence(3, 2.8, 3.3, 1, hints=False) == [
        "Their fees are about 2.9 times the industry estimate; your market may cost more."
    ]


def test_a_fee_far_above_a_dear_market_is_still_named():
    assert sentence(3, 2.8, 9, hints=False)[0].endswith("may cost more. Highest: @c2 at 9.0x.")


def test_gifted_posts_are_not_counted_as_fees():
    assert sentence(0, 0, 0, 4, hints=False) == ["The one fee is well above the usual fee: @c3 at 4.0x."]


def test_of_more_fees_than_can_be_named_those_that_cost_the_most_above_the_usual_come_first():
    small = [(3_000, 100)] * 6  # $30 where $1 is usual: a story of a small creator
    large = [(4_300_000, 540_000), (990_000, 330_000), (50_000, 40_000)]
    assert sentence_of(small + large + [(20_000, 20_000)] * 9) == (
        "8 of 18 fees are well above the usual fee. Furthest above it in money: "
        "@c6 at 8.0x, @c7 at 3.0x, @c0 at 30.0x, @c1 at 30.0x, @c2 at 30.0x."
    )


def test_a_small_fee_far_above_a_dear_market_is_not_named():
    dear = [(30_000, 10_000)] * 5
    assert sentence_of([*dear, (3_000, 100)]) == (
        "Their fees are about 3.0 times the industry estimate; your market may cost more."
    )
    assert sentence_of([*dear, (3_000, 100), (90_000, 10_000)]).endswith("may cost more. Highest: @c6 at 9.0x.")


def test_a_creator_with_several_high_fees_is_named_once_with_the_highest():
    offers = [(6_000, 1_000), (90_000, 30_000)]
    both = [replace(bought(place, *money), creator="@both") for place, money in enumerate(offers)]
    others = [bought(place, 3_100, 1_000) for place in range(2, 8)]
    usual = [bought(place, 1_000, 1_000) for place in range(8, 20)]
    ((_, text),) = high_fee_sentences([*both, *others, *usual], hints=False)
    assert text.endswith("Highest: @both at 6.0x, @c2 at 3.1x, @c3 at 3.1x, @c4 at 3.1x, @c5 at 3.1x.")
