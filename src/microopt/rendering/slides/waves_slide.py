"""The slide of a plan's waves: what each creator posts in which wave, or of many waves what each of them has."""

from __future__ import annotations

from collections.abc import Mapping

from pptx.util import Inches

from microopt.analysis.report.result import Report
from microopt.quantities.parse_and_format import shorten
from microopt.rendering.charts.palette import LIGHT
from microopt.rendering.language.language import Language
from microopt.rendering.sanitize import plain_text
from microopt.rendering.slides.deck import BODY_TOP, MARGIN, WIDTH, Deck, Slide
from microopt.rendering.story.moved import moved_sentences
from microopt.rendering.story.waves import wave_columns, wave_lines, wave_sums, waves_finding
from microopt.rendering.wording.waves import (
    CreatorWaves,
    Kind,
    creators_in_waves,
    post_letters,
    post_names,
    wave_marks,
)

SHOWN_ROWS = 12  # that fit above the totals and the legend
SHOWN_WAVES = 12  # side by side
MOST_NAME, MOST_WAVE, MOST_POST = 30, 12, 14  # characters of names of creators and waves, and of what is posted
NAME_WIDTH, POSTS_WIDTH, WAVES_WIDTH = 2.4, 0.8, 8.9  # inches
SHOWN_MOVES, MOST_SENTENCE = 2, 160  # sentences on moved money, and characters of one that fit a line
LINE = Inches(0.3)
MORE = "…"  # an empty cell would have the height of the largest letters
Cells = list[list[str]]


def write_waves_slide(deck: Deck, report: Report, language: Language) -> None:
    """Add the slide to a deck."""
    slide = deck.slide(waves_finding(report.plan, language))
    moved = _write_moved(slide, report, language)
    write = _write_creators if len(report.plan.by_wave) <= SHOWN_WAVES else _write_waves
    write(slide, report, language, moved)


def _write_moved(slide: Slide, report: Report, language: Language) -> int:
    """Write what moved between waves since the last plan, where that tells no fee, and return the number of lines."""
    sentences = [*moved_sentences(report.plan, language)] if report.edition.fees else []
    shown = [shorten(sentence, MOST_SENTENCE) for sentence in sentences[:SHOWN_MOVES]]
    for line, sentence in enumerate(shown):
        top = BODY_TOP - Inches(0.05) + line * LINE
        slide.write(sentence, MARGIN, top, WIDTH - 2 * MARGIN, LINE, size=11)
    return len(shown)


def _write_creators(slide: Slide, report: Report, language: Language, moved: int) -> None:
    plan, text, count = report.plan, language.text, len(report.plan.by_wave)
    creators, names = creators_in_waves(plan), post_names(plan.picks)
    rows = _marked(creators, names, ", ")
    letters = None if _fit(rows, count) else post_letters(names)
    top: int = BODY_TOP + moved * LINE
    if letters is not None:
        rows = _marked(creators, letters, "")
        legend = " · ".join(f"{letters[kind]} {shorten(name, MOST_NAME)}" for kind, name in names.items())
        slide.write(legend, MARGIN, top - Inches(0.05), WIDTH - 2 * MARGIN, LINE, size=11, color=LIGHT.soft)
        top += LINE
    rows = _first(rows, language, SHOWN_ROWS - moved)
    rows.append([text("Posts"), *(language.number(wave.posts) for wave in plan.by_wave), language.number(plan.posts)])
    waves = [shorten(plain_text(wave.wave), MOST_WAVE) for wave in plan.by_wave]
    widths = [NAME_WIDTH, *[min(2.0, WAVES_WIDTH / count)] * count, POSTS_WIDTH]
    slide.table(
        [text("Creator"), *waves, text("Posts")], rows, widths, top=top, size=11 if count <= 8 else 9, total=True
    )


def _marked(creators: list[CreatorWaves], names: Mapping[Kind, str], separator: str) -> Cells:
    return [
        [
            shorten(plain_text(creator.creator), MOST_NAME),
            *(wave_marks(picks, names, separator=separator) for picks in creator.waves),
            f"{creator.posts:,}",
        ]
        for creator in creators
    ]


def _fit(rows: Cells, waves: int) -> bool:
    """Whether the names of posts fit the columns."""
    most = MOST_POST * min(1.0, WAVES_WIDTH / waves / 1.3)
    return all(len(cell) <= most for row in rows for cell in row[1:-1])


def _write_waves(slide: Slide, report: Report, language: Language, moved: int) -> None:
    plan, text = report.plan, language.text
    columns, sums = wave_columns(report, language), wave_sums(plan, language)
    rows = [
        [shorten(line.name, MOST_NAME), line.days, *(line.cells[column.key] for column in columns)]
        for line in wave_lines(plan, language)
    ]
    rows = _first(rows, language, SHOWN_ROWS - moved)
    period = language.period(plan.by_wave[0].starts, plan.by_wave[-1].ends)
    rows.append([text("Total"), period, *(sums.get(column.key, MORE) for column in columns)])
    header = [text("Wave"), "", *(column.title for column in columns)]
    widths = [2.2, 2.6, *[1.2] * len(columns)]
    slide.table(header, rows, widths, top=BODY_TOP + moved * LINE, texts=2, size=11, total=True)


def _first(rows: Cells, language: Language, most: int) -> Cells:
    """Return the rows that fit, and how many there are beyond them."""
    if len(rows) <= most + 1:
        return rows
    more = language.plural("{count} more", "{count} more", len(rows) - most)
    return [*rows[:most], [more, *[MORE] * (len(rows[0]) - 1)]]
