"""Columns stay in place on terminals that count emoji in parts, and on those that write Arabic from the right."""

import re
import unicodedata
from time import process_time

import pytest
from rich.cells import cell_len

from microopt.errors import UsageError
from microopt.quantities.invisible import LEFT_TO_RIGHT_MARK as MARK
from microopt.rendering.terminal.diagnosis_and_errors import error_text
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.terminal.steady_columns import steady_line
from microopt.rendering.terminal.table import Column, figure, table

FAMILY, HEART, FLAG, NAILS, KEY = "👩‍👩‍👧‍👦", "❤️", "🇧🇷", "💅🏽", "1️⃣"
EMOJI = FAMILY, FLAG, NAILS, HEART, KEY


def rows(*names, color=False, width=40):
    columns = [Column("Creator", lambda name: name, min_width=6), figure("Fee", lambda _: "$1,230")]
    return Screen(width=width, color=color).render(*table(columns, names, Screen(width=width))).splitlines()[1:]


@pytest.mark.parametrize("name", ["نور", "دنה_סטייל", "نور3", "@sara.في.دبي1", "فاطمة الزهراء للتجميل"])
def test_a_mark_of_direction_separates_a_right_to_left_name_from_the_figures_after_it(name):
    (row,) = rows(name)
    name_part, _, rest = row.rpartition(MARK)
    assert name in name_part
    assert rest.strip() == "$1,230"
    assert not any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in rest)


def test_the_words_of_one_name_are_not_separated():
    assert steady_line("فاطمة الزهراء  $5", terminal=False) == f"{MARK}فاطمة الزهراء{MARK}  $5"


def test_a_name_that_is_cut_is_separated_too():
    (row,) = rows("فاطمة الزهراء للتجميل والعناية بالبشرة", width=20)
    assert "…" in row
    assert row.rpartition(MARK)[2].strip() == "$1,230"


def test_a_sentence_that_begins_with_a_word_of_ours_still_does():
    assert steady_line("Warning: نور: $9,915", terminal=False) == f"Warning: نور{MARK}: $9,915"


def test_a_mark_takes_no_column():
    assert len(set(map(cell_len, rows("نور", "@ann", "فاطمة الزهراء")))) == 1


def test_a_mark_breaks_no_style():
    assert steady_line("\x1b[2mنور\x1b[0m 5", terminal=True) == f"{MARK}\x1b[2mنور{MARK}\x1b[0m 5"


@pytest.mark.parametrize("emoji", [FAMILY, HEART, FLAG, NAILS, KEY])
def test_a_terminal_goes_on_at_the_column_that_the_table_counts_on(emoji):
    (row,) = rows(f"@a{emoji}b", color=True)
    assert f"@a{emoji}\x1b[{2 + cell_len(emoji) + 1}Gb" in row


def test_styles_count_for_no_column():
    assert steady_line(f"\x1b[1;38;5;31m{HEART}b\x1b[0m", terminal=True).count(f"\x1b[{cell_len(HEART) + 1}Gb") == 1


@pytest.mark.parametrize("line", [f"{FAMILY} $5", "✨glow✨ $5", "小红书 · 5", "@ann  $5"])
def test_text_for_a_file_moves_no_cursor(line):
    assert steady_line(line, terminal=False) == line


@pytest.mark.parametrize("line", ["✨glow✨ $5", "小红书 · 5", "… and 3 more", "@ann  $5"])
def test_what_all_terminals_show_alike_is_unchanged(line):
    assert steady_line(line, terminal=True) == line


def test_a_fix_that_is_pasted_has_no_marks():
    error = UsageError("no column fee", fix='add to the campaign file:\n[columns]\n"السعر" = "fee"')
    text = error_text(error, Screen(width=80))
    assert '"السعر" = "fee"' in text
    assert MARK not in text


def test_a_line_of_many_emoji_takes_no_more_time_for_each():
    """The width of the whole line before it was measured for each: 6,000 took ten seconds."""

    def seconds(count: int) -> float:
        start = process_time()
        steady_line(f"@a{FAMILY}" * count, terminal=True)
        return process_time() - start

    assert seconds(8_000) < 30 * max(seconds(800), 0.01)


def test_the_columns_of_many_emoji_are_those_of_the_line_before_them():
    line = f"\x1b[1m@anna {FAMILY}{FLAG}\x1b[0m نور {NAILS}{HEART} x {KEY}"
    shown = steady_line(line, terminal=True)
    stated = [int(column) for column in re.findall(r"\x1b\[(\d+)G", shown)]
    starts = [re.sub(r"\x1b\[[\d;]*m", "", line[: line.index(each) + len(each)]) for each in EMOJI]
    assert stated == [cell_len(text) + 1 for text in starts]
