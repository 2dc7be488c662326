"""The waves of a plan as a story tells them: what each has, in the language of the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from microopt.analysis.report.result import Report
from microopt.campaign.metrics import METRICS, internal_units
from microopt.plan.by_wave import ByWave
from microopt.plan.plan import Plan
from microopt.quantities.keys import match_key
from microopt.rendering.language.language import Language
from microopt.rendering.sanitize import plain_text
from microopt.rendering.story.figures import write_money, write_result
from microopt.rendering.story.metric_names import metric_name
from microopt.rendering.wording.waves import fold_empty, main_metric, picks_by_creator

RESULTS = ("engagements", "conversions")


class WaveColumn(Struct, frozen=True, kw_only=True):
    """A column of the table of waves."""

    key: str
    title: str


class WaveLine(Struct, frozen=True, kw_only=True):
    """A wave: its name, its days, and its cells by the keys of the columns."""

    name: str
    days: str
    cells: dict[str, str]


def report_by_creator(report: Report) -> Report:
    """Return a report whose plan has one pick for each creator, with a calendar; without one, the report itself."""
    plan = report.plan
    if not plan.by_wave:
        return report
    numbers: dict[str, int] = {}
    for number, pick in enumerate(plan.picks):
        numbers.setdefault(match_key(pick.creator), number)
    profiles = tuple(report.profiles[number] for number in numbers.values()) if report.profiles else ()
    return replace(report, plan=replace(plan, picks=picks_by_creator(plan)), profiles=profiles, ranges=None)


def waves_finding(plan: Plan, language: Language) -> str:
    """Return how many posts a plan has in how many waves: `25 posts in 3 waves`, or `... in 4 of 12 waves`."""
    used, waves = sum(wave.posts > 0 for wave in plan.by_wave), len(plan.by_wave)
    if used < waves:
        return language.text(
            "{posts} in {used} of {waves}",
            posts=language.plural("{count} post", "{count} posts", plan.posts),
            used=language.number(used),
            waves=language.plural("{count} wave", "{count} waves", waves),
        )
    return language.text(
        "{posts} in {waves}",
        posts=language.plural("{count} post", "{count} posts", plan.posts),
        waves=language.plural("{count} wave", "{count} waves", used),
    )


def wave_columns(report: Report, language: Language) -> list[WaveColumn]:
    """Return the columns of the table of waves that the edition of a report shows, but for the first."""
    plan, text = report.plan, language.text
    metrics = dict.fromkeys(name for name in (main_metric(plan), *RESULTS) if name in METRICS)
    found = [
        WaveColumn(key="creators", title=text("Creators")),
        WaveColumn(key="posts", title=text("Posts")),
    ]
    if report.edition.is_internal and any(wave.demand != 1 for wave in plan.by_wave):
        found.append(WaveColumn(key="demand", title=text("Demand")))
    if report.edition.fees:
        found.append(WaveColumn(key="spend", title=text("Spend")))
    return [*found, *(WaveColumn(key=name, title=metric_name(name, language)) for name in metrics)]


def wave_lines(plan: Plan, language: Language) -> list[WaveLine]:
    """Return a line for each wave, in order of time; many waves in a row that have nothing are one line."""
    return [line for waves in fold_empty(plan.by_wave) for line in _lines(waves, plan.roster.currency, language)]


def _lines(waves: Sequence[ByWave], currency: str, language: Language) -> Iterator[WaveLine]:
    """Yield the line of a wave, or of several that have nothing."""
    first, last = waves[0], waves[-1]
    name, cells = plain_text(first.wave), dict(_cells(first, currency, language))
    if len(waves) > 1:
        name = language.text("{first} to {last}", first=name, last=plain_text(last.wave))
        if len({wave.demand for wave in waves}) > 1:
            cells["demand"] = "-"
    yield WaveLine(name=name, days=language.period(first.starts, last.ends), cells=cells)


def _cells(wave: ByWave, currency: str, language: Language) -> Iterator[tuple[str, str]]:
    yield "creators", language.number(wave.creators)
    yield "posts", language.number(wave.posts)
    yield "demand", language.percent(float(wave.demand))
    yield "spend", write_money(language, wave.spend, currency)
    for name, amount in wave.metrics.items():
        yield name, write_result(language, name, amount / internal_units(name))


def wave_sums(plan: Plan, language: Language) -> dict[str, str]:
    """Return the sums of all waves by the keys of the columns; a creator is counted once."""
    totals = plan.totals
    return {
        "creators": language.number(totals.creators),
        "posts": language.number(plan.posts),
        "spend": write_money(language, totals.spend, plan.roster.currency),
        **{
            name: write_result(language, name, amount / internal_units(name)) for name, amount in totals.metrics.items()
        },
    }
