"""Figures that are hard to believe are told in a line or two, whatever their number."""

import pytest

from microopt.rendering.wording.plan_sentences import plan_sentences
from microopt.rendering.wording.suspicion import (
    describe_largest_share,
    fee_sentences,
    figure_sentences,
    suspicion_sentence,
)
from microopt.roster.suspicion import FEE_CODE
from tests.rendering.builders import metrics, pick, plan, suspicion

FEE = "$14 for 1.2M followers is 1/2,600 of the usual fee: is it $14,000?"


def sentence(*suspicions, hints=True):
    return [text for _, text in figure_sentences(suspicions, hints=hints)]


def test_one_creator_is_named_with_the_figures_and_the_way_on():
    assert sentence(suspicion("@ann", in_plan=1)) == [
        "Warning: 1 creator in this plan has figures that are hard to believe: @ann (5M likes, 20k followers). "
        "See microopt check, or leave this creator out with --exclude-suspicious."
    ]


def told_share(*engagements, in_plan=1):
    chosen = [pick(number, metrics=metrics(each)) for number, each in enumerate(engagements)]
    sample = plan(chosen, suspicions=(suspicion("@creator.0", in_plan=in_plan),))
    return describe_largest_share(sample)


def test_a_doubted_creator_who_brings_more_than_a_fifth_of_the_result_is_told_with_the_share():
    assert told_share(30, 70).startswith("@creator.0 brings 30% of the engagements")
    assert told_share(20, 80) == ""
    assert told_share(30, 70, in_plan=0) == ""
    (text,) = [text for _, text in figure_sentences([suspicion("@a", in_plan=1)], share="@a brings 30% of the reach.")]
    assert "(5M likes, 20k followers). @a brings 30% of the reach. See microopt check, or" in text


@pytest.mark.parametrize(
    ("in_plan", "start"),
    [
        (0, "Warning: 4 creators outside this plan have figures that are hard to believe: @a ("),
        (1, "Warning: 4 creators have figures that are hard to believe, 1 of them in this plan: @a ("),
        (4, "Warning: 4 creators in this plan have figures that are hard to believe: @a ("),
    ],
)
def test_three_are_named_and_the_rest_is_counted(in_plan, start):
    (text,) = sentence(suspicion("@a", "@b", "@c", count=4, in_plan=in_plan), hints=False)
    assert text.startswith(start)
    assert text.endswith("@c (5M likes, 20k followers) and 1 more.")


def test_creators_of_the_plan_come_first_over_all_kinds():
    (text,) = sentence(suspicion("@x", "@y", "@z"), suspicion("@p", code="few-comments", text="1 comment", in_plan=1))
    assert text.startswith(
        "Warning: 4 creators have figures that are hard to believe, 1 of them in this plan: @p (1 comment), @x ("
    )


def test_a_plan_without_doubts_says_nothing():
    assert sentence() == []
    assert sentence(suspicion("@a", code=FEE_CODE)) == []


def test_a_fee_is_a_line_of_its_own():
    assert list(fee_sentences([suspicion("@x", code=FEE_CODE, text=FEE, fix=""), suspicion("@y")])) == [
        ("warning", f"Warning: @x: {FEE}")
    ]


@pytest.mark.parametrize(("count", "more"), [(4, "1 more fee is"), (9, "6 more fees are")])
def test_three_fees_are_told_and_the_rest_is_counted(count, more):
    told = [
        text
        for _, text in fee_sentences(
            [suspicion("@x", "@y", "@z", code=FEE_CODE, text="$1", fix="Is it EUR?", count=count)]
        )
    ]
    assert told[:3] == ["Warning: @x: $1.", "Warning: @y: $1.", "Warning: @z: $1."]
    assert told[3:] == [f"Warning: {more} out of all proportion: microopt check lists them.", "Is it EUR?"]


def test_fees_come_first_unless_they_are_above_the_table_already():
    sample = plan(suspicions=(suspicion("@x", code=FEE_CODE, text=FEE), suspicion("@y")))
    assert next(plan_sentences(sample)) == ("warning", f"Warning: @x: {FEE}")
    assert FEE not in str(list(plan_sentences(sample, after_head=True)))
    assert sum("hard to believe" in text for _, text in plan_sentences(sample, after_head=True)) == 1


def test_figures_of_most_creators_are_told_once_of_the_list():
    kinds = [suspicion("@a", "@b", "@c", count=9)]
    assert [text for _, text in figure_sentences(kinds, creators=10)] == [
        "Warning: 9 of 10 creators have figures that are hard to believe, so a whole column may be wrong. "
        "For example, @a (5M likes, 20k followers). See microopt check."
    ]
    assert "may be wrong" not in sentence(*kinds)[0]
    fees = [suspicion("@a", code=FEE_CODE, text="$1 is too little", fix="Is it EUR?", count=9)]
    assert len(list(fee_sentences(fees, creators=10))) == 2
    assert len(list(fee_sentences(fees, creators=20))) == 3


def test_a_check_tells_each_kind_with_its_count_names_and_fix():
    assert suspicion_sentence(suspicion("@a", "@b", "@c", "@d")) == (
        "4 creators have more likes per post than followers: @a (5M likes, 20k followers), "
        "@b (5M likes, 20k followers), @c (5M likes, 20k followers) and 1 more. "
        "If these are totals of the account, rename the column likes."
    )
