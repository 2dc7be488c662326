"""What is said about why a creator is in a plan or not: the answer, the money, and how sure both are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from microopt.analysis.explain.break_even import NEVER_IN, NOT_SEARCHED
from microopt.analysis.explain.going_rate import FEWEST_CREATORS, FEWEST_FOR_FIRM, round_cents
from microopt.analysis.explain.result import CreatorExplanation, ExplainedOffer, Explanation
from microopt.plan.difference import NOT_LOOKED_AT, Difference
from microopt.quantities.parse_and_format import format_money, format_names
from microopt.rendering.wording.any_posts import any_posts_sentence, these_posts
from microopt.rendering.wording.explain_effect import describe_effect, format_change, format_size, is_bound
from microopt.rendering.wording.explained_posts import ExplainedPosts, explained_posts
from microopt.rendering.wording.plan_figures import count_creators, format_signed_percent
from microopt.roster.usual_fees import OWN_PRICES, PUBLIC_FIGURES, UsualFees

MOST_NAMES = 4  # in a line


def creator_head(explanation: Explanation, creator: CreatorExplanation) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what matters most about one creator: in or not, the money, how sure."""
    yield ("doubt" if creator.status == NOT_LOOKED_AT else "main fact"), _answer(explanation, creator)
    currency = explanation.roster.currency
    if creator.contract:
        yield from (("fact", _agreed_fee(posts, currency)) for posts in explained_posts(creator))
        return
    facts = explanation.roster.usual_fees
    yield from (("fact", _money(creator, posts, facts, currency)) for posts in explained_posts(creator))
    calendar = explanation.campaign.calendar
    has_retainer = calendar is not None and bool(calendar.retainer)
    if sentence := any_posts_sentence(creator, currency, has_retainer=has_retainer):
        yield "fact", sentence
    yield from _certainty(explanation, creator)


def _answer(explanation: Explanation, creator: CreatorExplanation) -> str:
    """Return whether a creator is in the plan, and what the opposite would change."""
    name = f"{creator.creator} ({creator.tier})" if creator.tier else creator.creator
    place = "is in the plan" if creator.picked else "is not in the plan"
    opposite = "Without" if creator.picked else "With"
    if creator.contract:
        return f"{name} {place} because you reported them as {creator.contract}. Nothing is left to negotiate."
    if creator.change is not None:
        effect = describe_effect(explanation, creator, creator.change)
        effect = f"{effect}. {_describe_exchange(creator, creator.change)}"
        found = ", in the best plan found" if is_bound(creator) else ""
        if creator.required_by:
            place = _required_place(explanation, creator, creator.change)
            return f"{name} {place}. Without them and this requirement{found}: {effect}"
        return f"{name} {place}. {opposite} them{'' if creator.picked else _at_this_fee(creator)}{found}: {effect}"
    if creator.status == NOT_LOOKED_AT:
        return f"{name} {place}. The search ended before the plan {opposite.lower()} them was looked for."
    reasons = "; ".join(map(_own_choice, creator.reasons)) or f"no plan {opposite.lower()} them was found"
    return f"{name} {place}: {reasons}."


def _required_place(explanation: Explanation, creator: CreatorExplanation, change: Difference) -> str:
    """Return that a creator is in the plan, and whether it is better with them or has them only as required."""
    rules = format_names(creator.required_by)
    if change.objective > 0:
        return f"is in the plan because you required them ({rules})"
    is_proven = explanation.status == creator.status == "optimal"
    better = ", and the plan is better with them" if change.objective < 0 and is_proven else ""
    return f"is in the plan: you required them ({rules}){better}"


def _at_this_fee(creator: CreatorExplanation) -> str:
    """Return at which fee a creator is in the plan that is compared: at the walk-away fee others change."""
    return " at the estimated fee" if any(offer.fee_estimated for offer in creator.offers) else " at their quote"


def _describe_exchange(creator: CreatorExplanation, change: Difference) -> str:
    """Return who else would be added or dropped in the plan that is compared."""
    exchanges = []
    for names, verb in ((change.added, "would be added"), (change.dropped, "would be dropped")):
        others = [name for name in names if name != creator.creator]
        if others:
            exchanges.append(f"{format_names(others, MOST_NAMES)} {verb}")
    return f"{'; '.join(exchanges)}." if exchanges else "Nobody else changes."


