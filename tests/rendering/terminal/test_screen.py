"""Colors can be read on light and dark terminals, and follow what a sentence means."""

import re
from pathlib import Path

import pytest
from rich.color import Color

from microopt.rendering.terminal import screen
from microopt.rendering.terminal.alternatives import alternatives_table
from microopt.rendering.terminal.forecast import forecast_table
from microopt.rendering.terminal.plan_diff import plan_diff_table
from microopt.rendering.terminal.screen import (
    ACCENT,
    BAD,
    GOOD,
    MESSAGE_STYLES,
    WARNING,
    Screen,
    first_fitting,
    message_lines,
)
from tests.rendering.builders import alternative, alternatives, creator_frequency, plan_comparison
from tests.rendering.wording.test_forecast import priced

BACKGROUNDS = {"white": (255, 255, 255), "black": (0, 0, 0), "dark gray": (30, 30, 30)}
LEAST_CONTRAST = 3.0  # WCAG 2.2 asks this of large text and of graphics


def luminance(color):
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in color]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("style", [WARNING, ACCENT, GOOD, BAD])
def test_a_color_stands_out_from_light_and_dark_backgrounds(style, background):
    bright, dark = sorted(map(luminance, (Color.parse(style).get_truecolor(), BACKGROUNDS[background])), reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= LEAST_CONTRAST


def test_warnings_are_seen_and_proof_is_calm():
    assert "proof" not in MESSAGE_STYLES
    assert "fact" not in MESSAGE_STYLES
    assert all(WARNING in MESSAGE_STYLES[kind] for kind in ("warning", "doubt", "caveat"))


@pytest.mark.parametrize("kind", ["main fact", "fact", "proof", "doubt", "warning", "caveat", "note", "hint"])
def test_color_changes_no_word(kind):
    lines = list(message_lines([(kind, "A sentence.")]))
    assert Screen(width=80).render(*lines) == "A sentence.\n"


def test_no_renderer_uses_a_color_that_only_some_terminals_show_well():
    folder = Path(screen.__file__).parent
    named = re.compile(r'"(?:bold |dim )?(?:yellow|cyan|green|red|blue|magenta|white|black)"')
    assert [path.name for path in folder.glob("*.py") if named.search(path.read_text(encoding="utf-8"))] == []


def test_the_first_line_that_fits_the_screen_is_taken_and_the_last_where_none_does():
    lines = ("Spring · roster.csv · 30 creators", "Spring · 30 creators", "30 creators")
    assert [first_fitting(lines, Screen(width=width)).plain for width in (33, 32, 20, 19, 3)] == [
        lines[0],
        lines[1],
        lines[1],
        lines[2],
        lines[2],
    ]


def test_what_is_dim_has_no_color_too_since_both_cannot_be_read_on_a_dark_terminal():
    screen = Screen(width=120, color=True)
    shown = [
        alternatives_table(alternatives(alternative(), creators=(creator_frequency("@new", 1),)), screen),
        plan_diff_table(plan_comparison(), screen),
        forecast_table(priced(3, 2.8, 9), screen),
    ]
    assert "not in the best plan" in shown[0]
    assert [text for text in shown if re.search(r"\x1b\[2;38", text)] == []


@pytest.mark.parametrize("term", ["xterm", "screen", "xterm-256color"])
def test_the_colors_are_the_same_whatever_the_terminal_calls_itself(term, monkeypatch):
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.setenv("TERM", term)
    shown = Screen(width=80, color=True).render(*message_lines([("caveat", "Fees are high.")]))
    assert shown == "\x1b[38;5;166mFees are high.\x1b[0m\n"
