"""Campaigns planned together beside the same campaigns planned one by one, in both orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from microopt.plan.portfolio import CampaignOutcome, PortfolioPlan
from microopt.quantities.parse_and_format import format_names
from microopt.rendering.wording.portfolio import FAIR, SAME, has_weights, mean_share, shown_name
from microopt.rendering.wording.words import ENGLISH_WORDS, Words

AS_LISTED, REVERSED = "as listed", "reversed"


class OneByOneLine(Struct, frozen=True, kw_only=True):
    """A campaign of the comparison: what it reaches of its best together, then in each order."""

    name: str
    together: str
    orders: tuple[str, ...]
    is_total: bool = False


def one_by_one_head(plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> Iterator[str]:
    """Yield whether it is better to plan together, and what the first campaign takes and the last one loses."""
    if mean_share(plan.planned) is None or not plan.one_by_one:
        return
    yield _least_answer(plan, words) if plan.goal == FAIR else _mean_answer(plan, words)
    for name, outcomes in plan.one_by_one.items():
        if len(outcomes) > 1:
            yield _first_and_last(name, outcomes, plan, words)
    outcomes_of_all = [each for outcomes in plan.one_by_one.values() for each in outcomes]
    if plan.status != "optimal" or any(each.status == "feasible" for each in outcomes_of_all):
        yield words.text("Not all of these plans are proven best.")
    if rules := [rule.label for rule in plan.rules if rule.share or rule.at_least is not None]:
        yield words.plural(
            "One by one, this rule of the house may not hold: {rules}.",
            "One by one, these rules of the house may not hold: {rules}.",
            len(rules),
            rules=format_names(rules),
        )


def compared_campaigns(plan: PortfolioPlan) -> list[CampaignOutcome]:
    """Return the campaigns that have a plan, together or in one of the orders."""
    planned = {each.name for outcomes in plan.one_by_one.values() for each in outcomes if each.is_planned}
    return [each for each in plan.campaigns if each.is_planned or each.name in planned]


def _mean_answer(plan: PortfolioPlan, words: Words) -> str:
    """Return how much the campaigns reach on average, together and one by one."""
    together = _mean(plan.campaigns, plan)
    means = {name: _mean(outcomes, plan) for name, outcomes in plan.one_by_one.items()}
    values = {"together": words.share(together), "orders": _orders(means, words)}
    best = max(means.values())
    if together > best + SAME:
        return words.text(
            "Planning together is better: on average {together} of each campaign's best, one by one {orders}.", **values
        )
    if together >= best - SAME:
        return words.text(
            "Planning together brings as much as the better order: on average {together} of each campaign's best, one "
            "by one {orders}.",
            **values,
        )
    return words.text(
        "Planning one by one can bring more here: on average {together} of each campaign's best together, one by one "
        "{orders}.",
        **values,
    )


def _least_answer(plan: PortfolioPlan, words: Words) -> str:
    """Return how much the campaign that gets least reaches, together and one by one."""
    together = min(_shares(plan.campaigns, plan))
    least = {name: min(_shares(outcomes, plan)) for name, outcomes in plan.one_by_one.items()}
    values = {"together": words.share(together), "orders": _orders(least, words)}
    if together > max(least.values()) + SAME:
        return words.text(
            "Planning together is fairer: the campaign that gets least reaches {together} of its best, one by one "
            "{orders}.",
            **values,
        )
    return words.text(
        "Planning together is not fairer here: the campaign that gets least reaches {together} of its best, one by one "
        "{orders}.",
        **values,
    )


def _orders(shares: Mapping[str, Fraction], words: Words) -> str:
    """Return a share of each order: `87% in the order listed and 90% in reverse order`."""
    return words.join([f"{words.share(share)} {_order(name, words)}" for name, share in shares.items()])


def one_by_one_headings(plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> tuple[str, ...]:
    """Return the headings of the comparison's columns after the name."""
    titles = {AS_LISTED: words.text("As listed"), REVERSED: words.text("Reversed")}
    return words.text("Together"), *(titles.get(name, shown_name(name)) for name in plan.one_by_one)


def one_by_one_lines(plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> Iterator[OneByOneLine]:
    """Yield a line for each campaign, then the means."""
    if not plan.one_by_one:
        return
    by_order = [{each.name: each for each in outcomes} for outcomes in plan.one_by_one.values()]
    for each in compared_campaigns(plan):
        cells = tuple(_cell(found.get(each.name), words) for found in by_order)
        yield OneByOneLine(name=each.name, together=_cell(each, words), orders=cells)
    together = mean_share(plan.planned)
    if together is not None:
        means = tuple(words.share(_mean(outcomes, plan)) for outcomes in plan.one_by_one.values())
        mean = words.text("Mean, by weight") if has_weights(plan) else words.text("Mean")
        yield OneByOneLine(name=mean, together=words.share(together), orders=means, is_total=True)


def _first_and_last(name: str, outcomes: Sequence[CampaignOutcome], plan: PortfolioPlan, words: Words) -> str:
    first, last = outcomes[0], outcomes[-1]
    together = {each.name: each for each in plan.campaigns}
    if not last.is_planned:
        return words.text(
            "{order}, {first} chooses first and reaches {share} of its best (together {first_together}); nothing that "
            "fits is left for {last}.",
            order=_start(_order(name, words)),
            first=shown_name(first.name),
            share=_cell(first, words),
            first_together=_cell(together.get(first.name), words),
            last=shown_name(last.name),
        )
    return words.text(
        "{order}, {first} chooses first and reaches {share} of its best (together {first_together}); {last} is last "
        "and reaches {last_share} (together {last_together}).",
        order=_start(_order(name, words)),
        first=shown_name(first.name),
        share=_cell(first, words),
        first_together=_cell(together.get(first.name), words),
        last=shown_name(last.name),
        last_share=_cell(last, words),
        last_together=_cell(together.get(last.name), words),
    )


def _shares(outcomes: Sequence[CampaignOutcome], plan: PortfolioPlan) -> list[Fraction]:
    """Return what each campaign that has a plan together reaches of its best; one that gets nothing reaches 0."""
    found = {each.name: each.share or Fraction(0) for each in outcomes if each.is_planned}
    return [found.get(each.name, Fraction(0)) for each in _counted(plan)]


def _mean(outcomes: Sequence[CampaignOutcome], plan: PortfolioPlan) -> Fraction:
    """Return the mean of these shares by weight."""
    weights = [each.weight for each in _counted(plan)]
    weighted = (weight * share for weight, share in zip(weights, _shares(outcomes, plan), strict=True))
    return sum(weighted, Fraction(0)) / sum(weights, Fraction(0))


def _counted(plan: PortfolioPlan) -> list[CampaignOutcome]:
    return [each for each in plan.planned if each.share is not None]


def _cell(outcome: CampaignOutcome | None, words: Words) -> str:
    if outcome is None or not outcome.is_planned:
        return words.text("no plan")
    return "-" if outcome.share is None else words.share(outcome.share)


def _order(name: str, words: Words) -> str:
    return {
        AS_LISTED: words.text("in the order listed"),
        REVERSED: words.text("in reverse order"),
    }.get(name, shown_name(name))


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]
