"""No string of any result, whoever wrote it, does anything in any output: payloads in each, read back from each.

`pytest -m fuzz -s tests/rendering/test_every_string.py` tries every payload in every field alone, and says how many.
"""

import pytest

from tests import scale
from tests.rendering.results import COMPARED, HEAVY, OUTPUTS, make_results
from tests.support.hostile_text import PAYLOADS
from tests.support.strings_of import Key, one_of_each_field, put_string, strings_of

# Our own words, which are looked up: no file and no flag can give others.
OWN_WORDS = {
    "forecast": ("origin", "fee_origin"),
    "tradeoff": ("metrics",),
    "claims": ("verdict",),
    "outreach": ("status",),
    "portfolio": ("status", "goal", "limit"),
    "portfolio_report": ("status", "goal", "limit"),
    "simulation": ("kind", "measure", "goal_measures", "risk_measure"),
}
SHORT = [text for name, text in PAYLOADS.items() if not name.startswith("long")]
AT_ONCE = {name: PAYLOADS[name] for name in PAYLOADS if "formula" in name or "instruction" in name}
AT_ONCE |= {"all of them": " ".join(SHORT), "long": PAYLOADS["long"]}
IN_HEAVY = (AT_ONCE["all of them"], PAYLOADS["formula"])  # for outputs that take long


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return a result of each kind."""
    return make_results(tmp_path_factory.mktemp("results"))


def is_of_somebody(kind, field):
    """Whether somebody else can write a field; a currency is a known code wherever it is read."""
    return field.rpartition(".")[2] not in (*OWN_WORDS.get(kind, ()), "currency")


def fields(kind, result):
    """Return a path for each field, those of keys last and inner ones first: values are found under their old keys."""
    found = {field: path for field, path in one_of_each_field(result).items() if is_of_somebody(kind, field)}
    return dict(sorted(found.items(), key=lambda item: (isinstance(item[1][-1], Key), -len(item[1]))))


def put_everywhere(result, paths, text):
    for number, path in enumerate(paths):
        result = put_string(result, path, f"{text}{number}" if isinstance(path[-1], Key) else text)
    return result


def check(kind, output, hostile, harmless):
    """Render a result, and check what comes out."""
    render, check_output = OUTPUTS[kind][output]
    if check_output in COMPARED:
        check_output(render(hostile), render(harmless))
    else:
        check_output(render(hostile))


@pytest.mark.parametrize("text", AT_ONCE.values(), ids=AT_ONCE)
@pytest.mark.parametrize("kind", OUTPUTS)
def test_a_result_of_hostile_strings_alone_is_harmless_in_every_output(results, kind, text):
    paths = fields(kind, results[kind]).values()
    hostile, harmless = (put_everywhere(results[kind], paths, each) for each in (text, "word"))
    for output in OUTPUTS[kind]:
        if output not in HEAVY or text in (AT_ONCE["all of them"], PAYLOADS["formula"]):
            check(kind, output, hostile, harmless)


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", OUTPUTS)
def test_each_payload_in_each_string_is_harmless_in_each_output(results, kind):
    """Pages, workbooks and images get all payloads as one text; below the scale of deep tests one of these a string."""
    step, tried = max(1, round(1 / scale.scale())), 0
    heavy = sorted(set(OUTPUTS[kind]).intersection(HEAVY))
    turns = 1 if scale.scale() > 1 else max(1, len(heavy))
    paths, light = fields(kind, results[kind]), [output for output in OUTPUTS[kind] if output not in HEAVY]
    for number, path in enumerate(paths.values()):
        harmless = put_string(results[kind], path, "word")
        for text in list(PAYLOADS.values())[number % step :: step]:
            hostile = put_string(results[kind], path, text)
            for output in light:
                check(kind, output, hostile, harmless)
                tried += 1
        hostile = put_string(results[kind], path, AT_ONCE["all of them"])
        for output in heavy[number % turns :: turns]:
            check(kind, output, hostile, harmless)
            tried += 1
    print(f"\n{kind}: {len(paths)} strings x {len(PAYLOADS)} payloads x {len(OUTPUTS[kind])} outputs: {tried:,} tried")
    assert tried >= len(paths) * (len(PAYLOADS) // step * len(light) + len(heavy) // turns)


def test_every_kind_of_object_that_is_written_is_tried(results):
    from microopt.rendering.schemas import OBJECTS

    assert {*OBJECTS} <= {*OUTPUTS}
    assert {*OUTPUTS} == {*results}
    assert all(any(strings_of(result)) for result in results.values())
