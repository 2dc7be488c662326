"""Whatever a roster and a campaign file hold, a story tells it as plain text, and sentences stay short."""

import pytest
from msgspec import Struct
from msgspec.structs import asdict

from microopt.analysis.report.result import CreatorProfile, Negotiation
from microopt.campaign.campaign import Goal
from microopt.campaign.report_settings import ReportSettings
from microopt.rendering.language.language import find_language
from microopt.rendering.sanitize import plain_text
from microopt.rendering.story.budget_steps import budget_steps
from microopt.rendering.story.cover import cover
from microopt.rendering.story.creators import creator_rows
from microopt.rendering.story.decisions import decisions
from microopt.rendering.story.findings import budget_finding, mix_finding, ranges_finding, worth_finding
from tests.rendering.builders import frontier, frontier_point, metrics, pick, plan, report, suspicion
from tests.support.hostile_text import HIDDEN, PAYLOADS

LANGUAGES = ("en", "de")


def hostile_report(text):
    facts = {"offer": text, "platform": text, "tier": text, "niche": (text,), "region": text}
    cheap = pick(creator=text, cost=100, metrics=metrics(3), fee_estimated=True, **facts)
    dear = pick(creator=f"{text}2", cost=90_000, **{**facts, "tier": f"{text}2"})
    of = plan(
        (cheap, dear, pick(7, cost=10_000), pick(8, cost=10_000)),
        campaign={
            "name": text,
            "goal": Goal(name=f"value:{text}"),
            "report": ReportSettings(client=text, version=text, contact=text),
        },
        suspicions=(suspicion(text, text=text, in_plan=1),),
    )
    budgets = frontier(of, frontier_point(2_000_000, of.picks[:1]), frontier_point(4_000_000, of.picks[1:]))
    profiles = (CreatorProfile(contact=text),) * len(of.picks)
    return report(of, frontier=budgets, profiles=profiles, negotiations=(Negotiation(pick=1, highest_fee=1),))


def texts(value):
    """Yield every string in a value of the story."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Struct):
        yield from texts(list(asdict(value).values()))
    elif isinstance(value, dict):
        yield from texts(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from texts(each)


def sentences(of, language):
    yield cover(of, language).sentence
    yield from (mix_finding(of.plan, language), worth_finding(of.plan, language))
    yield from (ranges_finding(of, language), budget_finding(of, language))
    for decision in decisions(of, language):
        yield from (decision.title, decision.text)
    yield from (step.sentence for step in budget_steps(of, language))


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)
def test_every_text_is_plain_and_sentences_are_short(text, code):
    of, language = hostile_report(text), find_language(code)
    found = list(sentences(of, language))
    assert max(map(len, found)) < 600
    for value in (cover(of, language), *creator_rows(of, language), *budget_steps(of, language)):
        found += texts(value)
    assert len(found) > 40
    for sentence in found:
        assert sentence == plain_text(sentence)
        assert HIDDEN.isdisjoint(sentence)
