"""What is said of several campaigns that are planned together: the answer, its proof, and what sharing costs whom.

Every sentence is a text of the catalogue, so that a page says it in its language and a terminal in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

from msgspec import Struct

from microopt.campaign.goals import LEAST_COST, MONEY_GOALS
from microopt.plan.plan import RuleUse
from microopt.plan.portfolio import CampaignOutcome, PortfolioPlan
from microopt.quantities.parse_and_format import shorten
from microopt.rendering.sanitize import plain_text
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.plan_figures import describe_binding, format_allowed, format_used
from microopt.rendering.wording.words import ENGLISH_WORDS, Words

SAME = Fraction(1, 2000)  # shares that are no further apart round to the same percent
MOST_NAME = 60  # characters of a name in a sentence
MOST_NAMED = 3  # campaigns in a sentence; of more it says how many
MOST_WITHOUT_PLAN = 5  # campaigns without a plan that have a sentence each
FAIR = "fair"


def portfolio_title(plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> str:
    """Return the name of a portfolio, or what it is."""
    return plan.name or words.text("Campaigns planned together")


def shown_name(name: str) -> str:
    """Return the name of a campaign or a creator as a sentence shows it."""
    return shorten(plain_text(name), MOST_NAME)


def mean_share(outcomes: Iterable[CampaignOutcome]) -> Fraction | None:
    """Return the mean by weight of what campaigns reach of their best alone, None if no campaign could reach any."""
    known = [(each.share, each.weight) for each in outcomes if each.share is not None]
    total = sum(weight for _, weight in known)
    return sum((share * weight for share, weight in known), Fraction(0)) / total if total else None


def has_weights(plan: PortfolioPlan) -> bool:
    """Whether some campaigns count more than others."""
    return len({each.weight for each in plan.campaigns}) > 1


def portfolio_head(plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what the campaigns reach together, what sharing costs whom, how sure it is."""
    if not plan.planned:
        yield "main fact", words.text("No campaign has a plan.")
    else:
        yield "main fact", _answer(plan, words)
        yield from (("fact", sentence) for sentence in _cost_of_sharing(plan, words))
        yield _proof(plan, words)
        yield from (("caveat", sentence) for sentence in _unproven_alone(plan, words))
    yield from (("warning", sentence) for sentence in without_plan(plan, words))