def _own_choice(reason: str) -> str:
    """Return a reason, an exclusion as what the user chose."""
    return f"you excluded them ({reason})" if reason.startswith("exclude ") else reason


def _money(creator: CreatorExplanation, posts: ExplainedPosts, facts: UsualFees | None, currency: str) -> str:
    """Return the quote, the going rate and the walk-away fee of an offer: `Quote $2,300 · going rate $1,450 · ...`."""
    offer = posts.offer
    parts = [
        f"{'Estimated fee' if offer.fee_estimated else 'Quote'} {format_money(offer.fee, currency)}{posts.each}"
        + (f" ({posts.name})" if posts.name else "")
        + ("" if offer.list_fee is None else f", {format_money(offer.list_fee, currency)} before the retainer discount")
    ]
    if not is_own_estimate(offer):
        parts.append(_going_rate(offer, currency))
    elif facts is not None:
        low, high = (format_money(round_cents(offer.fee * times), currency) for times in (facts.low, facts.high))
        parts.append(f"likely {low} to {high}")
    parts.append(_for_these(_worth(creator, offer, currency), posts))
    return f"{' · '.join(parts)}{_allowed(offer, currency) if creator.required_by else ''}."


def _for_these(worth: str, posts: ExplainedPosts) -> str:
    """Return what an offer is worth, in waves said of which posts: `these 3 posts are worth up to $900 each ...`."""
    if not posts.together or not worth.startswith("worth "):
        return worth
    if len(posts.waves) == 1:
        return f"{posts.together} is {worth}"
    return f"{posts.together} are {worth.replace(' to this plan', ' each to this plan', 1)}"


def is_own_estimate(offer: ExplainedOffer) -> bool:
    """Whether the fee is an estimate of the same making as the going rate, which then tells nothing more."""
    return offer.fee_estimated and offer.going_rate_from in (OWN_PRICES, PUBLIC_FIGURES)


def _agreed_fee(posts: ExplainedPosts, currency: str) -> str:
    """Return the fee of a contract and the going rate: `Fee $180 (TikTok video) · going rate $420`."""
    fee = f"Fee {format_money(posts.offer.fee, currency)}{posts.each}" + (f" ({posts.name})" if posts.name else "")
    return f"{fee} · {_going_rate(posts.offer, currency)}."


def _going_rate(offer: ExplainedOffer, currency: str) -> str:
    """Return a going rate, and on how few it rests: `going rate about $6,000 (rough: 3 similar creators)`."""
    number = offer.similar_creators
    similar = f"{number:,} similar creator{'' if number == 1 else 's'}" if number else "no similar creators"
    if offer.going_rate is None:
        return f"going rate unknown ({similar})"
    if offer.going_rate_from == PUBLIC_FIGURES:
        return f"going rate about {format_money(offer.going_rate, currency)} (rough: an industry estimate)"
    if offer.going_rate_rough:
        mixed = ", including other post types" if offer.going_rate_mixed else ""
        return f"going rate about {format_money(offer.going_rate, currency)} (rough: {similar}{mixed})"
    return f"going rate {format_money(offer.going_rate, currency)}"


def _worth(creator: CreatorExplanation, offer: ExplainedOffer, currency: str) -> str:
    walk_away = offer.walk_away
    if walk_away.unlimited:
        return "worth any fee to this plan"
    if walk_away == NOT_SEARCHED:
        return "what they are worth to this plan was not found in time"
    if walk_away == NEVER_IN:
        if creator.picked:
            return "worth nothing to this plan"
        return "not worth adding even for free" if creator.change is not None else "no fee gets them into the plan"
    if walk_away.fee is None:
        return walk_away.message
    if walk_away.limited_by:
        return _worth_beyond_limit(creator, offer, currency)
    change = f" ({format_fee_change(offer)})" if offer.fee and walk_away.fee != offer.fee else ""
    limit = "up to" if walk_away.exact else "at least"
    return f"worth {limit} {format_money(walk_away.fee, currency)} to this plan{change}"


