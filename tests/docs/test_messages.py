"""Every sentence that microopt can show keeps the rules of speech, and every fix names what to paste."""

import ast
import importlib.util
import re
from pathlib import Path

import pytest

from tests.support.pastable import is_pastable

ROOT = Path(__file__).resolve().parents[2]
WHO = "(?<!of )(?<!mega )(?:creators?|everyone|nobody|somebody)"
BANNED = {
    "'is not a number', not 'is no number'": r"(?<!there )\b(?:is|are|was|were) no (?!longer|more|better|worse|such)",
    "'from' or 'that', not 'of which'": r"\bof which\b",
    "'besides' or 'on top of', not 'beside'": r"\bbeside\b",
    "'otherwise' is vague": r"\botherwise\b",
    "'one row per offer', not 'a row an offer'": r"\b(?:row|value|line|column|post|figure) an? \w+\b",
    "'is' or 'is at', not 'stands'": r"\bstands?\b",
    "'says' or 'shows', not 'tells'": r"\b(?:tells|told|telling|(?<!cannot )(?<!can )tell)\b(?! \S+ apart)",
    "'is quoted at', not 'asks'": r"\basks (?:\$|\{|…)",
    "creators are people: 'who', not 'that' or 'which'": rf"\b{WHO} (?:that|which)\b",
    "creators are people: 'they', not 'it'": r"\bcreators?\b[^.;:,]*\b(?:it|itself)\b",
    "creators are added and dropped": rf"\b{WHO} (?:comes?|came|go|goes|went|enters?)\b|can (?:leave|enter)",
    "'because', not 'for'": r", for (?:it|they|he|she|there) ",
    "'but not', not 'and is not'": r", and (?:is|are) (?:not|neither|no|none)\b",
    "'does not', not 'is not so'": r"\b(?:is|was|were|are) not so\b",
    "'nobody' or 'nothing' as a predicate": r"\b(?:is|are) (?:nothing|nobody|none)\b(?! (?:to|left))",
    "'whoever', 'thereof' and the like": r"\b(?:whoever|whosoever|thereof|whereof|wherein|whether or not)\b",
    "a fix that only says to mend": r"\bmend (?:it|them|this)\b",
    "'dear' and 'beyond reason' for what costs much": r"\bdear(?:er|est)?\b|\bbeyond reason\b",
    "'known are'": r"\b(?:known|needed|found) are\b",
}
VERB = "(?:is|are|was|were|has|have|says?|gives?|means?|needs?|keeps?|costs?|brings?|can|cannot|does|do|must|may)"
LINK = "(?!(?:and|or|but|so|which|who|whose|whom|as|because|if|not|such|nor|than|like|where|when|while|since|that) )"
SPLICE = re.compile(rf"\b{VERB}\b[^,;:.()]*, {LINK}(?:it|they|this|these|the|its|their|no|your) (?:\S+ )?{VERB}\b")


def load():
    spec = importlib.util.spec_from_file_location("make_messages", ROOT / "docs" / "make_messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGE = load()
SENTENCES = [(module, text) for module, texts in PAGE.collect().items() for text in texts]


@pytest.mark.parametrize("shape", BANNED.values(), ids=BANNED)
def test_no_sentence_has_a_shape_that_is_read_twice(shape):
    assert [(module, text) for module, text in SENTENCES if re.search(shape, text, re.IGNORECASE)] == []


def test_two_sentences_are_not_spliced_by_a_comma():
    assert [(module, text) for module, text in SENTENCES if SPLICE.search(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "plan.json is no roster",
        "two rules, one of which is dropped",
        "write one plain value a cell",
        "no creator that fits",
        "a creator comes in",
        "@a is signed, and is not on the roster",
        "the plan stands in row 3",
    ],
)
def test_the_shapes_find_what_they_are_for(text):
    assert any(re.search(shape, text, re.IGNORECASE) for shape in BANNED.values())


def test_a_comma_splice_is_found():
    assert SPLICE.search("the creators cost at least $3,588, the budget is $3,000".replace("3,", "3"))


def test_sentences_are_told_from_data():
    tree = ast.parse(
        'X = "one two three".split()\nY_WORDS = "one two three"\n'
        'def f(a: Annotated[str, option(help="Budget to spend.")]) -> None:\n    """One two three."""\n'
        '    re.compile("one two three")\n'
        '    return f"{a!r} is not a fee", "fee", "SELECT one FROM two", "fee platform", x["one two three"]\n'
    )
    assert list(PAGE.sentences_in(tree)) == ["Budget to spend.", "{a} is not a fee"]


def fixes():
    """Yield each text that the source gives as a fix, with its place."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PAGE.SOURCE.rglob("*.py"))}
    places = {
        node.name: names.index("fix")
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for names in [[each.arg for each in node.args.args if each.arg not in ("self", "cls")]]
        if "fix" in names
    }
    for path, tree in trees.items():
        for node in ast.walk(tree):
            for expression in given(node, places):
                yield from ((path.name, text) for text in texts(expression) if text)


def given(node, places):
    """Yield the expressions that a node gives as a fix."""
    if isinstance(node, ast.Call):
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "fix")
        place = places.get(getattr(node.func, "id", getattr(node.func, "attr", "")))
        if place is not None and len(node.args) > place:
            yield node.args[place]
    elif isinstance(node, ast.Assign):
        target = node.targets[0]
        pairs = zip(target.elts, getattr(node.value, "elts", ()), strict=False) if isinstance(target, ast.Tuple) else ()
        yield from (value for to, value in [(target, node.value), *pairs] if getattr(to, "id", "") == "fix")


def texts(expression):
    """Yield the texts that an expression can be; one that is only passed on has none."""
    if isinstance(expression, ast.IfExp):
        yield from (*texts(expression.body), *texts(expression.orelse))
    elif isinstance(expression, ast.BoolOp):
        yield from (text for value in expression.values for text in texts(value))
    elif isinstance(expression, ast.JoinedStr) or isinstance(getattr(expression, "value", None), str):
        yield PAGE.text_of(expression)


def test_every_fix_names_what_to_paste_or_to_write():
    found = list(fixes())
    assert len(found) > 150
    assert [fix for fix in found if not (is_pastable(fix[1]) or PAGE.VALUE.search(fix[1]))] == []
