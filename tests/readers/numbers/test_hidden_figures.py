"""Words for figures that are not public."""

import numpy as np
import pytest

from tests.readers.builders import fault_keys, read

OTHERS = "@b,13000,200,90,200\n@c,9000,180,80,100\n@d,8000,170,70,100\n"


@pytest.mark.parametrize("word", ["hidden", "Private", "oculto", "VERSTECKT", "非公開", "unknown"])
def test_a_hidden_figure_is_an_empty_cell_and_is_told(word):
    roster = read(f"creator,followers,likes,views,fee\n@a,12000,{word},{word},300\n{OTHERS}")
    assert np.isnan(roster.numbers["likes"]).tolist() == [True, False, False, False]
    assert [note for note in roster.notes if "empty" in note] == [f"{word!r} is read as an empty cell (likes, views)"]
    assert {remark.code for remark in roster.remarks} == {"figure-hidden"}


def test_hidden_followers_and_other_words_stay_faults():
    roster = f"creator,followers,likes,views,fee\n@a,hidden,many,50,300\n{OTHERS}"
    assert {(row, column) for _, row, column in fault_keys(roster)} == {(2, "followers"), (2, "likes")}
