"""Fees above the usual ones are told once: as those of creators, or as the level of the market where most are."""

from msgspec.structs import replace

from microopt.rendering.wording.high_fees import high_fee_sentences
from tests.rendering.builders import picks


def sentence(*multiples, hints=True, **facts):
    bought = [
        replace(
            pick, creator=f"@c{place}", fee=int(multiple * 100_000), usual_fee=100_000, fee_high=multiple > 2, **facts
        )
        for place, (pick, multiple) in enumerate(zip(picks(len(multiples)), multiples, strict=True))
    ]
    return [text for _, text in high_fee_sentences(bought, hints=hints)]


def test_nothing_is_said_where_no_fee_is_high():
    assert sentence(1, 1.9, 0.2) == sentence() == []


def test_the_highest_of_a_few_high_fees_is_named():
    assert sentence(1, 3.4, 1, 2.5, 1) == [
        "2 of 5 fees are well above the going rate. Highest: @c1 at 3.4x, @c3 at 2.5x. See microopt forecast."
    ]
    assert sentence(1, 3.4, 1, hints=False) == ["1 of 3 fees is well above the going rate: @c1 at 3.4x."]


def test_the_only_fee_is_told_as_such():
    assert sentence(4, hints=False) == ["The one fee is well above the going rate: @c0 at 4.0x."]


def test_where_most_fees_are_high_the_level_of_the_market_is_told():
    assert sentence(3, 2.8, 3.3, 1, hints=False) == [
        "Fees are typically 2.9 times the industry estimate; your market may cost more."
    ]


def test_a_fee_far_above_a_dear_market_is_still_named():
    assert sentence(3, 2.8, 9, hints=False)[0].endswith("may cost more. Highest: @c2 at 9.0x.")


def test_gifted_posts_are_not_counted_as_fees():
    assert sentence(0, 0, 0, 4, hints=False) == ["The one fee is well above the going rate: @c3 at 4.0x."]
