"""Recognize what an engagement rate is a share of: `ER by views`, `View ER`, `Taux d'engagement par vue`."""

from __future__ import annotations

from msgspec import Struct

from microopt.readers.words.price_headers import split_header

# Words without accents, as `split_header` returns them. A rate of impressions is one of views.
_BASES = {
    "engagement_rate_views": (
        "view views viewer viewers impression impressions play plays vistas visualizaciones reproducciones impresiones "
        "visualizacoes impressoes aufruf aufrufe aufrufen impressionen vue vues visualizzazioni impressioni weergaven "
        "vertoningen wyswietlenie wyswietlenia wyswietleniach wyświetlenie wyświetlenia wyświetleniach "
        "wyświetlen visningar izlenme goruntulenme gosterim tayangan tampilan impresi "
        "просмотр просмотры просмотров просмотрам показам показы показов переглядам 조회수 조회 노출"
    ),
    "engagement_rate_reach": (
        "reach reached alcance reichweite portee copertura bereik zasieg zasiegu zasięg zasięgu rackvidd erisim "
        "jangkauan охват охвата охвату охватам охопленню 도달 도달수"
    ),
    "engagement_rate": (
        "follower followers subscriber subscribers subs fan fans seguidor seguidores suscriptores followern abonnenten "
        "abonne abonnes iscritti volgers obserwujacych obserwujących foljare takipci pengikut подписчик подписчики "
        "подписчиков подписчикам підписникам 팔로워"
    ),
}
_COLUMNS = {word: column for column, words in _BASES.items() for word in words.split()}
_LINK_WORDS = (
    "by per on of over based basis the nach pro je auf por para sobre par sur su sulle sulla na po op door basina gore "
    "dari по от за на 기준 대비"
)
_LINKS = frozenset(_LINK_WORDS.split())
_IDLE = frozenset(("avg", "average", "mean", "median", "pct"))


class RateBasis(Struct, frozen=True):
    """A header without the basis of its rate, the column of such a rate, and whether a word such as by is with it."""

    rest: str
    column: str
    is_linked: bool


def split_rate_basis(header: str) -> RateBasis | None:
    """Return what a header says besides the basis of a rate, or None if it names no basis or several."""
    words = [word for word in split_header(header) if word not in _IDLE]
    bases = [position for position, word in enumerate(words) if word in _COLUMNS]
    if len(bases) != 1 or len(words) == 1:
        return None
    first = last = bases[0]
    while first and words[first - 1] in _LINKS:
        first -= 1
    while last + 1 < len(words) and words[last + 1] in _LINKS:
        last += 1
    return RateBasis(" ".join(words[:first] + words[last + 1 :]), _COLUMNS[words[bases[0]]], last > first)
