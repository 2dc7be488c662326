"""Update the catalogues of texts with those that pages, workbooks and slides have now: `python docs/make_texts.py`.

Translations stay, new texts are added without one, and what no file says any more is removed. With `--check`, nothing
is written; it fails if a catalogue is not up to date, or lacks a translation.
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "microopt" / "rendering"
CATALOGUES = SOURCE / "language"
KEYWORDS = {"text": None, "plural": (1, 2), "_": None, "ngettext": (1, 2)}
HEADER = """# Texts of pages, workbooks and slides. Each `msgid` is what the code says; translate it in `msgstr`.
# Names in braces, such as {count}, are filled in and stay as they are.
# `python docs/make_texts.py` adds new texts and removes those that are gone. Comments above the first text stay.
"""

Found = tuple[int, str, str | tuple[str, ...], list[str]]  # line, keyword, texts, comments


def python_texts(
    source: IO[bytes],
    keywords: Collection[str],
    _tags: Collection[str],
    options: Mapping[str, str],  # noqa: ARG001
) -> Iterator[Found]:
    """Yield the texts of a Python file: arguments of calls, also within f-strings, which Babel's own method misses."""
    for node in ast.walk(ast.parse(source.read())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if name in keywords and texts and texts[0] == getattr(node.args[0], "value", None):
            yield node.lineno, name, tuple(texts) if len(texts) > 1 else texts[0], []


METHODS: Any = [("**.py", python_texts), ("**.j2", "jinja2.ext:babel_extract")]
OPTIONS = {"**.j2": {"encoding": "utf-8", "trimmed": "true", "silent": "false"}}


def collect() -> Catalog:
    """Return every text that is marked for translation."""
    found = Catalog(project="microopt", charset="utf-8", fuzzy=False)
    for _, _, message, comments, context in extract_from_dir(
        str(SOURCE), METHODS, OPTIONS, keywords=KEYWORDS, strip_comment_tags=True
    ):
        texts = message if isinstance(message, tuple) else (message,)
        if all(texts):
            found.add(message, auto_comments=comments, context=context)
    return found


def updated(path: Path, texts: Catalog) -> str:
    """Return a catalogue with these texts and the translations that it has of them."""
    with path.open("rb") as source:
        old = read_po(source, locale=path.stem)
    new = Catalog(locale=path.stem, project="microopt", charset="utf-8", fuzzy=False)
    for message in sorted((each for each in texts if each.id), key=lambda each: str(each.id)):
        known = old.get(message.id)
        new.add(message.id, string=known.string if known is not None and not known.fuzzy else None)
    out = io.BytesIO()
    write_po(out, new, width=110, omit_header=True, no_location=True)
    header = [f'"{name}: {value}\\n"' for name, value in _headers(new)]
    body = ['msgid ""', 'msgstr ""', *header, "", out.getvalue().decode("utf-8").strip(), ""]
    return HEADER + _comments(path.read_text(encoding="utf-8")) + "\n".join(body)


def _comments(text: str) -> str:
    """Return what translators wrote above the first text of a catalogue, below our own lines."""
    lines = text.splitlines(keepends=True)
    above = "".join(lines[: next((number for number, line in enumerate(lines) if not line.startswith("#")), 0)])
    return above.removeprefix(HEADER)


def _headers(catalogue: Catalog) -> list[tuple[str, str]]:
    """Return the headers without dates, so that a catalogue changes only where a text does."""
    kept = ("Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")
    return [(name, value) for name, value in catalogue.mime_headers if name in kept]


def untranslated(path: Path) -> list[str]:
    """Return the texts of a catalogue that have no translation."""
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.stem)
    return [str(message.id) for message in catalogue if message.id and (message.fuzzy or not _is_translated(message))]


def _is_translated(message: Message) -> bool:
    """Whether a text has a translation, in each of its forms."""
    written = message.string
    return all(written) if isinstance(written, list | tuple) else bool(written)


def main() -> int:
    """Update or check all catalogues, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, and fail if anything is missing")
    check, texts, code = parser.parse_args().check, collect(), 0
    for path in sorted(CATALOGUES.glob("*.po")):
        text = updated(path, texts)
        if check and text != path.read_text(encoding="utf-8"):
            print(f"{path.name} is not up to date: python docs/make_texts.py")
            code = 1
        if not check:
            path.write_text(text, encoding="utf-8")
        for message in untranslated(path):
            print(f"{path.name}: no translation of {message!r}")
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
