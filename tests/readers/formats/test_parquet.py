"""Parquet from a stranger: whatever pyarrow raises is a fault of the file."""

import pytest

from microopt.errors import RosterError
from microopt.readers.roster import read_roster

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


@pytest.mark.parametrize(
    "error",
    [RuntimeError("a panic"), KeyError("a"), AttributeError("b"), pa.ArrowInvalid("c"), OSError()],
)
def test_whatever_the_library_raises_is_a_fault_that_names_the_file(error, tmp_path, monkeypatch):
    path = tmp_path / "roster.parquet"
    pq.write_table(pa.table({"creator": ["@anna"], "followers": [5000], "fee": [100]}), path)
    assert len(read_roster(str(path))) == 1

    def fail(*_, **__):
        raise error

    monkeypatch.setattr(pq, "ParquetFile", fail)
    with pytest.raises(RosterError, match=r"roster\.parquet cannot be read as Parquet") as caught:
        read_roster(str(path))
    assert caught.value.code == "file-damaged"
    assert caught.value.fix


def test_a_damaged_end_of_a_file_is_a_fault(tmp_path):
    path = tmp_path / "roster.parquet"
    pq.write_table(pa.table({"creator": ["@anna"], "followers": [5000], "fee": [100]}), path)
    data = bytearray(path.read_bytes())
    for position in range(len(data) - 40, len(data) - 8):
        changed = bytearray(data)
        changed[position] ^= 0xFF
        path.write_bytes(changed)
        try:
            read_roster(str(path))
        except RosterError as error:
            assert error.fix  # noqa: PT017 (some damage does no harm)
