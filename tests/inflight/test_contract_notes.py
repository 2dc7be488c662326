"""What contract states leave open is told in whole sentences."""

import pytest

from tests.inflight.test_wave_contracts import night, plan_of, state, team


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (["@a"], "@a in 2027-01 is still 'signed' in a wave that is over and will be paid"),
        (["@a", "@b"], "@a in 2027-01, @b in 2027-01 are still 'signed' in waves that are over and will be paid"),
    ],
)
def test_posts_of_waves_that_are_over_are_named(who, words):
    listed = team(2)
    before = night(plan_of(listed), listed, "2027-01-20", *(state(each, "signed", "2027-01") for each in who))
    after = night(before, listed, "2027-02-01")
    assert any(words in note for note in (*after.replan.notes, *after.notes, *after.warnings))
