"""The error tree, and the names it suggests."""

import pytest

from microopt import errors
from microopt.errors import (
    CampaignError,
    Fault,
    MicrooptError,
    NameSuggester,
    RosterError,
    did_you_mean,
    raise_campaign_faults,
)


def test_the_nearest_names_are_suggested_as_they_are_written():
    assert did_you_mean("beuty", ["Beauty", "fitness"]) == "did you mean Beauty?"
    assert did_you_mean("BEAUTY", ["beauty"]) == "did you mean beauty?"


def test_several_near_names_are_offered_up_to_the_count():
    known = ["reach", "reaches", "reacher", "reached"]
    assert did_you_mean("reach", known).count(" or ") == 2
    assert did_you_mean("reach", known, 1) == "did you mean reach?"


@pytest.mark.parametrize("known", [[], [""], ["quite another"]])
def test_nothing_is_suggested_where_nothing_is_near(known):
    assert did_you_mean("beauty", known) == ""


def test_a_roster_is_prepared_once_for_all_unknown_names():
    reads = []

    def roster():
        reads.append("once")
        yield from (f"@creator_{number:04}" for number in range(1_000))

    suggester = NameSuggester(roster())
    assert suggester.suggest("@creator0007", 1) == "did you mean @creator_0007?"
    assert suggester.suggest("@creator_042", 1) == "did you mean @creator_0042?"
    assert reads == ["once"]


def test_nothing_is_prepared_where_no_name_is_unknown():
    reads = []
    NameSuggester(reads.append(name) or name for name in ["@anna"])
    assert reads == []


def test_the_comparisons_of_one_suggester_are_limited(monkeypatch):
    monkeypatch.setattr(errors, "MAX_COMPARISONS", 25)
    suggester = NameSuggester(f"@creator_{number}" for number in range(10))
    suggestions = [suggester.suggest("@creatr_3") for _ in range(4)]
    assert [bool(text) for text in suggestions] == [True, True, False, False]


@pytest.mark.parametrize("order", [1, -1])
def test_equally_near_names_are_suggested_in_the_order_of_the_alphabet(order):
    known = ["@anna", " @annb ", "@annc", "@annd"]
    assert did_you_mean("@ann", known[::order]) == "did you mean @anna or @annb or @annc?"


def test_a_creator_can_be_called_by_a_part_of_the_name():
    suggester = NameSuggester(["Wes Tesla", "Tess Runs", "@tess.glow", "Ben Runs", "Bess"], by_part=True)
    assert suggester.suggest("Tes") == "did you mean @tess.glow or Tess Runs or Wes Tesla?"
    assert suggester.suggest("@tess", 1) == "did you mean @tess.glow?"
    assert suggester.suggest("runs") == "did you mean Ben Runs or Tess Runs?"
    assert suggester.suggest("Tes Runs").startswith("did you mean Tess Runs")
    assert suggester.suggest("n") == ""
    assert NameSuggester(["Tess Runs"]).suggest("Tess") == ""


def test_an_error_without_faults_is_its_own_fault():
    error = CampaignError("no such goal", fix="take another")
    assert error.code == "campaign"
    assert error.faults == (Fault(code="campaign", message="no such goal", fix="take another"),)
    assert str(error) == "no such goal"


def test_an_error_takes_its_code_from_its_first_fault_unless_it_has_one():
    faults = [Fault(code="one", message="a", fix="b"), Fault(code="two", message="c", fix="d")]
    assert RosterError("two faults", faults=faults).code == "one"
    assert RosterError("two faults", code="mine", faults=faults).code == "mine"
    assert RosterError("two faults", faults=faults).faults == tuple(faults)


def test_the_faults_of_a_campaign_are_raised_together_and_a_single_one_says_itself():
    faults = [Fault(code="one", message="a", fix="b"), Fault(code="two", message="c", fix="d")]
    raise_campaign_faults(())
    for found, message in ((faults, "2 problems in the file"), (faults[:1], "a")):
        with pytest.raises(CampaignError) as caught:
            raise_campaign_faults(iter(found), "the file")
        assert (caught.value.message, caught.value.fix, caught.value.faults) == (message, "b", tuple(found))


def test_every_error_stands_in_the_tree_that_the_docstring_draws():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert {kind for kind in kinds if not issubclass(kind, MicrooptError)} == set()
    assert [kind.__name__ for kind in kinds if kind.__name__ not in (errors.__doc__ or "")] == []
    codes = [kind.default_code for kind in kinds]
    assert len(set(codes)) == len(codes)


def test_a_fault_is_frozen():
    fault = Fault(code="a", message="b", fix="c")
    with pytest.raises(AttributeError):
        fault.code = "z"


def subclasses(kind):
    return [kind, *(inner for direct in kind.__subclasses__() for inner in subclasses(direct))]


def test_every_kind_of_error_has_an_exit_code_of_its_own():
    from microopt.cli.error_boundary import exit_code_of_error
    from microopt.cli.exit_codes import Exit
    from microopt.errors import MicrooptError
    from microopt.readers.plan_file import InvalidPlanError

    kinds = [kind for kind in subclasses(MicrooptError) if kind is not MicrooptError]
    assert InvalidPlanError in kinds
    assert [kind for kind in kinds if exit_code_of_error(kind.__new__(kind)) is Exit.BUG] == []
