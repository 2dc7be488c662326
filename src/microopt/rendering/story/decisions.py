"""What to decide before anything is signed: fees to negotiate, gaps in the evidence, and money that hangs on a few."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct

from microopt.analysis.report.result import Negotiation, Report
from microopt.plan.plan import Pick, Plan
from microopt.quantities.units import Cents
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import name_of, names_of, ratio
from microopt.rendering.wording.high_fees import fee_multiple, market_level
from microopt.rendering.wording.industry_estimates import WHOLE
from microopt.rendering.wording.waves import picks_by_creator
from microopt.roster.suspicion import FEE_CODE

FEE, EVIDENCE, CONCENTRATION = KINDS = ("fee", "evidence", "concentration")
LEAST_ESTIMATED = 0.1  # of a result: a smaller share of estimates changes no decision
FEW = 3  # creators with more than half the spend, from which on it hangs on nobody
NAMED = 3
RESULTS = ("engagements", "conversions")


class Decision(Struct, frozen=True, kw_only=True):
    """Something to decide before signing.

    Attributes
    ----------
    kind
        One of `KINDS`.
    """

    kind: str
    title: str
    text: str


def decisions(report: Report, language: Language) -> tuple[Decision, ...]:
    """Return what the team decides before signing, the most important first; nothing in what a client reads."""
    if not report.edition.is_internal:
        return ()
    with_fees = report.edition.fees
    return (
        *(_fees(report, language) if with_fees else ()),
        *_evidence(report.plan, language),
        *(_concentration(report.plan, language) if with_fees else ()),
    )


def _fees(report: Report, language: Language) -> Iterator[Decision]:
    currency = report.plan.roster.currency
    for negotiation in report.negotiations:
        pick = report.plan.picks[negotiation.pick]
        fee = language.money(pick.fee, currency, whole=True)
        title = language.text("Negotiate the {fee} of {creator}", fee=fee, creator=name_of(pick.creator))
        posts = _posts_at_this_fee(report.plan, pick)
        worth = _worth(negotiation, pick, posts, currency, language) or _large(report.plan, pick, language)
        sentences = (
            _fee_of_posts(report.plan, pick, posts, language),
            _against_usual(report.plan, pick, language),
            worth,
        )
        text = " ".join(filter(None, sentences))
        yield Decision(kind=FEE, title=title, text=text)
    yield from _market(report.plan, language)


def _market(plan: Plan, language: Language) -> Iterator[Decision]:
    """Yield that most fees are above the usual ones, which then say little of a single creator."""
    level = market_level(plan.picks, plan.roster.usual_fees)
    if level is None:
        return
    multiple = ratio(language, round(level, 1))
    title = language.text("Fees here are about {multiple}x the industry estimate", multiple=multiple)
    text = language.text("Your market may cost more: compare with fees that you have paid in it.")
    yield Decision(kind=FEE, title=title, text=text)


def _against_usual(plan: Plan, pick: Pick, language: Language) -> str:
    """Return how many times the usual fee a fee is, and where the usual one comes from."""
    multiple, facts = fee_multiple(pick), plan.roster.usual_fees
    if multiple is None:
        return ""
    shown = ratio(language, round(multiple, 1))
    if facts is None:
        return language.text("{multiple}x the usual fee.", multiple=shown)
    if facts.from_list:
        return language.text("{multiple}x the usual fee on the creator list.", multiple=shown)
    return language.text("{multiple}x the industry estimate.", multiple=shown)


def _posts_at_this_fee(plan: Plan, pick: Pick) -> int:
    """Return how many posts in waves have the fee that is negotiated; 1 without a calendar."""
    if pick.wave is None:
        return 1
    alike = (pick.creator, pick.platform, pick.offer, pick.fee)
    return sum((each.creator, each.platform, each.offer, each.fee) == alike for each in plan.picks)


def _fee_of_posts(plan: Plan, pick: Pick, posts: int, language: Language) -> str:
    """Return for how many posts in waves a fee is, and after which discount; empty for a single one without."""
    calendar = plan.campaign.calendar
    bought = sum(max(each.units, 1) for each in plan.picks if each.creator == pick.creator)
    shares = [share for least, share in calendar.retainer if bought >= least] if calendar is not None else []
    if shares:
        return language.plural(
            "For {count} post, after the retainer discount of {share}.",
            "For each of {count} posts, after the retainer discount of {share}.",
            posts,
            share=language.percent(float(shares[-1])),
        )
    return language.text("For each of {count} posts.", count=language.number(posts)) if posts > 1 else ""


def _worth(negotiation: Negotiation, pick: Pick, posts: int, currency: str, language: Language) -> str:
    """Return the highest fee that the plan is not better without, as far as it is known; for all posts together."""
    highest = negotiation.highest_fee
    if highest is None:
        return ""
    worth = language.money(highest, currency, whole=True)
    if highest < pick.fee:
        if not negotiation.exact:
            return ""
        if posts > 1:
            return language.text("Together they are worth only {worth} each to this plan.", worth=worth)
        return language.text("Worth only {worth} to this plan.", worth=worth)
    if posts > 1 and negotiation.exact:
        return language.text("Together they are worth up to {worth} each to this plan.", worth=worth)
    if posts > 1:
        return language.text("Together they are worth at least {worth} each to this plan.", worth=worth)
    if negotiation.exact:
        return language.text("Worth up to {worth} to this plan.", worth=worth)
    return language.text("Worth at least {worth} to this plan.", worth=worth)


def _large(plan: Plan, pick: Pick, language: Language) -> str:
    return language.text("{share} of the spend.", share=language.percent(pick.cost / plan.totals.spend))


def _evidence(plan: Plan, language: Language) -> Iterator[Decision]:
    """Yield what the forecast does not rest on figures of the list for, or on figures that are hard to believe."""
    yield from _suspicions(plan, language)
    yield from _estimated_fees(plan, language)
    share = plan.assumed.get("conversions", 0.0)
    if plan.totals.metrics["conversions"] and share >= LEAST_ESTIMATED:
        title = (
            language.text("All conversions are industry estimates")
            if share >= WHOLE
            else language.text("{share} of the conversions are industry estimates", share=language.percent(share))
        )
        text = language.text("Ask for the clicks and sales of earlier posts, or agree on tracked links and codes.")
        yield Decision(kind=EVIDENCE, title=title, text=text)
    share = plan.assumed.get("engagements", 0.0)
    if plan.totals.metrics["engagements"] and share >= LEAST_ESTIMATED:
        title = (
            language.text("All engagements are industry estimates")
            if share >= WHOLE
            else language.text("{share} of the engagements are industry estimates", share=language.percent(share))
        )
        text = language.text("Ask for the statistics of recent posts.")
        yield Decision(kind=EVIDENCE, title=title, text=text)


def _suspicions(plan: Plan, language: Language) -> Iterator[Decision]:
    """Yield the creators in the plan whose figures are hard to believe; a plan names three of each kind."""
    names = [name for kind in plan.suspicions for name in (each.creator for each in kind.creators[: kind.in_plan])]
    doubted = list(dict.fromkeys(names))
    if not doubted:
        return
    known = all(kind.in_plan <= len(kind.creators) for kind in plan.suspicions)
    title = (
        language.plural(
            "{count} creator in the plan has figures that are hard to believe",
            "{count} creators in the plan have figures that are hard to believe",
            len(doubted),
        )
        if known
        else language.text("Many creators in the plan have figures that are hard to believe")
    )
    text = language.text("{creators}. Check them before signing.", creators=names_of(language, doubted, NAMED))
    if any(kind.code == FEE_CODE and kind.in_plan for kind in plan.suspicions):
        text = language.text(
            "{creators}. Check their figures and fees before signing.", creators=names_of(language, doubted, NAMED)
        )
    yield Decision(kind=EVIDENCE, title=title, text=text)


def _estimated_fees(plan: Plan, language: Language) -> Iterator[Decision]:
    estimated = [pick for pick in picks_by_creator(plan) if pick.fee_estimated and pick.fee]
    if not estimated or not plan.totals.spend:
        return
    title = language.plural("{count} fee is an estimate", "{count} fees are estimates", len(estimated))
    names = list(dict.fromkeys(pick.creator for pick in estimated))
    text = language.text(
        "{share} of the spend. Ask for a quote: {creators}.",
        share=language.percent(sum(pick.fee for pick in estimated) / plan.totals.spend),
        creators=names_of(language, names, NAMED),
    )
    yield Decision(kind=EVIDENCE, title=title, text=" ".join(filter(None, (text, _range_of_estimates(plan, language)))))


def _range_of_estimates(plan: Plan, language: Language) -> str:
    """Return how far the estimated fees may be off, and what they rest on; empty where a plan does not say."""
    facts = plan.roster.usual_fees
    if facts is None:
        return ""
    low, high = (ratio(language, end) for end in (facts.low, facts.high))
    if facts.from_list:
        return language.text(
            "Estimated from the other prices on the creator list: expect {low} to {high} times as much.",
            low=low,
            high=high,
        )
    return language.text(
        "Estimated from industry rate cards: expect {low} to {high} times as much.", low=low, high=high
    )


def _concentration(plan: Plan, language: Language) -> Iterator[Decision]:
    """Yield the smallest number of creators with more than half the spend, if they are few among many."""
    spends = _by_creator(plan)
    names, spent = [], 0
    for name, spend in sorted(spends.items(), key=lambda item: -item[1]):
        if 2 * spent > plan.totals.spend:
            break
        names.append(name)
        spent += spend
    if not spent or len(names) > FEW or len(names) * 2 > len(spends):
        return
    share = language.percent(float(Fraction(spent, plan.totals.spend)))
    title = language.plural(
        "{count} creator is {share} of the spend", "{count} creators are {share} of the spend", len(names), share=share
    )
    text = language.text("{creators}.", creators=names_of(language, names, FEW))
    yield Decision(
        kind=CONCENTRATION, title=title, text=" ".join(filter(None, (text, _at_risk(plan, names, language))))
    )


def _at_risk(plan: Plan, names: list[str], language: Language) -> str:
    """Return what the one of these creators who brings most of the engagements or conversions brings of both."""
    totals = {name: total for name in RESULTS if (total := plan.totals.metrics[name])}
    if not totals:
        return ""
    shares = {
        name: {
            metric: float(Fraction(sum(pick.metrics[metric] for pick in plan.picks if pick.creator == name), total))
            for metric, total in totals.items()
        }
        for name in names
    }
    name = max(shares, key=lambda each: max(shares[each].values()))
    written = {metric: language.percent(share) for metric, share in shares[name].items()}
    if written.keys() == set(RESULTS):
        return language.text(
            "{creator} brings {engagements} of the engagements and {conversions} of the conversions.",
            creator=name_of(name),
            **written,
        )
    if "engagements" in written:
        return language.text(
            "{creator} brings {share} of the engagements.", creator=name_of(name), share=written["engagements"]
        )
    return language.text(
        "{creator} brings {share} of the conversions.", creator=name_of(name), share=written["conversions"]
    )


def _by_creator(plan: Plan) -> dict[str, Cents]:
    spends: dict[str, Cents] = {}
    for pick in plan.picks:
        spends[pick.creator] = spends.get(pick.creator, 0) + pick.cost
    return spends
