"""A forecast as a table for a person: each offer's results with their range and origin."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from microopt.analysis.forecast_table import ForecastTable, ForecastValue, OfferForecast
from microopt.quantities.parse_and_format import format_count, format_money, format_percent
from microopt.rendering.terminal.screen import Screen, cell
from microopt.rendering.wording.plan_figures import fee_estimate_range, format_conversions

SHOWN = 50
GAP, LEAST_ROOM, MOST_ROOM = 2, 26, 44
FIGURES = {
    "Fee": "",
    "Reach": "reach",
    "Views": "impressions",
    "Engagements": "engagements",
    "Conversions": "conversions",
    "CPE": "",
}
DROPPED = ("Views", "Reach")
MARKS = {"own": "", "shrunk": "*", "default": "°", "estimated": "~"}
MEANINGS = {
    "shrunk": "* the roster's figure, drawn towards what is usual for the size",
    "default": "° a public benchmark",
    "estimated": "~ estimated",
}


def forecast_table(outlook: ForecastTable, screen: Screen) -> str:
    """Return the forecast as text."""
    roster = outlook.roster
    source = "standard input" if roster.source.path == "-" else roster.source.path
    filtered = f" ({roster.filtered:,} filtered out)" if roster.filtered else ""
    head = f"{source} · {roster.creators:,} creators{filtered} · {len(outlook.offers):,} offers"
    parts: list[RenderableType] = [
        cell(head, "bold"),
        Text(
            "below each name its platform, tier and followers; below each figure where eight of ten fall", style="dim"
        ),
        "",
        _offers(outlook, screen),
    ]
    return screen.render(*parts, *_legend(outlook), "", *_tail(outlook))


def _offers(outlook: ForecastTable, screen: Screen) -> Table:
    """Figures are never cut: views, then reach, are left out where they leave the creator too little room."""
    shown = outlook.offers[:SHOWN]
    left_out: list[str] = []
    while True:
        names = [name for name in FIGURES if name not in left_out]
        rows = [[_cell(outlook, offer, name) for name in names] for offer in shown]
        widths = [max(map(_width, column)) for column in zip(map(Text, names), *rows, strict=True)]
        room = screen.width - sum(widths) - GAP * (len(widths) + 1)
        if room >= LEAST_ROOM or len(left_out) == len(DROPPED):
            break
        left_out.append(DROPPED[len(left_out)])
    table = Table(box=None, padding=(0, GAP, 0, 0), show_edge=False, header_style="bold")
    table.add_column("Creator", no_wrap=True, overflow="ellipsis", width=min(max(room, 12), MOST_ROOM))
    for name, width in zip(names, widths, strict=True):
        table.add_column(name, justify="right", no_wrap=True, width=width)
    for offer, figures in zip(shown, rows, strict=True):
        table.add_row(_name(offer), *figures)
    return table


def _width(text: Text) -> int:
    return max(cell_len(line) for line in text.plain.split("\n"))


def _name(offer: OfferForecast) -> Text:
    name = cell(offer.creator)
    name.append_text(cell(f" {offer.offer}" if offer.offer else "", "dim"))
    facts = " · ".join(filter(None, (offer.platform, offer.tier, format_count(offer.followers))))
    return name.append("\n").append_text(cell(f"  {facts}", "dim"))


def _cell(outlook: ForecastTable, offer: OfferForecast, name: str) -> Text:
    currency = outlook.roster.currency
    if name == "CPE":
        cpe = offer.rates["cpe"]
        return Text("-" if cpe is None else format_money(round(cpe), currency))
    if name != "Fee":
        return _figure(offer.figures[FIGURES[name]], FIGURES[name])
    fee = Text(format_money(offer.fee, currency, whole=offer.fee >= 1000))
    fee.append("~" if offer.fee_origin == "estimated" else "!" if offer.fee_high else "")
    if offer.fee_high and offer.usual_fee is not None:
        fee.append(f"\nusual {format_money(offer.usual_fee, currency, whole=True)}", style="dim")
    return fee


def _figure(figure: ForecastValue, metric: str) -> Text:
    def shown(value: float) -> str:
        return format_conversions(round(value * 1000)) if metric == "conversions" else format_count(value)

    text = Text(shown(figure.mean) + MARKS[figure.origin])
    return text.append(f"\n{shown(figure.low)}..{shown(figure.high)}", style="dim")


def _legend(outlook: ForecastTable) -> Iterator[Text]:
    rest = len(outlook.offers) - SHOWN
    if rest > 0:
        yield Text(f"… and {rest:,} more: write them all with -o forecast.csv (or .json)", style="dim")
    origins = {figure.origin for offer in outlook.offers for figure in offer.figures.values()}
    origins |= {offer.fee_origin for offer in outlook.offers}
    told = [meaning for origin, meaning in MEANINGS.items() if origin in origins]
    if "estimated" in origins:
        told[-1] += " fee: expect {:g} to {:g} times as much".format(*fee_estimate_range(outlook.campaign))
    high = sum(offer.fee_high for offer in outlook.offers)
    if high:
        told.append(f"! far above what such an audience usually costs ({high:,} of {len(outlook.offers):,})")
    if told:
        yield Text(" · ".join(told), style="dim")


def _tail(outlook: ForecastTable) -> Iterator[Text]:
    names = {
        "own": "the roster's own figures",
        "shrunk": "the roster's figures drawn towards the usual",
        "default": "public benchmarks",
        "estimated": "estimates",
    }
    for metric in ("engagements", "conversions"):
        shares = outlook.origin_shares.get(metric, {})
        if shares:
            told = ", ".join(f"{format_percent(share)} on {names[origin]}" for origin, share in shares.items())
            yield cell(f"Of the {metric}, {told}.")
    for note in outlook.notes:
        yield cell(f"Note: {note}.", "dim")
    for warning in outlook.warnings:
        yield cell(f"Warning: {warning}.", "yellow")
