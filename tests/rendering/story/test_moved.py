"""What moved between waves: one sentence for each amount, the same in every output that tells fees."""

import html

import pytest
from msgspec.structs import replace

from microopt.analysis.report.result import Edition
from microopt.plan.replan_summary import MoveCause, MovedMoney, MoveReason
from microopt.rendering import plan_renderer
from microopt.rendering.html.page import report_html
from microopt.rendering.language.language import find_language
from microopt.rendering.slides.slides import report_pptx
from microopt.rendering.story.moved import moved_sentences
from microopt.rendering.workbook.workbook import report_xlsx
from tests.rendering.builders import replanned, report
from tests.rendering.cells import cells
from tests.rendering.slides.test_slides import open_deck, texts
from tests.rendering.waves import in_waves

ENGLISH, GERMAN = find_language("en"), find_language("de")


def moved(*amounts):
    """Return a plan over waves, replanned, in which money moved."""
    of = replanned(before=in_waves())
    return replace(of, replan=replace(of.replan, moved=amounts))


def amount(reason, *creators, target="2027-05"):
    causes = (MoveCause(reason=reason, creators=creators or ("@ben",)),)
    return MovedMoney(amount=200_000, source="2027-03", target=target, causes=causes)


@pytest.mark.parametrize(
    ("reason", "one", "several"),
    [
        (MoveReason.DECLINED, "@ben declined there", "@ben and @cem declined there"),
        (
            MoveReason.CLOSED,
            "@ben has not agreed, and it is too late to book anybody there",
            "@ben and @cem have not agreed, and it is too late to book anybody there",
        ),
        (MoveReason.UNAVAILABLE, "@ben is no longer available", "@ben and @cem are no longer available"),
        (MoveReason.BETTER, "the plan is better without @ben there", "the plan is better without @ben and @cem there"),
        (MoveReason.LEFT_OUT, "@ben is not in the plan there", "@ben and @cem are not in the plan there"),
        (MoveReason.CHEAPER, "@ben costs less there", "@ben and @cem cost less there"),
    ],
)
def test_every_reason_is_told(reason, one, several):
    told = [*moved_sentences(moved(amount(reason), amount(reason, "@ben", "@cem", target=None)), ENGLISH)]
    assert told == [
        f"$2,000 moved from 2027-03 to 2027-05: {one}.",
        f"$2,000 of 2027-03 is not spent now: {several}.",
    ]


def test_what_goes_to_several_waves_shares_its_reason():
    declined = MoveReason.DECLINED
    amounts = amount(declined, target="2027-04"), amount(declined), amount(declined, target=None)
    (told,) = moved_sentences(moved(*amounts), ENGLISH)
    parts = "$2,000 to 2027-04, $2,000 to 2027-05, $2,000 not spent now"
    assert told == f"$6,000 left 2027-03 ({parts}): @ben declined there."
    (german,) = moved_sentences(moved(*amounts[1:]), GERMAN)
    assert german == (
        "Aus 2027-03 weggefallen: 4.000\xa0$ (2.000\xa0$ nach 2027-05, 2.000\xa0$ nicht mehr ausgegeben); "
        "@ben hat dort abgesagt."
    )


def test_several_reasons_share_a_sentence():
    causes = amount(MoveReason.DECLINED, "@a").causes + amount(MoveReason.CLOSED).causes
    (told,) = moved_sentences(moved(replace(amount(MoveReason.DECLINED), causes=causes)), ENGLISH)
    assert told.endswith(": @a declined there; @ben has not agreed, and it is too late to book anybody there.")


def test_many_creators_are_counted():
    (told,) = moved_sentences(moved(amount(MoveReason.DECLINED, *"abcdefg")), ENGLISH)
    assert told.endswith(": a, b, c, and 4 others declined there.")


def test_a_german_reader_is_told_in_german():
    (told,) = moved_sentences(moved(amount(MoveReason.DECLINED)), GERMAN)
    assert told == "Von 2027-03 nach 2027-05 verschoben: 2.000\xa0$; @ben hat dort abgesagt."


def in_workbook(data):
    return "\n".join(str(cell.value) for sheet in cells(data).values() for cell in sheet.values())


def on_slides(data):
    return "\n".join(text for slide in texts(open_deck(data)) for text in slide)


RENDERED = {
    "page": lambda of: html.unescape(report_html(of)),
    "workbook": lambda of: in_workbook(report_xlsx(of)),
    "slides": lambda of: on_slides(report_pptx(of)),
}


@pytest.mark.parametrize("output", RENDERED)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_output_of_a_report_tells_it(output, language):
    of = moved(amount(MoveReason.DECLINED), amount(MoveReason.CLOSED, target=None))
    text = RENDERED[output](report(of, edition=Edition(language=language)))
    for sentence in moved_sentences(of, find_language(language)):
        assert sentence in text


@pytest.mark.parametrize("output", RENDERED)
def test_without_fees_nothing_is_said_because_an_amount_may_be_one_fee(output):
    of = moved(amount(MoveReason.DECLINED))
    text = RENDERED[output](report(of, edition=Edition(audience="client", fees=False)))
    assert "$2,000 moved" not in text and "declined there" not in text


@pytest.mark.parametrize("kind", ["table", "markdown"])
def test_outputs_of_text_tell_it_too(kind):
    of = moved(amount(MoveReason.DECLINED))
    text = plan_renderer(kind)(of)
    assert "$2,000 moved from 2027-03 to 2027-05: @ben declined there." in text.replace("\\", "").replace("\n", " ")


def test_only_two_amounts_are_on_the_slide():
    of = moved(*(amount(MoveReason.DECLINED, f"@{number}") for number in range(5)))
    assert on_slides(report_pptx(report(of))).count("moved from") == 2
