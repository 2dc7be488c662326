"""Charts are drawn in a process of their own, whatever happens to it."""

import json
import os
import signal
import time

import pytest

from microopt.errors import OutputError
from microopt.rendering.charts import vega
from microopt.rendering.charts.mix_chart import mix_chart
from microopt.rendering.charts.svg import draw_svg, start_drawing
from microopt.rendering.charts.vega import VegaProcess, find_vega_process
from microopt.rendering.charts.vega_process import SMALLEST
from tests.rendering.builders import picks, plan


@pytest.fixture
def process():
    """Start a process that is only the test's own."""
    own = VegaProcess()
    yield own
    own.close()


def test_many_charts_are_drawn_in_their_order_while_others_are_still_made():
    charts = [mix_chart(plan(picks(number))) for number in range(1, 8)]
    started = [start_drawing(chart) for chart in charts]
    assert [drawing.result() for drawing in started] == [draw_svg(chart) for chart in charts]


def test_a_chart_that_is_none_is_an_error_and_the_next_is_drawn(process):
    with pytest.raises(OutputError, match="a chart cannot be drawn: "):
        process.draw('{"mark": 7}').result()
    assert process.draw(SMALLEST).result().startswith("<svg")


@pytest.mark.parametrize("text", ["\n", "\u2028", "\\n", '"', "漢\U0001f389"])
def test_text_of_any_kind_comes_back(process, text):
    spec = json.dumps({"data": {"values": [{"a": text}]}, "mark": "text", "encoding": {"text": {"field": "a"}}})
    assert process.draw(spec).result().startswith("<svg")


def test_a_process_that_ends_is_told_and_the_next_chart_has_another(monkeypatch, process):
    monkeypatch.setattr(vega, "find_vega_process", vega._Shared(VegaProcess).find)
    first = vega.find_vega_process()
    os.kill(first._process.pid, signal.SIGKILL)
    with pytest.raises(OutputError, match="its process ended"):
        first.draw(SMALLEST).result()
    first._process.wait()
    second = vega.find_vega_process()
    assert second is not first
    assert second.draw(SMALLEST).result().startswith("<svg")
    second.close()


def test_ctrl_c_is_not_for_it(process):
    process.draw(SMALLEST).result()
    os.kill(process._process.pid, signal.SIGINT)
    assert process.draw(SMALLEST).result().startswith("<svg")


def test_a_process_that_cannot_be_started_is_an_error(monkeypatch):
    monkeypatch.setattr("sys.executable", "/no/such/python")
    with pytest.raises(OutputError, match="no process for it could be started: No such file"):
        VegaProcess()


def test_it_ends_when_it_is_closed(process):
    process.close()
    end = time.monotonic() + 10
    while process.is_alive and time.monotonic() < end:
        time.sleep(0.01)
    assert not process.is_alive


def test_all_charts_have_one_process():
    assert find_vega_process() is find_vega_process()
