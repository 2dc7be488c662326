"""A reason that many creators share is said once, with their names."""

from microopt.rendering.wording.shared_reasons import shared_reason_sentences, shared_reasons

NAMES = [f"@c{number}" for number in range(7)]


def sentences(*reasons, names=NAMES):
    return list(shared_reason_sentences(shared_reasons((name, reasons) for name in names)))


def test_a_reason_of_five_is_said_once_with_the_first_three_names():
    assert sentences("no longer quoted") == ["No longer quoted: @c0, @c1, @c2 and 4 more."]
    assert sentences("a", "b", "a", names=NAMES[:5]) == ["A: @c0, @c1, @c2 and 2 more.", "B: @c0, @c1, @c2 and 2 more."]


def test_of_reasons_that_different_creators_share_each_names_all_of_its_own():
    shared = shared_reasons(
        [*((name, ["declined"]) for name in NAMES), *((f"@d{n}", ["not quoted"]) for n in range(5))]
    )
    assert list(shared_reason_sentences(shared)) == [
        "Declined: @c0, @c1, @c2, @c3, @c4, @c5, @c6.",
        "Not quoted: @d0, @d1, @d2, @d3, @d4.",
    ]


def test_a_reason_of_four_stays_with_each():
    assert sentences("no longer quoted", names=NAMES[:4]) == []


def test_a_reason_of_one_creator_is_put_in_the_plural():
    assert sentences("this creator is unchanged; your settings changed (budget)")[0].startswith(
        "These creators are unchanged; your settings changed (budget): @c0"
    )
    assert sentences("better value elsewhere now: this creator has not become worse")[0].startswith(
        "Better value elsewhere now: these creators have not become worse: @c0"
    )
