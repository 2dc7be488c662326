"""Texts that attack whoever shows them, and what an output of each kind must not hold whatever its texts are.

Nothing here is shared with the program: which characters hide something, what a formula, a link or an instruction is,
is said anew.
"""

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections import Counter
from html.parser import HTMLParser
from xml.etree import ElementTree

from markdown_it import MarkdownIt

from microopt.quantities.profile_links import parse_profile_link

PAYLOADS = {
    "escape sequences": "\x1b[31mred\x1b[2J\x1b[H\x1b]0;title\x07",
    "controls of eight bits": "\x9b31m\x90q\x9c\x85",
    "bidirectional": "a\u202egnp.exe\u2066x\u2069\u061c\u200f",
    "hidden": "a\u200bb\ufeffc\u2060d\u00ade\u3164f\U000e0041",
    "formula": "=cmd|' /C calc'!A0",
    "formula of a function": '=HYPERLINK("http://evil.example","x")',
    "formula after a sign": "+1+cmd|' /C calc'!A0",
    "formula of the old kind": "@SUM(1+1)*cmd|' /C calc'!A0",
    "formula after a semicolon": "x;=cmd|' /C calc'!A0;-1+1",
    "formula after breaks": "x\t=1+1\n=2+2\r=3+3",
    "formula after a break": "\t=1+1",
    "wide formula": "＝1+1",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>",
    "end of a script": "</script><script>alert(1)</script><!--<script>",
    "end of an attribute": '"\' onmouseover="alert(1)" x=\'',
    "end of a section of XML": "]]>&lt;&#0;<r><t>x</t></r><!ENTITY a 'b'>",
    "rich text of a workbook": "<r><t>x</t></r>",
    "template": "{{7*7}}{% raw %}${7*7}",
    "markup of rich": "[red]x[/red][link=http://evil.example]y[/link][/]",
    "marks of Markdown": "[x](http://evil.example) ![i](http://evil.example/i.png) `c` **b** | a\n# h\n- l",
    "addresses": "http://evil.example www.evil.example a@evil.example mailto:b@evil.example",
    "instruction": "::stop-commands::x",
    "instruction of the old kind": "##[add-mask]x",
    "instruction on a line of its own": "a\n::error file=x::b\r\n::set-output name=a::b",
    "breaks of lines": "a\u2028b\u2029c\x0bd\x0ce\x1cf",
    "zeros": "\0a\0b",
    "half a character": "a\ud800b\udfff",
    "no character": "a\uffff\ufffeb",
    "end of a string of JSON": '"},"injected":{"x":"\\u0000',
    "spaces": " \u00a0\u2003 ",
    "long": "x" * 40_000,
    "long and wide": "漢" * 20_000,
    "long in words": "very " * 4_000,
}
HIDDEN = {
    *map(chr, (0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x180E, 0x200B, 0x200E, 0x200F, 0x3164, 0xFEFF, 0xFFFE, 0xFFFF)),
    *map(chr, (*range(0x2028, 0x202F), *range(0x2060, 0x2070), *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080))),
}
JOINERS = {"\u200c", "\u200d"}
SIGNS = re.compile(r"\s*[=+\-@＝＋－＠]")
HARMLESS = re.compile(r"@[\w.]+(\|@[\w.]+)*|[+-]?\d[\d.,]*%?|[-+–−]")
COLOR = re.compile(r"\x1b\[[\d;]*m")
ADDRESS = re.compile(r"(?:https?|ftp)://|www\.|[\w.+-]@[\w-]+\.\w", re.IGNORECASE)
ANNOTATION = re.compile(r"::(?:error|warning|notice) file=[^:]*::[^\r\n]*")
MARKDOWN = MarkdownIt("commonmark").enable("table")
SVG_TAGS = {"svg", "g", "path", "rect", "text", "tspan", "defs", "clipPath", "style", "line", "circle", "title", "desc"}
CHART_TAGS = {tag.lower() for tag in SVG_TAGS - {"svg", "style"}}  # within a page


def active(text):
    """Return the characters of a text that move a cursor or hide something."""
    return {mark for mark in set(text) if mark in HIDDEN or unicodedata.category(mark) in ("Cc", "Cs")}


def assert_plain(text):
    assert active(text) <= {"\n"}


def check_terminal(text):
    assert_plain(COLOR.sub("", text))


def check_line(text):
    assert_plain(text)
    assert text.count("\n") == 1


def check_json(text):
    json.loads(text)
    assert not (active(text) | (set(text) & JOINERS)) - {"\n"}
    assert "##[" not in text
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())


