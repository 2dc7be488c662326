"""A plan whose sentences another version words differently still holds, and it is told which they are."""

import copy
import json

import pytest

from microopt.campaign.inputs import CampaignInput
from microopt.readers.campaign_file import campaign_from_input
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.terminal.verification import verification_text
from microopt.verification.verify import verify
from microopt.verification.wording import SENTENCES, is_sentence
from tests.planning.builders import CSV
from tests.verification.opponent import leaves, planned, sealed

SUSPECT = "@eve,instagram,reel,beauty,90000000,$120,99.0%\n"
TOTAL = "TOTAL,,,,,$9000,\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a roster and a plan that has a sentence of every kind."""
    folder = tmp_path_factory.mktemp("wording")
    (folder / "roster.csv").write_text(CSV + SUSPECT + TOTAL, encoding="utf-8")
    settings = CampaignInput(budget="3000", rules=["all count ..2"], competitors=["Rival"])
    (folder / "plan.json").write_text(planned(folder / "roster.csv", campaign_from_input(settings)), encoding="utf-8")
    return folder


def field(path):
    """Return a path of a plan without its positions."""
    return ".".join(key for key in path if isinstance(key, str))


def reword(value, name):
    """Return a plan with the first sentence of a field in other words, sealed anew."""
    value = copy.deepcopy(value)
    path = next(path for path, _ in leaves(value) if field(path) == name)
    point = value
    for key in path[:-1]:
        point = point[key]
    point[path[-1]] = "in other words"
    return sealed(value)


def check(folder, value):
    (folder / "reworded.json").write_text(json.dumps(value), encoding="utf-8")
    return verify(str(folder / "reworded.json"))


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_a_sentence_in_other_words_is_told_and_makes_no_plan_false(folder, name):
    found = check(folder, reword(json.loads((folder / "plan.json").read_text("utf-8")), name))
    assert found.holds
    (place,) = found.reworded
    assert is_sentence(place)
    start = place.partition("[")[0]
    assert f"This version of microopt words {start} differently." in verification_text(found, Screen(width=200))


def test_a_note_more_or_less_is_wording(folder):
    value = json.loads((folder / "plan.json").read_text("utf-8"))
    value["notes"] = [*value["notes"], "one more"]
    value["warnings"] = value["warnings"][:-1]
    found = check(folder, sealed(value))
    assert found.holds
    assert len(found.reworded) == 2


def test_a_plan_in_the_words_of_this_version_has_nothing_reworded(folder):
    found = verify(str(folder / "plan.json"))
    assert found.holds
    assert found.reworded == ()


@pytest.mark.parametrize(
    ("place", "altered"),
    [
        (("suspicions", 0, "code"), "suspicious-fee"),
        (("suspicions", 0, "count"), 2),
        (("roster", "left_out", 0, "code"), "other"),
        (("roster", "left_out", 0, "rows"), [3]),
    ],
)
def test_codes_and_counts_beside_sentences_must_be_true(folder, place, altered):
    value = json.loads((folder / "plan.json").read_text("utf-8"))
    point = value
    for key in place[:-1]:
        point = point[key]
    point[place[-1]] = altered
    assert not check(folder, sealed(value)).holds


def test_a_reworded_sentence_does_not_hide_a_false_figure(folder):
    value = reword(json.loads((folder / "plan.json").read_text("utf-8")), "unspent_reason")
    value["picks"][0]["fee"] -= 50
    found = check(folder, sealed(value))
    assert found.discrepancy.place == "picks[0].fee"
    assert "unspent" not in found.discrepancy.message


def test_a_sentence_altered_by_hand_breaks_the_seal(folder):
    value = reword(json.loads((folder / "plan.json").read_text("utf-8")), "unspent_reason")
    value["unspent_reason"] = "altered after it was sealed"
    assert check(folder, value).discrepancy.place == "seal"
