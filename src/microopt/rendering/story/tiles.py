"""The four main figures of a plan, each with its likely range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from msgspec import Struct

from microopt.analysis.report.result import Report
from microopt.plan.earnings import likely_profit, revenue_follows_conversions
from microopt.plan.likely_range import LikelyRange
from microopt.quantities.units import Cents
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import Figure, ratio, result_figure, round_digits
from microopt.rendering.story.metric_names import metric_name


class Tile(Struct, frozen=True, kw_only=True):
    """A main figure, with its likely range and a note; texts are empty where there is nothing to say.

    Attributes
    ----------
    low, high
        The ends of the 80% likely range.
    figure
        The same as numbers, by which the range is drawn.
    """

    name: str
    value: str
    low: str = ""
    high: str = ""
    note: str = ""
    figure: Figure


def cover_tiles(report: Report, language: Language) -> tuple[Tile, ...]:
    """Return people, engagements, conversions, and what they earn or else cost each."""
    return (_people(report, language), *_results(report, language), _money(report, language))


def likely_totals(report: Report) -> Mapping[str, LikelyRange]:
    """Return the likely ranges of the totals that are known, if results go up and down together."""
    return report.plan.likely if report.ranges is None else report.ranges.correlated


def _tile(name: str, figure: Figure, note: str = "") -> Tile:
    return Tile(name=name, value=figure.text, low=figure.low_text, high=figure.high_text, note=note, figure=figure)


def _people(report: Report, language: Language) -> Tile:
    plan = report.plan
    if plan.net_reach is not None:
        people = result_figure(language, "reach", plan.net_reach.people)
        return _tile(language.text("People reached"), people, language.text("each counted once"))
    reach = result_figure(language, "reach", plan.totals.metrics["reach"], likely_totals(report).get("reach"))
    note = language.text("people who follow two creators are counted twice")
    return _tile(metric_name("reach", language), reach, note)


def _results(report: Report, language: Language) -> Iterator[Tile]:
    for name in ("engagements", "conversions"):
        likely, share = likely_totals(report).get(name), report.plan.assumed.get(name, 0.0)
        figure = result_figure(language, name, report.plan.totals.metrics[name], likely)
        yield _tile(metric_name(name, language), figure, _origin(figure, share, language))


def _origin(figure: Figure, share: float, language: Language) -> str:
    """Return what a result rests on, where that is not the list's own figures."""
    if figure.final:
        return language.text("final results")
    if not figure.amount or share < 0.0005:
        return ""
    if share >= 0.9995:
        return language.text("industry estimate")
    return language.text("{share} of it industry estimates", share=language.percent(share))


def _money(report: Report, language: Language) -> Tile:
    totals = report.plan.totals
    if totals.revenue is not None and totals.profit is not None:
        return _profit(report, totals.revenue, totals.profit, language)
    if totals.revenue is not None:
        return _revenue(report, totals.revenue, language)
    if totals.metrics["conversions"]:
        return _cost_per(report, "conversions", language.text("Cost per conversion"), language)
    return _cost_per(report, "engagements", language.text("Cost per engagement"), language)


def _revenue(report: Report, revenue: Cents, language: Language) -> Tile:
    plan, likely = report.plan, likely_totals(report).get("conversions")
    conversions = plan.totals.metrics["conversions"]
    note = ""
    if plan.totals.spend:
        note = language.text("ROAS {ratio}", ratio=ratio(language, Fraction(revenue, plan.totals.spend)))
    ends = None
    if likely is not None and not likely.final and conversions and revenue_follows_conversions(plan):
        ends = (Fraction(revenue * likely.low, conversions), Fraction(revenue * likely.high, conversions))
    figure = _money_figure(language, Fraction(revenue), ends, plan.roster.currency)
    return _tile(language.text("Revenue"), figure, note)


def _profit(report: Report, revenue: Cents, profit: Cents, language: Language) -> Tile:
    """Return the profit, at the ends of its likely range where revenue follows conversions."""
    plan, spend = report.plan, report.plan.totals.spend
    ends = likely_profit(plan, likely_totals(report).get("conversions"))
    note = language.text("revenue {revenue}", revenue=language.money(revenue, plan.roster.currency, whole=True))
    if spend:
        note += ", " + language.text("ROAS {ratio}", ratio=ratio(language, Fraction(revenue, spend)))
    return _tile(language.text("Profit"), _money_figure(language, Fraction(profit), ends, plan.roster.currency), note)


def _cost_per(report: Report, name: str, title: str, language: Language) -> Tile:
    plan, likely = report.plan, likely_totals(report).get(name)
    amount, spend = plan.totals.metrics[name], plan.totals.spend
    if not amount:
        return Tile(name=title, value="–", figure=Figure(amount=0.0, text="–"))
    ends = None
    if likely is not None and not likely.final and likely.low:
        ends = (Fraction(spend * 1000, likely.high), Fraction(spend * 1000, likely.low))
    return _tile(title, _money_figure(language, Fraction(spend * 1000, amount), ends, plan.roster.currency))


def _money_figure(language: Language, cents: Fraction, ends: tuple[Fraction, Fraction] | None, currency: str) -> Figure:
    text = language.money(cents, currency, whole=True)
    if ends is None:
        return Figure(amount=float(cents) / 100, text=text)
    low, high = ends
    return Figure(
        amount=float(cents) / 100,
        text=text,
        low=float(low) / 100,
        high=float(high) / 100,
        low_text=money_end(language, low, currency),
        high_text=money_end(language, high, currency),
    )


def money_end(language: Language, cents: Fraction, currency: str) -> str:
    """Return an end of a range of money, in whole units from 10 on, in two digits from 100 on."""
    sign, units = -1 if cents < 0 else 1, abs(float(cents)) / 100
    if units < 10:
        return language.money(round(cents), currency)
    whole = round_digits(units, 2) if units >= 100 else round(units)
    return language.money(sign * 100 * whole, currency)
