"""A store has each run once and completely, and each result once, with corrections added."""

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
from tests.storage.database.builders import (
    added,
    daily_results,
    dropped,
    run_plan,
    run_plans,
    run_time,
    seal_and_encode,
)


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "campaign.db")


def add_to_store(path, plan_and_text, number=0, **facts):
    with open_store(path) as store:
        return store.add_plan(*plan_and_text, at=run_time(number), **facts)


def query_rows(path, query, *values):
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


def test_a_run_is_added_with_its_plan_picks_switches_and_contracts(path):
    unsealed = run_plan(1, "ab" * 32, switches=[added("@anna"), dropped("@ben")], states=[("@cleo", "signed")])
    document, text = seal_and_encode(unsealed)
    assert add_to_store(path, (document, text), exit_code=8, seconds=1.5) is True
    (run,) = query_rows(path, "SELECT seal, previous, creators, spend, gain, exit_code, seconds FROM runs")
    assert run == (document.seal, "ab" * 32, 7, 3150.0, 0.01, 8, 1.5)
    assert query_rows(path, "SELECT document FROM plans") == [(text,)]
    assert query_rows(path, "SELECT count(*), sum(cost) FROM forecasts") == [(7, 3150.0)]
    assert query_rows(path, "SELECT creator, came FROM switches ORDER BY number") == [("@anna", 1), ("@ben", 0)]
    assert query_rows(path, "SELECT creator, state FROM contracts") == [("@cleo", "signed")]


def test_adding_a_plan_again_changes_nothing(path):
    (plan_and_text,) = run_plans(1)
    add_to_store(path, plan_and_text, daily=daily_results(5))
    before = dump(path)
    assert add_to_store(path, plan_and_text, number=1, daily=daily_results(9), exit_code=5) is False
    assert dump(path) == before


def test_repeated_results_are_not_stored_again(path):
    for number, plan_and_text in enumerate(run_plans(3)):
        add_to_store(path, plan_and_text, number, daily=daily_results(30 + number))
    assert query_rows(path, "SELECT first_run, count(*) FROM results GROUP BY 1") == [(1, 30), (2, 1), (3, 1)]


def test_a_corrected_row_is_added_and_the_view_has_the_latest(path):
    for plan_and_text, likes in zip(run_plans(4), (5.0, 7.0, 7.0, 5.0), strict=True):
        add_to_store(
            path, plan_and_text, daily=[ResultRow(creator="@anna", day=date(2026, 3, 1), post="p", engagements=likes)]
        )
    assert query_rows(path, "SELECT first_run, engagements FROM results ORDER BY 1") == [(1, 5.0), (2, 7.0), (4, 5.0)]
    assert query_rows(path, "SELECT first_run, engagements, day FROM latest_results") == [(4, 5.0, "2026-03-01")]


def test_another_spelling_of_a_creator_is_the_same_row(path):
    for plan_and_text, name in zip(run_plans(2), ("@Anna", "anna "), strict=True):
        add_to_store(path, plan_and_text, daily=[ResultRow(creator=name, engagements=5.0)])
    assert query_rows(path, "SELECT count(*) FROM results") == [(1,)]


