"""Write `messages.md` with every sentence that microopt can show: `python docs/make_messages.py`, or `--check`.

A sentence is a string literal or an f-string of `src/microopt` that is made to be read:

- it has at least three words, two of them plain English (a value that is filled in, an option or a name is not);
- it is not a docstring or a key in a subscript (the help of an option, in its annotation, is a sentence);
- it is not data: an SQL statement, a regular expression, HTML, CSS or JavaScript, a constant that is split into words
  or is called `..._WORDS`, or a literal in one of the modules of `DATA`, which hold words of other people's files.

The sentences of one module are listed in the order of the source, each once, so that a message is followed by its fix.
A value that is filled in is shown by its name, as `{creator}`, or as `…` where it has none. The tests of this page
hold the same sentences against the rules of speech.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE / "messages.md"
SOURCE = HERE.parent / "src" / "microopt"
DATA = (
    "quantities/currencies.py",
    "quantities/format_words.py",
    "quantities/number_units.py",
    "quantities/platforms.py",
    "quantities/profile_links.py",
    "readers/cells/quote_phrases.py",
    "readers/creators/row_labels.py",
    "readers/words/",
    "storage/database/schema.py",
)
PATTERNS = ("compile", "match", "fullmatch", "search", "sub", "subn", "findall", "finditer")
SQL = re.compile(r"\s*(?:SELECT|INSERT|CREATE|PRAGMA|WITH|UPDATE|DELETE|BEGIN)\b|[^a-z]* ON CONFLICT ")
CODE = re.compile(r"\(\?|\\[dswb]|\[\^|\.\*|</|<[a-z]+[ >]|[a-z]:\d|-src |^import |^::|^\| |^@media |sans-serif|^\{\"")
VALUE = re.compile(r"\{[^{}]*\}|…")
WORD = re.compile(r"[('\"]*[A-Za-z][a-z]*(?:['-][a-z]+)*[)'\",.:;?!]*")
HEAD = """# Every sentence that microopt shows

What does microopt say, and where? This page lists its messages, fixes, notes, warnings and help texts by the module
that writes them, so that they can be read in one go. `{name}` is filled in with what the name says, and `…` with
another value. What the codes of faults mean: [faults.md](faults.md).

<!-- Written by docs/make_messages.py. Do not edit. -->"""


def page() -> str:
    """Return the page."""
    parts = [HEAD]
    for module, sentences in collect().items():
        parts += [f"## {module}", "\n".join(["```text", *sentences, "```"])]
    return "\n\n".join(parts) + "\n"


def collect() -> dict[str, list[str]]:
    """Return the sentences of each module that has any, by its path."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        module = path.relative_to(SOURCE).as_posix()
        sentences = list(dict.fromkeys(sentences_in(ast.parse(path.read_text(encoding="utf-8")))))
        if sentences and not module.startswith(DATA):
            found[module] = sentences
    return found


def sentences_in(tree: ast.Module) -> Iterator[str]:
    """Yield the sentences of a module in the order of its source."""
    data = _data_in(tree)
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if id(node) in data:
            continue
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            text = " ".join(text_of(node).split())
            if is_sentence(text):
                yield text
        parts = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.JoinedStr):
            parts = [part for part in parts if isinstance(part, ast.FormattedValue)]
        pending += reversed(parts)


def is_sentence(text: str) -> bool:
    """Whether a text is made to be read, by its words."""
    words = VALUE.sub("…", text).split()
    plain = sum(WORD.fullmatch(word) is not None for word in words)
    return len(words) >= 3 and plain >= 2 and not SQL.match(text) and not CODE.search(text)


def _data_in(tree: ast.Module) -> set[int]:
    """Return the nodes that hold no sentences, by identity."""
    split = {
        node.func.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "split"
        and isinstance(node.func.value, ast.Name)
    }
    return {id(part) for node in ast.walk(tree) for part in _data_of(node, split)}


def _data_of(node: ast.AST, split: set[str]) -> Iterator[ast.AST]:
    """Yield the parts of a node that are data, given the names of constants that are split into words."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        yield node.slice
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        name = node.targets[0].id
        if name in split or name.endswith("_WORDS"):
            yield node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield from (node.func.value,) if node.func.attr == "split" else node.args if node.func.attr in PATTERNS else ()


def text_of(node: ast.expr) -> str:
    """Return a literal with the names of its values in braces."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(text_of, node.values))
    if isinstance(node, ast.FormattedValue):
        return f"{{{node.value.id}}}" if isinstance(node.value, ast.Name) else _value(node.value)
    return "…"


def _value(node: ast.expr) -> str:
    """Return what stands for a value without a name of its own."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{{{node.value.id}.{node.attr}}}"
    if isinstance(node, ast.Call) and len(node.args) == 1 and isinstance(node.args[0], ast.Name | ast.Attribute):
        return text_of(ast.FormattedValue(value=node.args[0], conversion=-1))
    return "…"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, or with `--check` return 1 if it is stale."""
    parser = argparse.ArgumentParser(description="Write docs/messages.md with every sentence that microopt can show.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the page is stale")
    check = parser.parse_args(arguments).check
    if not check:
        PAGE.write_text(page(), encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
        print("docs/messages.md is stale: run python docs/make_messages.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
