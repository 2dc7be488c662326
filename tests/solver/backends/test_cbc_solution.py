"""A solution file of CBC is read as it is, or refused: nothing in it is guessed."""

import pytest

from microopt.errors import BackendError
from microopt.solver.backends.cbc_solution import logged_bound, read_solution
from microopt.solver.result import Limit

RIGHT = "Optimal - objective value 9.00000000\n      1 x00000001      1     5\n**    2 x00000002      1     4\n"


def read(folder, text):
    path = folder / "answer.sol"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_solution(str(path))


def test_values_and_duals_are_read_by_name(tmp_path):
    told = read(tmp_path, RIGHT)
    assert told.values == {"x00000001": 1, "x00000002": 1}
    assert told.duals == {"x00000001": 5, "x00000002": 4}
    assert (told.finished, told.objective) == (True, 9)


@pytest.mark.parametrize(
    ("status", "limit"),
    [
        ("Stopped on time - objective value 3", Limit.TIME),
        ("Stopped on iterations", Limit.NODES),
        ("Stopped on nodes", Limit.NODES),
    ],
)
def test_a_status_names_its_limit(tmp_path, status, limit):
    told = read(tmp_path, status + "\n")
    assert (told.finished, told.limit) == (False, limit)


@pytest.mark.parametrize("text", ["", None])
def test_no_file_and_an_empty_one_are_no_solution(tmp_path, text):
    assert read_solution(str(tmp_path / "answer.sol")) is None
    assert read(tmp_path, text or "") is None


@pytest.mark.parametrize(
    "text",
    [
        RIGHT[:60],
        RIGHT.replace("1     5", "1"),
        RIGHT.replace("1     5", "1 five"),
        b"\xff\xfe\x00",
        "Hello\n",
        "\n",
        "1\n",
    ],
    ids=["cut off", "no dual", "a word", "bytes", "another status", "an empty line", "a number"],
)
def test_what_is_no_solution_file_is_refused_with_a_fix(tmp_path, text):
    with pytest.raises(BackendError, match="CBC answered nonsense") as error:
        read(tmp_path, text)
    assert "--solver" in error.value.fix


@pytest.mark.parametrize(
    ("log", "bound"),
    [
        ("Upper bound:   7.5\n", 7.5),
        ("Upper bound: 9\nUpper bound: 8\n", 8.0),
        ("Upper bound: inf\n", None),
        ("Upper bound: nan\n", None),
        ("Upper bound: soon\n", None),
        ("", None),
    ],
)
def test_a_logged_bound_is_the_last_number_or_none(tmp_path, log, bound):
    path = tmp_path / "cbc.log"
    path.write_text(log)
    assert logged_bound(str(path)) == bound
