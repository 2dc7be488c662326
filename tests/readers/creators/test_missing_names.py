"""A row without a handle is named by the display name beside it, and never taken for the creator above."""

from microopt.readers.roster import read_roster


def read(tmp_path, text):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return read_roster(str(path))


def names(roster):
    return [roster.text("creator", row) for row in range(len(roster))]


def test_a_row_without_a_handle_has_the_display_name(tmp_path):
    text = "Name,handle,platform,followers,fee\nAnn,@ann.lee,ig,15000,9\nDan,,fb,15000,9\nBo,@bo,ig,700,5\n"
    roster = read(tmp_path, text)
    assert names(roster)[:2] == ["@ann.lee", "Dan"]
    assert "1 row without handle is named by another column of names: 3" in roster.notes
    assert [remark.rows.tolist() for remark in roster.remarks if remark.code == "name-from-other-column"] == [[3]]


def test_ids_and_other_columns_name_nobody(tmp_path):
    text = "influencer id,handle,platform,offer,followers,fee\nc1,@ann,ig,reel,15000,9\nc2,,ig,story,15000,5\n"
    assert names(read(tmp_path, text)) == ["@ann", "@ann"]


def test_a_roster_with_all_names_is_left_as_it_is(tmp_path):
    roster = read(tmp_path, "Name,handle,followers,fee\nAnn,@ann,15000,9\nBo,@bo,700,5\n")
    assert (names(roster), roster.remarks) == (["@ann", "@bo"], ())