def _worth_beyond_limit(creator: CreatorExplanation, offer: ExplainedOffer, currency: str) -> str:
    """Return what is known of the worth of an offer where the budget or the rules allow no fee as high as that."""
    walk_away = offer.walk_away
    assert walk_away.fee is not None
    worth = f"at least {format_money(walk_away.fee, currency)}"
    if walk_away.worth is not None and walk_away.worth > walk_away.fee:
        worth = f"about {format_money(_round_about(walk_away.worth), currency)}"
    if creator.required_by:  # what the rules allow is said next
        return f"worth {worth} to this plan"
    owner = "your budget allows" if walk_away.limited_by == "budget" else "your rules allow"
    allowed = "no more" if worth.startswith("at least") else format_money(walk_away.fee, currency)
    return f"worth {worth} to this plan; {owner} {allowed}"


def _round_about(cents: int) -> int:
    """Return an amount that is told as about so much, to four significant digits and whole units of money."""
    step: int = 10 ** max(len(str(cents)) - 4, 2)
    return (cents + step // 2) // step * step


def _allowed(offer: ExplainedOffer, currency: str) -> str:
    """Return what the rules allow as the fee of a required creator, which says nothing about their worth."""
    limit = offer.break_even
    if limit.unlimited:
        return "; your rules allow any fee"
    if limit.fee is None:
        return ""
    return f"; your rules allow {'up to' if limit.exact else 'at least'} {format_money(limit.fee, currency)}"


def _certainty(explanation: Explanation, creator: CreatorExplanation) -> Iterator[tuple[str, str]]:
    """Yield how sure the answer is, and what happens at the walk-away fee."""
    if not creator.offers:
        return
    doubts = list(_doubts(explanation, creator))
    if doubts:
        yield "doubt", " ".join(doubts)
        return
    fees = [offer for offer in creator.offers if offer.walk_away.fee is not None]
    if creator.required_by:
        yield "proof", f"{_proven_of_required(fees)} You required them, so they stay in at any fee your rules allow."
        return
    consequence = _consequence(creator, fees)
    proven = "Proven to the cent" if fees else "Proven"
    yield "proof", f"{proven}{': ' + consequence if consequence else ''}."


def _proven_of_required(fees: Sequence[ExplainedOffer]) -> str:
    """Return which of a required creator's fees are proven: what they are worth, and what the rules allow."""
    if not fees:
        return "Proven."
    if any(offer.walk_away.limited_by for offer in fees):
        return "What your rules allow is proven to the cent."
    if all(offer.break_even.fee is not None and offer.break_even.exact for offer in fees):
        return f"{'Both' if len(fees) == 1 else 'All'} amounts are proven to the cent."
    return "What they are worth is proven to the cent."


def _doubts(explanation: Explanation, creator: CreatorExplanation) -> Iterator[str]:
    """Yield the reason why the answer is not sure, if it is not."""
    fees = [offer.walk_away for offer in creator.offers]
    more_time = "A longer --time-limit helps."
    if explanation.status != "optimal":
        yield "Not proven: a better plan may exist, and it may change the answer."
    elif creator.status not in ("optimal", "infeasible"):
        yield f"Not proven: the search ended early. {more_time}"
    elif NOT_SEARCHED in fees:
        yield f"The plans are proven; the search ended before the fee was found. {more_time}"
    elif any(fee.fee is not None and not fee.exact for fee in fees):
        yield f"The plans are proven; the search ended before the fee was exact. {more_time}"


def _consequence(creator: CreatorExplanation, fees: Sequence[ExplainedOffer]) -> str:
    """Return what happens at and above the walk-away fee."""
    if not fees:
        return ""
    limits = {offer.walk_away.limited_by for offer in fees}
    if creator.picked and "" not in limits:
        limit = "budget" if limits == {"budget"} else "rules"
        return f"at a higher fee, no plan with {these_posts(creator) or 'them'} keeps your {limit}"
    if creator.picked:
        more = f"one cent more for {posts}" if (posts := these_posts(creator)) else "one cent more"
        return f"{more} and the plan is just as good without them"
    if any(offer.walk_away.fee is not None and offer.walk_away.fee >= offer.fee for offer in fees):
        return "the plan would be just as good with them at this quote"
    return f"at {'that fee' if len(fees) == 1 else 'these fees'} or less they would be added"


def creator_details(creator: CreatorExplanation, currency: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what to offer, and which limits are reached."""
    if creator.contract:
        return
    shown = explained_posts(creator)
    for posts in shown:
        offer = posts.offer
        if offer.counter_offer is not None:
            where = f" for the {offer.offer or 'offer'}" if len(shown) > 1 else ""
            yield "fact", f"Counter-offer{where}{posts.each}: {_counter_offer(offer.counter_offer, currency)}."
        elif offer.below_going_rate and offer.going_rate and not offer.fee_estimated:
            what = f"The {offer.offer or 'offer'}" if len(shown) > 1 else "This creator"
            rate = format_money(offer.going_rate, currency)
            yield "fact", f"{what} is not worth the going rate of {rate} to this plan: no counter-offer."
    if creator.binding:
        yield "hint", f"Limits already reached that apply to this creator: {', '.join(creator.binding)}."


def _counter_offer(ends: tuple[int, int], currency: str) -> str:
    """Return the fee to offer, and the highest to accept."""
    low, high = (format_money(fee, currency) for fee in ends)
    return f"offer {low}, and no more" if low == high else f"offer {low}; accept up to {high}"


def everyone_head(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of all picks: whom the plan needs most, the money, how sure."""
    totals, currency = explanation.totals, explanation.roster.currency
    spend = format_money(totals.spend, currency, whole_units=totals.spend >= 100_00)
    yield "main fact", f"{count_creators(totals.creators)} for {spend}{_most_missed(explanation)}."
    if money := _quotes_and_room(explanation):
        yield "fact", money
    if explanation.status != "optimal":
        yield "doubt", "Not proven: a better plan may exist, and it may change the answer."
    elif not explanation.finished:
        yield "doubt", "Some fees were not found in time: a longer --time-limit helps."
    else:
        yield "proof", "Proven to the cent."


def _most_missed(explanation: Explanation) -> str:
    shares = [
        (float(creator.change.share), creator.creator, format_change(creator))
        for creator in explanation.creators
        if creator.change is not None and creator.change.share is not None
    ]
    if len(shares) < 2:
        return ""
    worst, least = min(shares), max(shares)
    return f"; missed most: {worst[1]} ({worst[2]} without them), least: {least[1]}"


def _quotes_and_room(explanation: Explanation) -> str:
    """Return how the quotes stand against the going rate, and who has the least room below the walk-away fee."""
    offers = [(creator, offer) for creator in explanation.creators for offer in creator.offers]
    rated = [offer for _, offer in offers if offer.going_rate and not offer.fee_estimated and offer.fee]
    parts = []
    is_whole = len(rated) == len(offers)
    if rated and (is_whole or len(rated) > 1):
        quoted, going = sum(offer.fee for offer in rated), sum(offer.going_rate or 0 for offer in rated)
        quotes = format_money(quoted, explanation.roster.currency, whole_units=True)
        level = (
            f"{format_size(quoted / going - 1)} {'above' if quoted > going else 'below'}" if quoted != going else "at"
        )
        which = "The quotes" if is_whole else f"The {len(rated):,} quotes with a going rate"
        parts.append(f"{which} add up to {quotes}, {level} {'the going rate' if is_whole else 'it'}.")
    room = [
        ((offer.walk_away.fee - offer.fee) / offer.fee, creator.creator)
        for creator, offer in offers
        if offer.walk_away.fee is not None and offer.fee
    ]
    if len({name for _, name in room}) > 1:
        (low, dearest), (high, safest) = min(room), max(room)
        ends = f"{safest} ({format_signed_percent(high)}) and {dearest} ({format_signed_percent(low)})"
        parts.append(f"Most and least room for a higher fee: {ends}.")
    return " ".join(parts)


def explanation_legend(explanation: Explanation) -> Iterator[str]:
    """Yield what the columns and marks of the table mean."""
    offers = [offer for creator in explanation.creators for offer in creator.offers]
    unlisted = sum(creator.status == NOT_LOOKED_AT and not creator.offers for creator in explanation.creators)
    if explanation.everyone and unlisted:
        more = "1 more creator of the plan was" if unlisted == 1 else f"{unlisted:,} more creators of the plan were"
        yield f"{more} not looked at."
    if explanation.everyone:
        limited = any(offer.walk_away.limited_by for offer in offers)
        more = ", or your budget or rules allow no more" if limited else ""
        yield f"Worth up to: the highest fee; one cent more and the plan is just as good without them{more}."
        if any(offer.wave is not None for offer in offers):
            yield "It is for all posts of a row together: at a higher fee, the plan may have fewer of them."
    if any(creator.required_by for creator in explanation.creators) and explanation.everyone:
        yield "* required: they stay in at any fee your rules allow."
    if offers:
        yield from _going_rate_legend(offers, explanation.roster.usual_fees, in_table=explanation.everyone)
    if explanation.everyone and (
        any(not offer.walk_away.exact and offer.walk_away.fee for offer in offers)
        or any(map(is_bound, explanation.creators))
    ):
        yield ">= at least: the search ended before this was exact."
    if explanation.everyone and any(offer.fee_estimated for offer in offers):
        yield "~ fee estimated: your list has none."
    if explanation.campaign.goal.name == "balanced" and any(offer.walk_away.fee is not None for offer in offers):
        yield "If you plan again at another fee, add --ideals with this plan to measure the goal the same way."


def _going_rate_legend(offers: Sequence[ExplainedOffer], facts: UsualFees | None, *, in_table: bool) -> Iterator[str]:
    """Yield what the going rates rest on."""
    if facts is not None and facts.from_list:
        prices = f"what the {facts.creators:,} creators with a price on your list ask for such an offer"
        yield f"Going rate: {prices}, by followers, platform, post type and engagement rate."
        return
    sources = {offer.going_rate_from for offer in offers}
    if sources == {PUBLIC_FIGURES}:
        yield f"Going rate: an industry estimate, because fewer than {FEWEST_CREATORS} similar creators have a price."
        return
    similar = "similar creators on your list (same platform, a third to three times the followers)"
    meaning = f"Going rate: the median fee of {similar}, adjusted for followers and post type"
    if PUBLIC_FIGURES in sources:
        meaning += f"; with fewer than {FEWEST_CREATORS} of them, an industry estimate"
    if not in_table:
        yield f"{meaning}."
        return
    rough = f"fewer than {FEWEST_FOR_FIRM} of them, or fewer than {FEWEST_CREATORS} with the same post type"
    unknown = "" if PUBLIC_FIGURES in sources else f", - if fewer than {FEWEST_CREATORS} at all"
    yield f"{meaning}; ~ if there are {rough}{unknown}."


def describe_missing_plan(creator: CreatorExplanation) -> str:
    """Return why there is no plan without a creator."""
    if creator.status == NOT_LOOKED_AT:
        return "not looked at: the search ended early"
    return "; ".join(creator.reasons) or "no plan found without them"


def format_walk_away(offer: ExplainedOffer, currency: str) -> str:
    """Return the highest fee at which an offer is worth its money to the plan, for a table."""
    walk_away = offer.walk_away
    if walk_away.fee is None:
        return "any fee" if walk_away.unlimited else "-"
    return ("" if walk_away.exact else ">=") + format_money(walk_away.fee, currency)


def format_quote(offer: ExplainedOffer, currency: str) -> str:
    """Return the fee of an offer, for a table."""
    return ("~" if offer.fee_estimated else "") + format_money(offer.fee, currency)


def format_going_rate(offer: ExplainedOffer, currency: str) -> str:
    """Return the going rate of an offer, for a table."""
    if offer.going_rate is None:
        return "-"
    return ("~" if offer.going_rate_rough else "") + format_money(offer.going_rate, currency)


def format_fee_change(offer: ExplainedOffer) -> str:
    """Return how far the walk-away fee of an offer is above its quote, or below it."""
    fee = offer.walk_away.fee
    return "-" if fee is None or not offer.fee else format_signed_percent((fee - offer.fee) / offer.fee)
