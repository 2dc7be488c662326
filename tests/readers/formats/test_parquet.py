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


@pytest.mark.parametrize("keeps_list", [True, False])
def test_a_long_text_that_is_stored_once_for_many_rows_is_a_bomb(keeps_list, tmp_path):
    """150 kB were read as 4 GB: neither the rows nor the stated bytes of the file tell it."""
    path, rows = tmp_path / "roster.parquet", 30_000
    niche = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), ["x" * 30_000])
    table = pa.table({"creator": [f"@c{row}" for row in range(rows)], "fee": [100] * rows, "niche": niche})
    pq.write_table(table, path, store_schema=keeps_list)
    with pytest.raises(RosterError, match="unpacks to over") as caught:
        read_roster(str(path))
    assert caught.value.code == "file-bomb"


def test_the_values_of_lists_and_of_several_row_groups_are_read(tmp_path):
    path, rows = tmp_path / "roster.parquet", 9_000
    table = pa.table(
        {
            "creator": [f"@c{row}" for row in range(rows)],
            "followers": [5_000 + row for row in range(rows)],
            "fee": [100] * rows,
            "niche": pa.array(["beauty", "food", "games"] * (rows // 3)).dictionary_encode(),
        }
    )
    pq.write_table(table, path, row_group_size=4_000)
    roster = read_roster(str(path))
    assert len(roster) == rows
    assert [roster.text("niche", row) for row in range(rows - 3, rows)] == ["beauty", "food", "games"]