def portfolio_sentences(plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what more money would add, what the figures mean, notes and warnings."""
    yield from (("fact", sentence) for sentence in money_facts(plan, words))
    yield from (("note", sentence) for sentence in (*legends(plan, words), *worth_legend(plan, words)))
    yield from remarks(plan, words)


def remarks(plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> Iterator[tuple[str, str]]:
    """Yield the notes of a portfolio, then its warnings."""
    yield from (("note", words.text("Note: {note}", note=end_sentence(note))) for note in plan.notes)
    yield from (("warning", words.text("Warning: {warning}", warning=end_sentence(each))) for each in plan.warnings)


def _answer(plan: PortfolioPlan, words: Words) -> str:
    """Return what is spent on how many campaigns and creators, and what they reach of their best."""
    spend = words.money(plan.spend, plan.currency, whole=True)
    if plan.budget is not None:
        budget = words.money(plan.budget, plan.currency, whole=True)
        spend = words.text("{spend} of {budget}", spend=spend, budget=budget)
    count = len(plan.planned)
    creators = words.plural("{count} creator", "{count} creators", plan.booked_creators)
    campaigns = words.plural("{count} campaign", "{count} campaigns", count)
    head = words.text("{spend} for {campaigns} with {creators}", spend=spend, campaigns=campaigns, creators=creators)
    share = mean_share(plan.planned)
    if share is None:
        return f"{head}."
    told = words.share(share)
    if count == 1:
        return words.text("{head}: {share} of the best that it could reach alone.", head=head, share=told)
    least = _least(plan)
    if plan.goal == FAIR and least is not None:
        floored = words.share(_rounded_down(least))
        return words.text(
            "{head}: each reaches at least {least} of the best that it could reach alone, {share} {mean}.",
            head=head,
            least=floored,
            share=told,
            mean=mean_words(plan, words),
        )
    if has_weights(plan):
        return words.text(
            "{head}: on average, by weight, {share} of the best that each could reach alone.", head=head, share=told
        )
    return words.text("{head}: on average {share} of the best that each could reach alone.", head=head, share=told)


def mean_words(plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> str:
    """Return of what kind the mean of the shares is."""
    return words.text("on average, by weight") if has_weights(plan) else words.text("on average")


def _least(plan: PortfolioPlan) -> Fraction | None:
    return min((each.share for each in plan.planned if each.share is not None), default=None)


def _rounded_down(share: Fraction) -> Fraction:
    """Return a share in whole percent: never more than what is true."""
    return Fraction(floor(share * 100), 100)


def _rounded_up(share: Fraction) -> Fraction:
    """Return a share in tenths of a percent, from a tenth on in whole percent: never less than what is true."""
    parts = 100 if share >= Fraction(1, 10) else 1000
    return Fraction(ceil(share * parts), parts)


def _cost_of_sharing(plan: PortfolioPlan, words: Words) -> Iterator[str]:
    """Yield which campaign sharing costs most, or that it costs nothing; and who gains by it."""
    known = [(each.lost, each) for each in plan.planned if each.lost is not None]
    if len(known) < 2:
        return
    lost, most = max(known, key=lambda pair: pair[0])
    if lost > SAME:
        share, name = words.share(lost), shown_name(most.name)
        yield words.text(
            "Sharing costs {campaign} the most: {share} of the best that it could reach alone.",
            campaign=name,
            share=share,
        )
    elif all(each.alone_proven for _, each in known):
        yield words.text("Sharing costs no campaign anything: each reaches the best that it could reach alone.")
    gaining = [shown_name(each.name) for lost, each in known if lost < -SAME and each.alone_proven]
    if gaining:
        yield words.plural(
            "{campaigns} reaches more than it could alone.",
            "{campaigns} reach more than they could alone.",
            len(gaining),
            campaigns=words.join(gaining),
        )


def _proof(plan: PortfolioPlan, words: Words) -> tuple[str, str]:
    """Return (`proof` or `doubt`, how sure the division is); rounded so that no more is claimed than is proven."""
    proof = plan.proof
    if proof.status == "optimal":
        if plan.goal == FAIR:
            return "proof", words.text(
                "Proven, to 0.01%: on these forecasts, no other way to share gives the worst-off campaign more, and "
                "none that gives it as much brings more in total."
            )
        if len(plan.planned) < len(plan.campaigns):
            return "proof", words.text(
                "Proven best for the campaigns that have a plan: on these forecasts, no other way to share creators "
                "and money brings them more in total."
            )
        return "proof", words.text(
            "Proven best: on these forecasts, no other way to share creators and money brings the campaigns more in "
            "total."
        )
    if plan.goal == FAIR and proof.least_share_bound is not None:
        sentence = words.text(
            "Not proven best: no way to share gives the worst-off campaign more than {bound} of its best.",
            bound=words.share(_rounded_up(proof.least_share_bound)),
        )
    elif plan.goal == FAIR:
        sentence = words.text(
            "Not proven best: time ended before it was known how much the worst-off campaign can get."
        )
    else:
        within = words.share(_rounded_up(Fraction(proof.gap)))
        if proof.limit == "gap":
            return "proof", words.text("Proven to be within {gap} of the best possible.", gap=within)
        sentence = words.text("Not proven best, but within {gap} of the best possible.", gap=within)
    return "doubt", " ".join(filter(None, (sentence, _limit(proof.limit, words))))


def _unproven_alone(plan: PortfolioPlan, words: Words) -> Iterator[str]:
    """Yield which campaigns may reach less of their best than is said, as a better plan alone may exist."""
    doubted = [shown_name(each.name) for each in plan.planned if not each.alone_proven]
    if doubted:
        yield words.plural(
            "The best plan of {campaigns} alone is not proven: it may reach less of its best than this says (~).",
            "The best plans of {campaigns} alone are not proven: they may reach less of their best than this says (~).",
            len(doubted),
            campaigns=words.join(doubted)
            if len(doubted) <= MOST_NAMED
            else words.plural("{count} campaign", "{count} campaigns", len(doubted)),
        )


def _limit(limit: str | None, words: Words) -> str:
    if limit == "time":
        return words.text("Stopped at the time limit. More time: {option}.", option="--time-limit 300")
    return words.text("It was interrupted.") if limit == "interrupt" else ""


def without_plan(plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> Iterator[str]:
    """Yield which campaigns have no plan, and why: a sentence for each of the first few."""
    missing = [each for each in plan.campaigns if not each.is_planned]
    for each in missing[:MOST_WITHOUT_PLAN]:
        reason = end_sentence(each.problem) if each.problem else words.text("no reason is known.")
        name = shown_name(each.name)
        if each.status == "failed":
            yield words.text("{campaign} was left out: {reason}", campaign=name, reason=reason)
        else:
            yield words.text("{campaign} has no plan: {reason}", campaign=name, reason=reason)
    rest = len(missing) - MOST_WITHOUT_PLAN
    if rest > 0:
        yield words.plural("{count} more has no plan.", "{count} more have no plan.", rest)


def money_facts(plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> Iterator[str]:
    """Yield what one percent more of the house budget would add, or how much of it is left; how it is divided."""
    if plan.budget is None or not plan.planned:
        return
    if plan.budget_worth is None:
        left = words.money(plan.budget - plan.spend, plan.currency, whole=True)
        if plan.budget > plan.spend:
            yield words.text("{left} of the house budget is left.", left=left)
    else:
        values = {
            "amount": words.money(Fraction(plan.budget, 100), plan.currency, whole=True),
            "share": words.share(plan.budget_worth),
        }
        if has_weights(plan):
            yield words.text(
                "1% more of the house budget, {amount}, would add about {share} of a campaign's best, counted by "
                "weight.",
                **values,
            )
        else:
            yield words.text(
                "1% more of the house budget, {amount}, would add about {share} of a campaign's best.", **values
            )
    if plan.allocates:
        yield words.text("The house budget is divided where it brings most, within floors and caps.")


def legends(plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> Iterator[str]:
    """Yield what the figures of the tables mean."""
    planned = plan.planned
    if any(each.share is not None for each in planned):
        yield (
            words.text(
                "Of its best: what a campaign brings, as a share of the best that it could reach alone, with as much "
                "money as the house may give it."
            )
            if plan.allocates
            else words.text(
                "Of its best: what a campaign brings, as a share of the best that it could reach alone, with its list "
                "and its budget."
            )
        )
    if any(each.goal == LEAST_COST for each in planned):
        yield words.text("For a goal of least cost, 92% of its best means 8% more than the least cost alone.")


def worth_legend(plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> Iterator[str]:
    """Yield what a creator's worth and the price of one more booking mean, if the portfolio has any."""
    if plan.creators:
        yield words.text(
            "Worth: what a creator adds to a campaign, less what the same money and limits would bring elsewhere, as a "
            "share of the best that it could reach alone."
        )
    if any(shared.price for shared in plan.creators):
        yield (
            words.text(
                "One more: about what one more booking of the creator would add, as a share of a campaign's best, "
                "counted by weight."
            )
            if has_weights(plan)
            else words.text(
                "One more: about what one more booking of the creator would add, as a share of a campaign's best."
            )
        )


def method(plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> Iterator[str]:
    """Yield how a portfolio was planned, and how each campaign's plan can be checked."""
    yield words.text("First, each campaign was planned alone: that is the best that it could reach.")
    if plan.goal == FAIR:
        yield words.text(
            "Then all were planned together, so that the campaign that reaches least of its best reaches as much as "
            "possible, and all together as much as that allows."
        )
    else:
        yield words.text(
            "Then all were planned together, so that what they reach of their best adds up to as much as possible."
        )
    yield words.text(
        "The plan of each campaign is a file of its own, which {command} checks.", command="microopt verify"
    )


def outcome_value(outcome: CampaignOutcome, value: Fraction | None, words: Words = ENGLISH_WORDS) -> str:
    """Return a value in the unit of a campaign's goal, `-` for none."""
    if value is None:
        return "-"
    if outcome.goal in MONEY_GOALS:
        return words.money(round(value * 100), outcome.currency, whole=True)
    if outcome.goal == "balanced":
        return words.number(float(value), 3)
    return words.number(float(value), 0 if abs(value) >= 100 else 1)


def share_cell(outcome: CampaignOutcome, words: Words = ENGLISH_WORDS) -> str:
    """Return what a campaign reaches of its best alone, `~` where that is not proven."""
    if not outcome.is_planned:
        return words.text("no plan")
    if outcome.share is None:
        return "-"
    return f"{'' if outcome.alone_proven else '~'}{words.share(outcome.share)}"


def lost_text(lost: Fraction | None, words: Words = ENGLISH_WORDS) -> str:
    """Return what sharing costs, `-` for nothing; a gain has a plus sign."""
    if lost is None or abs(lost) <= SAME:
        return "-"
    return words.share(lost) if lost > 0 else f"+{words.share(-lost)}"


class CampaignLine(Struct, frozen=True, kw_only=True):
    """A line of the table of campaigns: its name, and its cells by the keys of `campaign_headings`."""

    name: str
    cells: Mapping[str, str]
    is_planned: bool = True
    is_total: bool = False


def campaign_headings(plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> dict[str, str]:
    """Return the headings of the figures of a campaign, by key; those that would say nothing are left out."""
    own = any(each.currency != plan.currency for each in plan.planned)
    limited = any(each.budget is not None for each in plan.planned)
    return {
        "goal": words.text("Goal"),
        **({"weight": words.text("Weight")} if has_weights(plan) else {}),
        "creators": words.text("Creators"),
        "posts": words.text("Posts"),
        "spend": words.text("Spend"),
        **({"own": words.text("In its currency")} if own else {}),
        **({"budget": words.text("Own budget")} if limited else {}),
        "value": words.text("Result"),
        "alone": words.text("Best alone"),
        "share": words.text("Of its best"),
        "lost": words.text("Sharing costs"),
    }


def campaign_lines(plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> Iterator[CampaignLine]:
    """Yield a line for each campaign, then their sum, in which a creator counts once."""
    for each in plan.campaigns:
        cells = dict(_cells(each, plan, words)) if each.is_planned else {"share": share_cell(each, words)}
        yield CampaignLine(name=each.name, cells=cells, is_planned=each.is_planned)
    share = mean_share(plan.planned)
    total = {
        "creators": words.number(plan.booked_creators),
        "posts": words.number(sum(each.posts for each in plan.planned)),
        "spend": words.money(plan.spend, plan.currency, whole=True),
        "share": "-" if share is None else words.share(share),
        "lost": lost_text(None if share is None else 1 - share, words),
    }
    yield CampaignLine(name=words.text("Together"), cells=total, is_total=True)


def _cells(outcome: CampaignOutcome, plan: PortfolioPlan, words: Words) -> Iterator[tuple[str, str]]:
    yield "goal", outcome.goal
    yield "weight", words.number(float(outcome.weight), 2)
    yield "creators", words.number(outcome.creators)
    yield "posts", words.number(outcome.posts)
    yield "spend", words.money(outcome.house_spend, plan.currency, whole=True)
    same = outcome.currency == plan.currency
    yield "own", "" if same else words.money(outcome.spend, outcome.currency, whole=True)
    own = outcome.budget
    yield "budget", "-" if own is None else words.money(own, outcome.currency, whole=True)
    yield "value", outcome_value(outcome, outcome.value, words)
    yield "alone", outcome_value(outcome, outcome.alone, words)
    yield "share", share_cell(outcome, words)
    yield "lost", lost_text(outcome.lost, words)


def rule_cells(rule: RuleUse, currency: str) -> tuple[str, str, str, str]:
    """Return a rule of the house, what of it is used and allowed, and whether it limits the plans."""
    room = describe_binding(rule, currency)
    return rule.label, format_used(rule, currency), format_allowed(rule, currency), room


def names(campaigns: Sequence[str], words: Words = ENGLISH_WORDS) -> str:
    """Return names of campaigns as a list in a sentence."""
    return words.join([shown_name(name) for name in campaigns])
