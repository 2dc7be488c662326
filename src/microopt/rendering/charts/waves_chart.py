"""The chart of a plan's waves: a creator a row, a wave a column, a bar in the color of the tier for what is posted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import altair as alt
from msgspec import Struct
from rich.cells import cell_len

from microopt.plan.plan import Pick, Plan
from microopt.rendering.charts.drawing import (
    CHARACTER_WIDTH,
    ENGLISH,
    WIDE,
    inline_data,
    layered,
    names_axis,
    names_extent,
    short_name,
)
from microopt.rendering.charts.palette import LIGHT
from microopt.rendering.charts.tier_channels import tier_channels
from microopt.rendering.language.language import Language
from microopt.rendering.terminal.pick_rows import split_places
from microopt.rendering.wording.waves import (
    CreatorWaves,
    Kind,
    creators_in_waves,
    post_letters,
    post_names,
    wave_marks,
)

ROW_HEIGHT = 26  # pixels
LABEL_SIZE = 11  # pixels of a text in a bar, or above a column
LETTER = CHARACTER_WIDTH * LABEL_SIZE / 13  # pixels across a character of that size, in a wide font
BAR_PADDING = 8  # pixels beside a label in its bar, and between bars
MOST_NAME = 24  # characters of the name of a wave or of a kind of post


def shown_in_chart(plan: Plan) -> tuple[list[CreatorWaves], int]:
    """Return the creators whom the chart shows, and how many it leaves out: of many, the first of each tier stay."""
    creators = creators_in_waves(plan)
    shown, hidden = split_places([creator.tier for creator in creators])
    return [creators[place] for place in shown], len(hidden)


def waves_chart(plan: Plan, language: Language = ENGLISH, *, width: int = WIDE) -> alt.LayerChart:
    """Return who posts what in which wave; bars have the names of posts, or one letter each, as they have room."""
    creators, _ = shown_in_chart(plan)
    names = _distinct([short_name(creator.creator) for creator in creators])
    waves = _distinct([short_name(wave.wave, MOST_NAME) for wave in plan.by_wave])
    column, labels = _column(plan, creators, width), _labels(plan, creators, width)
    rows = list(_rows(creators, names, waves, _names(plan), labels, language))
    x = alt.X("wave:N", sort=waves, title=None, scale=_bands(waves, 0.06), axis=_waves_axis(waves, column))
    y = alt.Y("creator:N", sort=names, title=None, scale=_bands(names, 0.22), axis=names_axis(names, width))
    color, _ = tier_channels(plan, {creator.tier for creator in creators}, width)
    base = alt.Chart(inline_data(rows)).encode(x=x, y=y)
    lines = alt.Chart(inline_data([{"creator": name} for name in names])).mark_rule(color=LIGHT.line, aria=False)
    layers = [lines.encode(y=y), base.mark_rect(cornerRadius=3).encode(color=color, description="spoken:N")]
    if labels is not None:
        text = base.mark_text(fontSize=LABEL_SIZE, color=LIGHT.paper, baseline="middle", aria=False)
        layers.append(text.encode(text="label:N"))
    return layered(*layers, width=width, height=ROW_HEIGHT * max(1, len(names)))


def letters_in_chart(plan: Plan, *, width: int = WIDE) -> str:
    """Return what the letters in the bars of a chart of this width mean; empty if it has none."""
    creators, _ = shown_in_chart(plan)
    labels = _labels(plan, creators, width)
    if labels is None or labels.separator:
        return ""
    return " · ".join(f"{labels.names[kind]} {name}" for kind, name in _names(plan).items())


class _BarTexts(Struct, frozen=True):
    """What stands for each kind of post in a bar, and what is between several."""

    names: Mapping[Kind, str]
    separator: str

    def text(self, picks: Sequence[Pick]) -> str:
        return wave_marks(picks, self.names, separator=self.separator)


def _names(plan: Plan) -> dict[Kind, str]:
    return {kind: short_name(name, MOST_NAME) for kind, name in post_names(plan.picks).items()}


def _column(plan: Plan, creators: Sequence[CreatorWaves], width: int) -> float:
    """Return about how many pixels a wave has."""
    extent = names_extent([short_name(creator.creator) for creator in creators], width // 3)
    return (width - extent - 8) / len(plan.by_wave)


def _labels(plan: Plan, creators: Sequence[CreatorWaves], width: int) -> _BarTexts | None:
    """Return the first of names and letters that fit all bars, None if neither does."""
    names, room = _names(plan), _column(plan, creators, width) - BAR_PADDING
    letters = post_letters(names)
    choices = [_BarTexts(names, ", "), *([] if letters is None else [_BarTexts(letters, "")])]
    for labels in choices:
        texts = {labels.text(picks) for creator in creators for picks in creator.waves if picks}
        if max(map(cell_len, texts), default=0) * LETTER <= room:
            return labels
    return None


def _bands(names: Sequence[str], padding: float) -> alt.Scale:
    return alt.Scale(domain=list(names), paddingInner=padding, paddingOuter=padding / 2)


def _waves_axis(waves: Sequence[str], column: float) -> alt.Axis:
    """Return the axis of the waves above the rows; names that are wider than a column stand upright."""
    longest = max(map(cell_len, waves)) * LETTER
    options: dict[str, Any] = {"orient": "top", "ticks": False, "domain": False, "labelFontSize": LABEL_SIZE}
    if longest <= column:
        return alt.Axis(**options, labelAngle=0, labelLimit=column)
    if column < LABEL_SIZE + 2:  # not every name has room
        options["labelOverlap"] = "greedy"
    return alt.Axis(**options, labelAngle=-90, labelAlign="left", labelBaseline="middle", labelLimit=MOST_NAME * LETTER)


def _rows(
    creators: Sequence[CreatorWaves],
    names: Sequence[str],
    waves: Sequence[str],
    kinds: Mapping[Kind, str],
    labels: _BarTexts | None,
    language: Language,
) -> Iterator[dict[str, Any]]:
    for creator, name in zip(creators, names, strict=True):
        for picks, wave in zip(creator.waves, waves, strict=True):
            if picks:
                posts = language.text("{posts} in {wave}", posts=wave_marks(picks, kinds), wave=wave)
                tier = short_name(picks[0].tier)
                yield {
                    "creator": name,
                    "wave": wave,
                    "tier": tier,
                    "label": "" if labels is None else labels.text(picks),
                    "spoken": f"{short_name(creator.creator)} ({tier}): {posts}",
                }


def _distinct(names: Sequence[str]) -> list[str]:
    """Return names that stay apart on an axis: spaces, which nobody sees, follow those that are there already."""
    found: dict[str, None] = {}
    for name in names:
        while name in found:
            name += "\N{NO-BREAK SPACE}"  # noqa: PLW2901 (until it is another)
        found[name] = None
    return list(found)