def check_log(line):
    json.loads(line)
    assert line.isascii()
    assert line[:-1].isprintable()
    assert line.startswith("{")


def check_csv(text):
    assert active(text) <= {"\n", "\t"}
    assert len({len(row) for row in csv.reader(io.StringIO(text, newline=""))}) == 1
    for delimiter in (",", ";", "\t"):
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            cells = row if delimiter == "," else [cell.partition(",")[0] for cell in row]  # all of a line may be one
            assert [cell for cell in cells if SIGNS.match(cell) and not HARMLESS.fullmatch(cell)] == []


def check_printed_csv(text):
    """Check a CSV that is printed too, whose cells have no line breaks."""
    check_csv(text)
    assert "\t" not in text
    assert not any(line.lstrip().startswith("::") for line in text.split("\n"))


def check_markdown(text):
    assert_plain(text)
    tokens = [inner for token in MARKDOWN.parse(text) for inner in (token, *(token.children or ()))]
    kinds = Counter(token.type for token in tokens)
    assert not kinds.keys() & {
        "link_open",
        "image",
        "html_block",
        "fence",
        "code_block",
        "code_inline",
        "blockquote_open",
    }
    assert {token.content for token in tokens if token.type == "html_inline"} <= {"<!-- -->"}
    assert not ADDRESS.search(re.sub(r"\\[^_]", "\0", text).replace("\\_", "_"))
    for block in text.split("\n\n"):
        if block.startswith("|"):
            assert len({len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in block.splitlines()}) == 1


class _Elements(HTMLParser):
    """The elements and the texts of a page; how a chart groups what it draws depends on the texts in it."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts, self.scripts = set(), [], 0
        self._inside, self._in_chart = "", False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        names = tuple(sorted(name for name, _ in attrs))
        if self._in_chart:
            assert tag in CHART_TAGS
            assert not [name for name in names if name.startswith("on") or "href" in name or name == "style"]
        else:
            self.elements.add((tag, names))
        self._in_chart |= tag == "svg"
        self.texts += [value or "" for _, value in attrs]
        self.scripts += tag == "script"
        self._inside = tag

    def handle_endtag(self, tag):
        self._inside = ""
        self._in_chart &= tag != "svg"

    def handle_data(self, data):
        if self._inside not in ("script", "style"):
            self.texts.append(data)

    def handle_comment(self, data):
        self.elements.add(("comment", data))


def check_html(text, harmless):
    """Check that a page has no element that the page of harmless texts lacks, if that is given, and no more scripts."""
    page, other = _Elements(text), _Elements(harmless or "")
    assert harmless is None or (page.elements <= other.elements and page.scripts == other.scripts)
    assert not {(tag, name) for tag, names in page.elements for name in names if name.startswith("on")}
    assert not {tag for tag, _ in page.elements} & {"img", "iframe", "object", "embed", "base"}
    assert_plain("".join(page.texts))
    data = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert data is None or not active(json.dumps(json.loads(data[1]), ensure_ascii=False))


def check_svg(text):
    root = ElementTree.fromstring(text)
    for element in root.iter():
        assert element.tag.rpartition("}")[2] in SVG_TAGS
        assert not [name for name in element.attrib if name.startswith("on") or "href" in name]
        assert_plain(element.text or "")
    assert "<!ENTITY" not in text.upper().replace("&LT;", "")


def check_xlsx(data, harmless):
    """Check that a workbook has no links but those to profiles, and as many formulas as the one of harmless texts."""
    formulas, others = _formulas(data), _formulas(harmless)
    assert len(formulas) == len(others)
    assert _functions(formulas) <= _functions(others) | {"SUM"}
    assert not re.search(r"evil|cmd\||alert", "".join(formulas))
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for name in book.namelist():
            text = book.read(name).decode()
            for element in ElementTree.fromstring(text).iter():
                assert_plain((element.text or "").replace("\r", ""))
                assert element.tag.rpartition("}")[2] not in ("oleObject", "ddeLink", "externalReference")
                assert element.get("TargetMode") != "External" or parse_profile_link(element.get("Target"))


def _formulas(data):
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    return [formula for sheet in sheets for formula in re.findall(r"<f>(.*?)</f>", sheet)]


def _functions(formulas):
    return {name for formula in formulas for name in re.findall(r"([A-Z.]+)\(", formula)}


def check_annotations(text):
    assert_plain(text)
    assert "##[" not in text
    for line in text.removesuffix("\n").split("\n"):
        assert ANNOTATION.fullmatch(line), line[:200]
