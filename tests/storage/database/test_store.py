"""A store keeps each run once and whole: results once too, corrections beside what they correct."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.progress import ResultRow
from microopt.storage.database.store import open_store
from tests.scale import examples
from tests.storage.database.builders import came, chain, daily, left, night, on, written


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "campaign.db")


def keep(path, found, number=0, **facts):
    with open_store(path) as store:
        return store.add_plan(*found, at=on(number), **facts)


def asked(path, query, *values):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def dump(path):
    connection = sqlite3.connect(path)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def test_a_run_is_kept_with_its_plan_picks_switches_and_contracts(path):
    made = night(1, "ab" * 32, switches=[came("@anna"), left("@ben")], states=[("@cleo", "signed")])
    document, text = written(made)
    assert keep(path, (document, text), exit_code=8, seconds=1.5) is True
    (run,) = asked(path, "SELECT seal, previous, creators, spend, gain, exit_code, seconds FROM runs")
    assert run == (document.seal, "ab" * 32, 7, 3150.0, 0.01, 8, 1.5)
    assert asked(path, "SELECT document FROM plans") == [(text,)]
    assert asked(path, "SELECT count(*), sum(cost) FROM forecasts") == [(7, 3150.0)]
    assert asked(path, "SELECT creator, came FROM switches ORDER BY number") == [("@anna", 1), ("@ben", 0)]
    assert asked(path, "SELECT creator, state FROM contracts") == [("@cleo", "signed")]


def test_a_plan_that_is_kept_changes_nothing_when_it_is_kept_again(path):
    (found,) = chain(1)
    keep(path, found, daily=daily(5))
    before = dump(path)
    assert keep(path, found, number=1, daily=daily(9), exit_code=5) is False
    assert dump(path) == before


def test_results_that_are_told_again_are_not_stored_again(path):
    for number, found in enumerate(chain(3)):
        keep(path, found, number, daily=daily(30 + number))
    assert asked(path, "SELECT first_run, count(*) FROM results GROUP BY 1") == [(1, 30), (2, 1), (3, 1)]


def test_a_corrected_row_stands_beside_the_old_and_the_view_gives_the_latest(path):
    for found, likes in zip(chain(4), (5.0, 7.0, 7.0, 5.0), strict=True):
        keep(path, found, daily=[ResultRow(creator="@anna", day=date(2026, 3, 1), post="p", engagements=likes)])
    assert asked(path, "SELECT first_run, engagements FROM results ORDER BY 1") == [(1, 5.0), (2, 7.0), (4, 5.0)]
    assert asked(path, "SELECT first_run, engagements, day FROM latest_results") == [(4, 5.0, "2026-03-01")]


def test_another_spelling_of_a_creator_is_no_other_row(path):
    for found, name in zip(chain(2), ("@Anna", "anna "), strict=True):
        keep(path, found, daily=[ResultRow(creator=name, engagements=5.0)])
    assert asked(path, "SELECT count(*) FROM results") == [(1,)]


def test_rows_that_nothing_tells_apart_are_all_kept(path):
    rows = [
        ResultRow(creator="@anna", engagements=5.0),
        ResultRow(creator="@anna", engagements=5.0),
        ResultRow(creator="@anna"),
    ]
    for found in chain(2):
        keep(path, found, daily=rows)
    assert asked(path, "SELECT engagements, first_run FROM latest_results ORDER BY 1") == [
        (None, 1),
        (5.0, 1),
        (5.0, 1),
    ]


ROWS = st.lists(
    st.builds(
        ResultRow,
        creator=st.sampled_from(("@a", "b")),
        platform=st.sampled_from((None, "tiktok", "")),
        day=st.sampled_from((None, date(2026, 3, 1), date(2026, 3, 2))),
        post=st.sampled_from(("", "p")),
        engagements=st.sampled_from((None, 0.0, 1.0, 2.5)),
    ),
    max_size=6,
)


@given(st.lists(ROWS, min_size=1, max_size=4))
@settings(max_examples=examples(25), deadline=None)
def test_the_view_holds_what_the_last_file_told(tmp_path_factory, nights):
    path = str(tmp_path_factory.mktemp("store") / "campaign.db")
    for found, rows in zip(chain(len(nights)), nights, strict=True):
        keep(path, found, daily=rows)
    columns = "creator, platform, day, post, engagements"
    kept = asked(path, f"SELECT {columns} FROM latest_results")
    for one in nights[-1]:
        told = (one.creator, one.platform, one.day and one.day.isoformat(), one.post, one.engagements)
        assert told in kept


def test_a_row_of_which_only_the_day_or_the_post_is_corrected_is_new(path):
    names = ((1, "p"), (2, "p"), (2, "q"))
    for found, (day, post) in zip(chain(3), names, strict=True):
        keep(path, found, daily=[ResultRow(creator="@anna", day=date(2026, 3, day), post=post, engagements=5.0)])
    assert asked(path, "SELECT first_run, day, post FROM results ORDER BY 1") == [
        (run, f"2026-03-0{day}", post) for run, (day, post) in enumerate(names, 1)
    ]


NAMES = [
    (creator, day, post)
    for creator in ("@anna", "@ben")
    for day in (date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))
    for post in ("p", "q")
]
EDITS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from((None, 0.0, 1.0, 2.0)), max_size=2)


@given(st.lists(st.tuples(EDITS, st.booleans(), st.booleans()), min_size=1, max_size=6))
@settings(max_examples=examples(40), deadline=None)
def test_of_files_that_are_edited_each_night_what_is_new_is_added(tmp_path_factory, nights):
    path = str(tmp_path_factory.mktemp("store") / "campaign.db")
    figures, last, added = dict.fromkeys(NAMES, 1.0), {}, []
    for run, (found, (edits, turned, shouted)) in enumerate(zip(chain(len(nights)), nights, strict=True), 1):
        figures |= edits
        told = {name: figure for name, figure in figures.items() if figure is not None}  # the others are left out
        rows = [
            ResultRow(creator=creator.upper() if shouted else creator, day=day, post=post, engagements=figure)
            for (creator, day, post), figure in told.items()
        ]
        keep(path, found, daily=rows[::-1] if turned else rows)
        added += [(run, *name, figure) for name, figure in told.items() if last.get(name) != figure]
        last |= told
    kept = asked(path, "SELECT first_run, lower(creator), day, post, engagements FROM results")
    assert sorted(kept) == sorted((run, name, str(day), post, figure) for run, name, day, post, figure in added)


def test_of_a_month_that_is_told_as_before_no_row_is_asked_for(path):
    first, second = chain(2)
    rows = daily(600)  # of two months
    keep(path, first, daily=rows)
    with open_store(path) as store:
        asked_for = []
        store._connection.set_trace_callback(asked_for.append)
        store.add_plan(
            *second, at=on(1), daily=[replace(row, engagements=0.0) if row is rows[-1] else row for row in rows]
        )
    places = [query.count("(x'") for query in asked_for if "WITH wanted" in query]
    last = rows[-1]
    assert places == [sum((row.creator, row.day.month) == (last.creator, last.day.month) for row in rows)]
    assert asked(path, "SELECT creator, day, post, engagements FROM results WHERE first_run = 2") == [
        (last.creator, str(last.day), last.post, 0.0)
    ]


def test_a_store_that_knows_no_months_yet_adds_nothing_twice(path):
    first, second, third = chain(3)
    keep(path, first, daily=daily(30))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE months")
        connection.execute("PRAGMA user_version = 1")
    keep(path, second, number=1, daily=daily(30))
    assert asked(path, "SELECT count(*) FROM results") == [(30,)]
    assert asked(path, "SELECT count(*) FROM months") == [(14,)]
    keep(path, third, number=2, daily=daily(31))
    assert asked(path, "SELECT first_run, count(*) FROM results GROUP BY 1") == [(1, 30), (3, 1)]


def steps(path, found, number, rows):
    """Return how many steps of its own machine SQLite takes to keep a night, in hundreds."""
    taken = []
    with open_store(path) as store:
        store._connection.set_progress_handler(lambda: taken.append(1), 100)
        store.add_plan(*found, at=on(number), daily=rows)
    return len(taken)


@pytest.mark.slow
def test_a_year_of_nights_costs_no_more_at_its_end(path):
    took = [steps(path, found, number, daily(200, engagements=number)) for number, found in enumerate(chain(365))]
    assert max(took[-9:]) <= 1.1 * max(took[1:10])


def test_a_long_file_costs_a_tenth_when_it_is_told_again_with_another_day(path):
    first, second = chain(2)
    once = steps(path, first, 0, daily(14 * 365))
    assert steps(path, second, 1, daily(14 * 366)) < 0.1 * once


def test_no_query_of_a_run_reads_a_whole_table(path):
    first, second = chain(2)
    keep(path, first, daily=daily(600))
    asked_for = []
    with open_store(path) as store:
        store._connection.set_trace_callback(asked_for.append)
        store.add_plan(*second, at=on(1), daily=daily(620, engagements=11.0))
        store._connection.set_trace_callback(None)
        queries = [query for query in asked_for if query.lstrip().startswith(("SELECT", "INSERT", "WITH"))]
        ways = [row[3] for query in queries for row in store._connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert sum("SEARCH results" in way for way in ways) == 2  # the queries in which 620 rows are asked for
    assert any("SEARCH months" in way for way in ways)
    assert [way for way in ways if "SCAN" in way and not re.fullmatch(r"SCAN (\d+ CONSTANT ROWS|wanted)", way)] == []


def test_a_plan_that_cannot_be_kept_whole_is_not_kept(path):
    (found,) = chain(1)
    with open_store(path) as store:
        before = dump(path)
        with pytest.raises(TypeError):
            store.add_plan(*found, at=on(0), daily=[replace(daily(1)[0], posts=object())])
        assert dump(path) == before
        assert store.add_plan(*found, at=on(0)) is True


def test_the_text_of_a_plan_can_be_asked_as_json(path):
    keep(path, chain(1)[0])
    query = "SELECT json_extract(document, '$.campaign.budget'), json_array_length(document, '$.picks') FROM plans"
    assert asked(path, query) == [(20000.0, 7)]
    assert json.loads(asked(path, "SELECT document FROM plans")[0][0])["schema"] == "microopt.plan/1"
