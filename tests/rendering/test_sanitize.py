"""Text from cells, made safe for a terminal, a spreadsheet and a Markdown page."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from microopt.rendering.sanitize import escape_formula, escape_markdown, plain_text

BIDI = [chr(code) for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))]
STARTS = "=+-@\t\r\n"
MARKDOWN = MarkdownIt("commonmark").enable("strikethrough")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@anna", "@anna"),
        ("a\nb\rc\td", "a b c d"),
        ("a\u2028b\u2029c\x85d\ve\ff", "a b c d e f"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b31mred", "31mred"),
        ("bell\x07 nul\x00 del\x7f", "bell nul del"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("نوال 👩‍👧", "نوال 👩‍👧"),
    ],
)
def test_plain_text_neither_moves_the_cursor_nor_turns_around(text, expected):
    assert plain_text(text) == expected


texts = st.text(st.characters() | st.sampled_from("\n\r\t\v\f\x1c\x85\u2028\u2029\x1b\x9b\u202e|\\="))


@given(texts)
@settings(deadline=None)
def test_plain_text_is_one_line_without_control_characters(text):
    output = plain_text(text)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in output)
    assert not set(BIDI) & set(output)
    assert len(output.splitlines()) <= 1
    assert plain_text(output) == output


@pytest.mark.parametrize("start", STARTS)
def test_a_cell_that_starts_a_formula_is_shown_as_text(start):
    assert escape_formula(f"{start}SUM(A1)") == f"'{start}SUM(A1)"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1-1",
        "-1+1",
        "@SUM(1+1)",
        "=cmd|' /C calc'!A0",
        "-@a",
        "@a|=b",
        "@cmd|' /C calc'!A0",
        "@a|@b!A0",
        "@a|",
        "@a b",
        "@a!x",
        "=",
        "-",
        "@",
        "+",
        "-1e5x",
        "＝1+1",
    ],
)
def test_no_hostile_cell_is_left_as_a_formula(text):
    assert escape_formula(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["@anna", "@anna.b_9", "-5", "+3.5%", "1,000", "plain", "", "a=b", " x", "@été", "@a|@b.c"]
)
def test_handles_and_numbers_stay_as_they_are(text):
    assert escape_formula(text) == text


@given(st.sampled_from(STARTS), st.text())
@settings(deadline=None)
def test_whatever_follows_the_start_of_a_formula_cannot_make_it_run(start, rest):
    cell = escape_formula(start + rest)
    assert cell[0] == "'" or not set("=()|!'\"") & set(cell[1:].replace("|@", ""))


@pytest.mark.parametrize("mark", "\\`*{}[]<#|~$")
def test_markdown_marks_are_escaped(mark):
    assert escape_markdown(f"a{mark}b") == f"a\\{mark}b"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("_a_ __b__", r"\_a\_ \_\_b\_\_"),
        ("a&lt; &#60;", r"a\&lt; &\#60;"),
        ("> a > b", r"\> a > b"),
        (" >a", r" \>a"),
        ("- > a", r"- \> a"),
        ("2. >= a", r"2. \>= a"),
        ("<1@b> <=@b>", r"\<1@b> \<=@b>"),
        ("</b>", r"\</b>"),
        ("<!-- ![a](b)", r"\<!-- !\[a\](b)"),
        ("$x$ $1+x$", r"\$x\$ $1+x\$"),
        ("a<", r"a\<"),
    ],
)
def test_a_sign_is_escaped_where_markdown_would_act_on_it(text, escaped):
    assert escape_markdown(text) == escaped


@pytest.mark.parametrize(
    "text",
    ["= 3", "-5", "+1", "@a b", "=SUM(A1)", "$25,000 -> 69.2k", "spend <= 40%", "<3", "@linen_shelf", "home & garden!"],
)
def test_markdown_is_left_alone_where_it_does_not_act(text):
    assert escape_markdown(text) == text


@given(st.text(st.sampled_from("\\`*_{}[]()<>#|~!$&;:/=@.a1 lt")) | texts)
@settings(deadline=None)
def test_markdown_shows_text_as_it_is(text):
    shown = MARKDOWN.parseInline(escape_markdown(text))[0].children or []
    assert {token.type for token in shown} <= {"text", "text_special", "html_inline"}
    characters = "".join(token.content for token in shown if token.type != "html_inline")
    assert characters.strip() == plain_text(text).strip()
    assert not any(token.type == "blockquote_open" for token in MARKDOWN.parse(escape_markdown(text)))


@given(texts)
@settings(deadline=None)
def test_a_markdown_cell_stays_in_its_cell(text):
    cell = escape_markdown(text)
    assert len(cell.splitlines()) <= 1
    unescaped = cell.replace("\\\\", "")
    assert "|" not in unescaped.replace("\\|", "")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("http://a.com", r"http\://a.com"),
        ("HTTPS://user:p@a.com/x", r"HTTPS\://user:p@<!-- -->a\.com/x"),
        ("www.a.com", r"www\.a.com"),
        ("x.com/anna", r"x\.com/anna"),
        ("a_b@c.co.uk", r"a_b@<!-- -->c\.co\.uk"),
        ("_a@c_.co.uk", r"\_a@<!-- -->c\_\.co\.uk"),
        ("mailto:a@b.com", r"mailto:a@<!-- -->b\.com"),
        ("@glow.by.lea", "@glow.by.lea"),  # a handle, whose points make no address
        ("3.5% at 18:30", "3.5% at 18:30"),
    ],
)
def test_an_address_becomes_no_link_of_a_markdown_page(text, escaped):
    assert escape_markdown(text) == escaped


@given(st.text(st.sampled_from("htps:/w.@ab_-1 ")) | texts)
@settings(deadline=None)
def test_no_markdown_has_a_bare_address(text):
    escaped = escape_markdown(text)
    unescaped = re.sub(r"\\.", "\0", escaped)  # what stands behind a backslash is no mark of an address
    assert not re.search(r"://|www\.|\w\.\w+/", unescaped, re.IGNORECASE)
    assert not re.search(r"[\w.+-]@[\w-]+\.\w", escaped.replace("\\_", "_"))
    assert re.sub(r"\\(.)", r"\1", escaped.replace("@<!-- -->", "@")) == plain_text(text)


@pytest.mark.parametrize("hidden", ["\u00ad", "\u034f", "\u115f", "\u180e", "\u2061", "\u3164", "\ufff9", "\U000e0041"])
def test_hidden_characters_are_shown_nowhere(hidden):
    assert plain_text(f"a{hidden}b") == "ab"


def test_what_makes_an_emoji_or_a_word_of_persian_stays():
    for text in ("❤\ufe0f", "👩\u200d👧", "می\u200cخواهم"):
        assert plain_text(text) == text