def test_rows_with_equal_names_are_all_stored(path):
    rows = [
        ResultRow(creator="@anna", engagements=5.0),
        ResultRow(creator="@anna", engagements=5.0),
        ResultRow(creator="@anna"),
    ]
    for plan_and_text in run_plans(2):
        add_to_store(path, plan_and_text, daily=rows)
    assert query_rows(path, "SELECT engagements, first_run FROM latest_results ORDER BY 1") == [
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
def test_the_view_has_the_rows_of_the_last_file(tmp_path_factory, nights):
    path = str(tmp_path_factory.mktemp("store") / "campaign.db")
    for plan_and_text, rows in zip(run_plans(len(nights)), nights, strict=True):
        add_to_store(path, plan_and_text, daily=rows)
    columns = "creator, platform, day, post, engagements"
    stored = query_rows(path, f"SELECT {columns} FROM latest_results")
    for result_row in nights[-1]:
        reported = (
            result_row.creator,
            result_row.platform,
            result_row.day and result_row.day.isoformat(),
            result_row.post,
            result_row.engagements,
        )
        assert reported in stored


def test_a_row_with_a_corrected_day_or_post_is_new(path):
    names = ((1, "p"), (2, "p"), (2, "q"))
    for plan_and_text, (day, post) in zip(run_plans(3), names, strict=True):
        add_to_store(
            path, plan_and_text, daily=[ResultRow(creator="@anna", day=date(2026, 3, day), post=post, engagements=5.0)]
        )
    assert query_rows(path, "SELECT first_run, day, post FROM results ORDER BY 1") == [
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
def test_changes_of_files_that_are_edited_each_night_are_added(tmp_path_factory, nights):
    path = str(tmp_path_factory.mktemp("store") / "campaign.db")
    figures, last, added = dict.fromkeys(NAMES, 1.0), {}, []
    for run, (plan_and_text, (edits, turned, shouted)) in enumerate(
        zip(run_plans(len(nights)), nights, strict=True), 1
    ):
        figures |= edits
        reported = {name: figure for name, figure in figures.items() if figure is not None}  # the others are left out
        rows = [
            ResultRow(creator=creator.upper() if shouted else creator, day=day, post=post, engagements=figure)
            for (creator, day, post), figure in reported.items()
        ]
        add_to_store(path, plan_and_text, daily=rows[::-1] if turned else rows)
        added += [(run, *name, figure) for name, figure in reported.items() if last.get(name) != figure]
        last |= reported
    stored = query_rows(path, "SELECT first_run, lower(creator), day, post, engagements FROM results")
    assert sorted(stored) == sorted((run, name, str(day), post, figure) for run, name, day, post, figure in added)


def test_no_row_of_an_unchanged_month_is_queried(path):
    first, second = run_plans(2)
    rows = daily_results(600)  # of two months
    add_to_store(path, first, daily=rows)
    with open_store(path) as store:
        executed = []
        store._connection.set_trace_callback(executed.append)
        store.add_plan(
            *second, at=run_time(1), daily=[replace(row, engagements=0.0) if row is rows[-1] else row for row in rows]
        )
    places = [query.count("(x'") for query in executed if "WITH wanted" in query]
    last = rows[-1]
    assert places == [sum((row.creator, row.day.month) == (last.creator, last.day.month) for row in rows)]
    assert query_rows(path, "SELECT creator, day, post, engagements FROM results WHERE first_run = 2") == [
        (last.creator, str(last.day), last.post, 0.0)
    ]


def test_a_store_without_months_adds_nothing_twice(path):
    first, second, third = run_plans(3)
    add_to_store(path, first, daily=daily_results(30))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE months")
        connection.execute("PRAGMA user_version = 1")
    add_to_store(path, second, number=1, daily=daily_results(30))
    assert query_rows(path, "SELECT count(*) FROM results") == [(30,)]
    assert query_rows(path, "SELECT count(*) FROM months") == [(14,)]
    add_to_store(path, third, number=2, daily=daily_results(31))
    assert query_rows(path, "SELECT first_run, count(*) FROM results GROUP BY 1") == [(1, 30), (3, 1)]


def count_steps(path, plan_and_text, number, rows):
    """Return the steps that SQLite takes to add a night, in hundreds of instructions of its virtual machine."""
    steps = []
    with open_store(path) as store:
        store._connection.set_progress_handler(lambda: steps.append(1), 100)
        store.add_plan(*plan_and_text, at=run_time(number), daily=rows)
    return len(steps)


@pytest.mark.slow
def test_adding_a_run_after_a_year_costs_no_more_than_at_first(path):
    elapsed = [
        count_steps(path, plan_and_text, number, daily_results(200, engagements=number))
        for number, plan_and_text in enumerate(run_plans(365))
    ]
    assert max(elapsed[-9:]) <= 1.1 * max(elapsed[1:10])


def test_a_long_file_with_one_more_day_costs_a_tenth(path):
    first, second = run_plans(2)
    once = count_steps(path, first, 0, daily_results(14 * 365))
    assert count_steps(path, second, 1, daily_results(14 * 366)) < 0.1 * once


def test_no_query_of_a_run_reads_a_whole_table(path):
    first, second = run_plans(2)
    add_to_store(path, first, daily=daily_results(600))
    executed = []
    with open_store(path) as store:
        store._connection.set_trace_callback(executed.append)
        store.add_plan(*second, at=run_time(1), daily=daily_results(620, engagements=11.0))
        store._connection.set_trace_callback(None)
        queries = [query for query in executed if query.lstrip().startswith(("SELECT", "INSERT", "WITH"))]
        query_plans = [row[3] for query in queries for row in store._connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert sum("SEARCH results" in way for way in query_plans) == 2  # the queries in which 620 rows are asked for
    assert any("SEARCH months" in way for way in query_plans)
    assert [
        way for way in query_plans if "SCAN" in way and not re.fullmatch(r"SCAN (\d+ CONSTANT ROWS|wanted)", way)
    ] == []


def test_a_plan_that_cannot_be_added_completely_is_not_added(path):
    (plan_and_text,) = run_plans(1)
    with open_store(path) as store:
        before = dump(path)
        with pytest.raises(TypeError):
            store.add_plan(*plan_and_text, at=run_time(0), daily=[replace(daily_results(1)[0], posts=object())])
        assert dump(path) == before
        assert store.add_plan(*plan_and_text, at=run_time(0)) is True


def test_the_text_of_a_plan_can_be_queried_as_json(path):
    add_to_store(path, run_plans(1)[0])
    query = "SELECT json_extract(document, '$.campaign.budget'), json_array_length(document, '$.picks') FROM plans"
    assert query_rows(path, query) == [(20000.0, 7)]
    assert json.loads(query_rows(path, "SELECT document FROM plans")[0][0])["schema"] == "microopt.plan/1"
