"""Headers met in the wild, and the columns that they stand for."""

import csv
import re
import unicodedata
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.readers.headers.cell_evidence import CellEvidence
from microopt.readers.headers.header_assignment import assign_headers
from microopt.readers.words.number_units import header_scale, without_unit
from microopt.readers.words.vocabulary import ROSTER, ColumnKind, read_lines, spelling_key, spelling_keys
from tests.readers.builders import column, read

WILD = {
    "creator": "userId, fullname, username, influencer_id, profile_name, handle, name, id, uid, instagram, tiktok, "
    "youtube, pinterest, channel_info, Account, Creator Name, Full Name, Instagram Handle, instagram name, "
    "influencer name",
    "url": "url, media_url, Link",
    "platform": "platform, Network",
    "email": "email, e-mail, E-Mail",
    "contact": "contact, Contact person, Ansprechpartner, Contacto, Talent Manager",
    "followers": "followers, follower_count, Follower Count, Subscribers count, Followers",
    "fee": "cost, cost_per_post, price, Fee, FEE, fee_usd",
    "region": "country, location, region, Country, market",
    "city": "city",
    "niche": "category, niche, Primary Niche, Category_1, Niche",
    "language": "language",
    "engagements": "engagements, Engagement avg",
    "authentic_engagements": "Authentic engagement, authentic engagement\r\n",
    "engagement_rate": "engagementRate, engagement_rate, eng_rate, 60_day_eng_rate, 60d_eng_rate, Engagement Rate, ER",
    "likes": "avgLikes, avg_likes, Likes avg",
    "comments": "avgComments, Comments avg.",
    "shares": "avgShares",
    "views": "avgViews, avg_views, avgReelsPlays, Views avg., Views\navg.",
    "posts": "postsCount, posts",
    "sponsored_ratio": "paidPostPerformance",
    "credibility": "audience.credibility",
    "conversions": "Conversions",
    "style": "content_style",
    "audience_country": "Audience country(mostly), Audience Country, audience_country",
}
WILD_PAIRS = [(header, column) for column, listed in WILD.items() for header in listed.split(", ")]


@pytest.mark.parametrize(("header", "column"), WILD_PAIRS)
def test_a_header_met_in_the_wild_names_its_column(header, column):
    assert ROSTER.find_column(header)[0] == column


@pytest.mark.parametrize(
    "header", ["isVerified", "first_name", "state", "postalcode", "gender", "Spend", "IMV", "risk", "", " "]
)
def test_any_other_header_names_none(header):
    assert ROSTER.find_column(header) is None


@pytest.mark.parametrize("name", ROSTER.kinds)
def test_a_column_is_found_by_its_own_name_in_any_spelling(name):
    spaced = name.replace("_", " ")
    for spelled in (name, name.upper(), spaced.title(), f"\ufeff {spaced}", name.replace("_", "-"), f'"{spaced}"\n'):
        assert ROSTER.find_column(spelled)[0] == name


def test_a_percent_sign_is_a_word():
    assert ROSTER.find_column("Engagement %")[0] == "engagement_rate"
    assert ROSTER.find_column("Engagement")[0] == "engagements"


def test_user_columns_win_and_unknown_ones_are_ignored():
    taught = ROSTER.with_user_columns({"Handle": "url", "X": "Engagement Rate", "Y": "nonsense"})
    assert (taught.find_column("HANDLE"), taught.find_column("x")) == (("url", -1), ("engagement_rate", -1))
    assert (taught.find_column("Y"), ROSTER.find_column("Handle")[0]) == (None, "creator")


@pytest.mark.parametrize(
    ("header", "numbers"),
    [
        ("followers", True),
        ("creator", False),
        ("Story Price", True),
        ("Growth Rate", False),
        ("notes", False),
        ("ER", True),
    ],
)
def test_which_headers_should_hold_numbers(header, numbers):
    assert ROSTER.holds_numbers(header) is numbers


def test_prices_of_formats_are_money():
    assert ROSTER.get_kind("fee:0") is ColumnKind.MONEY


LISTS = {
    "creator": "User, IG Handle, Nick, Nickname, Channel Name, Channel, Youtuber, Tiktoker, Tiktoker "
    "name, channelTitle, Creator Handle, Influencer Handle, Talent, Talent Name, KOL, KOL "
    "Name, Blogger, Display Name, Instagram Username, TikTok Username, Account Name, "
    "Influencer insta name, nombre, usuario, perfil, cuenta, nome, influenciador, conta, "
    "Konto, Profil, Kanal, nom, compte, créateur, profilo, naam, nazwa, namn, ad, isim, "
    "kullanıcı adı, hesap, nama, akun, tên, имя, блогер, ник, аккаунт, 昵称, 账号, 达人, 博主, "
    "アカウント名, 名前, インフルエンサー, 이름, 계정, 크리에이터, 인플루언서, الاسم, नाम",
    "followers": "Follower, Total Followers, Number of Followers, No. of Followers, num_followers, "
    "ig_followers, edge_followed_by, Follower/subscriber count, Subs, Subscriber, Audience, "
    "Audience Size, Fan Count, Seguidores, Número de seguidores, Suscriptores, Inscritos, "
    "Abonnenten, Followerzahl, Abonnés, Nombre d'abonnés, Iscritti, Volgers, Obserwujący, "
    "Följare, Takipçi, Takipçi Sayısı, Abone, Pengikut, Người theo dõi, Подписчики, Число "
    "подписчиков, Підписники, 粉丝数, 粉丝量, 粉絲數, フォロワー, フォロワー数, 登録者数, 팔로워, 팔로워 수, 구독자수, "
    "متابعين, عدد المتابعين, फॉलोअर्स",
    "fee": "Asking Rate, Negotiated Rate, Final Rate, Quoted Rate (GBP), Charges, Commercials, "
    "Budget, Payment, Amount, CPP, $ per post, Avg_Cost, Tarifa, Precio, Coste, Costo, Caché, "
    "Valor, Preço, Cachê, Preis, Preis (€), Honorar, Kosten, Gage, Tarif, Prix, Coût, Cachet, "
    "Tariffa, Prezzo, Compenso, Prijs, Tarief, Cena, Stawka, Pris, Ücret, Fiyat, Harga, Giá, "
    "Стоимость, Цена, Ціна, 报价, 价格, 報價, 費用, 料金, 報酬, 単価, 価格, 단가, 비용, 가격, السعر, कीमत",
    "engagement_rate": "ER, ER %, ER (%), Avg ER, Average ER, Average Engagement Rate, Engagement, Eng. %, 30 "
    "day eng rate, Eng (Avg.), Eng (Auth.), Tasa de engagement, Tasa de interacción, Taxa de "
    "engajamento, Interaktionsrate, Engagement-Rate, Taux d'engagement, Tasso di engagement, "
    "Betrokkenheid, Zaangażowanie, etkileşim, etkileşim oranı, tingkat keterlibatan, "
    "вовлеченность, 互动率, 互動率, エンゲージメント率, 참여율, معدل التفاعل",
    "views": "Avg Reel Views, Avg Video Views, avg_recent_views, Avg Plays, Mean Views, Median Views, "
    "Views count, Aufrufe, Vues moyennes",
    "engagements": "Interactions, Interacciones, Interações, Interazioni, Interaktionen, Interacties, Interakcje, "
    "Взаимодействия, 互动量, Avg interactions, Interacciones promedio, Média de interações, Interazioni medie, "
    "Interactions moyennes, Ø Interaktionen, Interaktionen pro Post",
    "likes": "Median Likes, Likes count, Promedio de likes, Média de curtidas, J'aime, Mi piace, Gefällt mir",
    "comments": "Promedio de comentarios, Comentarios, Reacties, Komentarze, Коментарі",
    "shares": "Compartidos, Compartilhamentos, Partages, Condivisioni, Udostępnienia, Репосты",
    "reach": "Reichweite, Alcance medio, Portée moyenne",
    "niche": "Genre, Topics, Industry, Content Category, niche1, Category1, Categoría, Nicho, "
    "Kategorie, Nische, Catégorie, Thématique, Kategoria, Sektör, Kategori, Тематика, "
    "Категория, 类别, 領域, カテゴリ, ジャンル, 카테고리, श्रेणी",
    "region": "Geo, País, Land, Pays, Paese, Kraj, Ülke, Negara, Quốc gia, Страна, 国家, 国, 국가",
    "city": "Stadt, Ville",
    "language": "Sprache",
    "platform": "Social, Media, Plataforma, Red social, Rede social, Plattform, Plateforme, Réseau, "
    "Piattaforma, Platforma, Площадка, 平台, プラットフォーム, 플랫폼, المنصة",
    "url": "Profile URL",
}
LINES = list(csv.reader((files("microopt.readers.words") / "headers.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("name", LISTS)
def test_a_header_of_other_lists_and_languages_names_its_column(name):
    for header in LISTS[name].split(", "):
        assert name in {known for known, _ in ROSTER.find_columns(header)}, header


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("Language", "Languages"),
        ("Country", "Countries"),
        ("Region", "Regions"),
        ("Platform", "Platforms"),
        ("Category", "Categories"),
        ("Niche", "Niches"),
        ("City", "Cities"),
        ("Sprache", "Sprachen"),
        ("País", "Países"),
        ("Категория", "Категории"),
    ],
)
def test_a_header_in_the_plural_names_the_same_column(singular, plural):
    assert ROSTER.find_column(plural)[0] == ROSTER.find_column(singular)[0]


@pytest.mark.parametrize(
    "header", ["Interacciones", "Interações", "Interazioni", "Interactions", "Interaktionen", "Interacties"]
)
def test_interactions_are_counted_or_a_rate_as_their_cells_say(header):
    text = f"creator,followers,fee,{header}\nann,20000,300,{{}}\nben,35000,455,{{}}\n"
    assert read(text.format(800, 1200)).numbers["engagements"].tolist() == [800, 1200]
    assert read(text.format("4.5%", "3.1%")).numbers["engagement_rate"].tolist() == [0.045, 0.031]


def test_the_file_of_headers_has_its_four_columns():
    assert LINES[0] == ["language", "tool", "header", "column"]
    assert all(len(line) == 4 and all(cell == cell.strip() for cell in line) for line in LINES)


@pytest.mark.parametrize("language", sorted({line[0] for line in LINES[1:]}))
def test_each_line_of_the_file_names_a_column(language):
    assert re.fullmatch("[a-z]{2}", language)
    for _, _, header, name in [line for line in LINES[1:] if line[0] == language]:
        assert name in {known for known, _ in ROSTER.find_columns(header)}, header
        spellings = (header.upper(), header.title(), f" {header.replace(' ', '_')}\n")
        for spelled in (*spellings, unicodedata.normalize("NFD", header)):
            assert ROSTER.find_columns(spelled) == ROSTER.find_columns(header), spelled


def test_a_header_of_several_columns_is_told_apart_by_its_cells():
    several = {key: {name for name, _ in found} for key, found in ROSTER.ranks.items() if len(found) > 1}
    assert {frozenset(names) for names in several.values()} == {
        frozenset({"creator", "platform"}),
        frozenset({"engagements", "engagement_rate"}),
        frozenset({"authentic_engagements", "engagement_rate"}),
        frozenset({"offer", "deliverables"}),
    }


@pytest.mark.parametrize(
    ("header", "column"),
    [("Quoted Rate [in EUR]", "fee"), ("Honorar in EUR", "fee"), ("Harga (IDR)", "fee"), ("Cachê (R$)", "fee")],
)
def test_a_currency_in_a_header_is_not_part_of_its_name(header, column):
    assert ROSTER.find_column(header)[0] == column


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Avg. Views (last 10)", "views"),
        ("avg_views_last_30_days", "views"),
        ("Views (median, last 12 reels)", "views"),
        ("Followers *", "followers"),
        ("Fee (excl. VAT)", "fee"),
        ("Email (optional)", "email"),
        ("Handle:", "creator"),
        ("Handle (IG)", "creator"),
        ("TT profile", "creator"),
        ("Instagram URL", "url"),
    ],
)
def test_a_remark_in_a_header_is_not_part_of_its_name(header, column):
    assert ROSTER.find_column(header)[0] == column


@pytest.mark.parametrize("header", ["Views (last 30 days)", "Views last year", "Followers (fake)", "Views (total)"])
def test_a_remark_that_changes_the_meaning_stays(header):
    assert ROSTER.find_column(header) is None


def test_of_two_headers_with_other_remarks_the_first_wins():
    assignment = assign("handle", "Avg Views (30d)", "Avg Views (90d)")
    assert (assignment.columns["views"], assignment.ties) == (1, ())


def test_a_currency_makes_no_other_header_a_price():
    assert ROSTER.find_column("Followers USD") is None


TEXTS = {"creator": ["a", "b"], "offer": ["reel", "story"], "niche": ["food", "art"], "url": ["a.com/x", "a.com/y"]}


def evidence(header):
    """Return cells that a header can stand for: texts, or numbers that are clean already."""
    found = ROSTER.find_column(header)
    is_text = found is not None and ROSTER.get_kind(found[0]) is ColumnKind.TEXT
    return CellEvidence(column(*(TEXTS.get(found[0], ["x", "y"]) if is_text else [1000, 2000])))


def assign(*headers, given=None, cells=None):
    cells = cells or [evidence(header) for header in headers]
    return assign_headers(headers, given or {}, cells)


def columns(*headers, given=None, cells=None):
    return dict(assign(*headers, given=given, cells=cells).columns)


def test_the_preferred_header_wins_and_the_other_is_an_extra_column():
    assert columns("id", "Full Name", "username", "followers") == {"creator": 2, "followers": 3}


def test_between_two_equal_headers_clean_numbers_win():
    cells = [CellEvidence(column("1000", "2000")), CellEvidence(column(1000, 2000))]
    assignment = assign("followers", "Followers", cells=cells)
    assert (dict(assignment.columns), assignment.ties) == ({"followers": 1}, ())


def test_two_equal_headers_tie():
    assignment = assign("views", "likes", "Views")
    assert assignment.ties == (("views", 0, 2),)
    assert assignment.columns["views"] == 0


def test_ties_below_the_winner_do_not_matter():
    assert assign("Fans", "Followers", "fans").ties == ()


def test_further_niches_are_found():
    assignment = assign("Category_1", "Category_2", "niche 3", "Category_22")
    assert (assignment.columns["niche"], assignment.more_niches) == (0, (1, 2))


def test_user_columns_without_a_header_or_a_column_are_unknown():
    assert assign("A", "B", given={"a": "fee", "C": "fee", "B": "nonsense"}).unknown == ("C", "B")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["creator", "followers", "Asking price"], {"fee": 2}),
        (["creator", "followers", "fee", "Growth Rate"], {"fee": 2}),
        (["creator", "followers", "Story Price", "Reel Price"], {"fee:0": 2, "fee:1": 3}),
        (["creator", "Story Price", "fee"], {"fee:0": 1, "fee:1": 2}),
        (["creator", "Story Price", "fee", "offer"], {"fee": 2}),
        (["creator", "fee", "market price"], {"fee": 1}),
        (["creator", "followers", "Growth Rate"], {}),
        (["creator", "shipping cost", "product cost"], {}),
    ],
)
def test_price_columns_become_the_fee_or_offers(headers, expected):
    assert {name: place for name, place in columns(*headers).items() if name.startswith("fee")} == expected


def test_a_fee_named_by_the_user_makes_no_offers():
    assert columns("Net", "Story Price", "Reel Price", given={"Net": "fee"}) == {"fee": 0}


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([["creator", "fee"], ["a", "5"]], (0, 2)),
        ([["Spring list"], [], ["creator", "fee", "followers"]], (2, 3)),
        ([["", " "], ["x", "y"], ["a", "5"]], (1, 0)),
        ([["name", "price"], ["handle", "fee"]], (0, 2)),
        ([["Creators"], ["creator", "followers"]], (1, 2)),
        ([[], [""]], None),
        ([], None),
    ],
)
def test_the_header_is_the_first_row_that_names_clearly_more_columns(rows, header):
    assert ROSTER.find_header_row(rows) == header


@given(st.lists(st.text(max_size=15), max_size=8))
def test_any_headers_can_be_assigned(headers):
    assignment = assign(*headers)
    positions = [*assignment.columns.values()]
    assert len(set(positions)) == len(positions)
    assert ROSTER.count_known(headers) <= len(headers)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Usage rights (6 months)", "usage"),
        ("Usage rights 30 days", "usage"),
        ("Exclusivity - 3 months", "exclusivity"),
        ("Nutzungsrechte (12 Monate)", "usage"),
        ("Wyłączność (3 miesiące)", "exclusivity"),
        ("Whitelisting fee (30 days)", "whitelisting_amount"),
    ],
)
def test_how_long_a_right_is_bought_for_is_not_part_of_its_name(header, column):
    assert ROSTER.find_column(header)[0] == column


@pytest.mark.parametrize("header", ["Usage rights (2 reels)", "Exclusivity 3 brands", "Whitelisting 2 ads"])
def test_a_number_of_something_else_is_not_how_long_a_right_is_bought_for(header):
    assert ROSTER.find_column(header) is None


@pytest.mark.parametrize("header", ["Exclusivity (days)", "Usage rights (months)", "Views (30 days)", "Usage period"])
def test_a_term_itself_is_not_the_price_of_a_right(header):
    assert ROSTER.find_column(header) is None


@pytest.mark.parametrize("part", ["1", "last 1 ", "posts", "avg ", "% ", "in ", "("])
def test_a_header_of_many_like_parts_is_read_in_an_instant(part):
    """A pattern that can divide `111...` in many ways tries all of them: of a hundred digits it never ends."""
    assert ROSTER.find_columns(f"Reel ({part * 100}") == ()


@pytest.mark.parametrize("part", [" ", "\t", "_", "(", ", ", " in", "1 ", "a,"])
def test_a_header_as_long_as_a_page_is_read_in_an_instant(part):
    """Patterns that try each place of a run of spaces as its start take the square of its length."""
    header = f"Reel (x{part * 50_000}!"
    assert (ROSTER.find_columns(header), header_scale(header), without_unit(header)) == ((), 1.0, header)


def test_the_keys_of_many_headers_are_those_of_each():
    headers = [header for _, _, header, _ in read_lines()]
    assert spelling_keys(headers) == [spelling_key(header) for header in headers]
    assert spelling_keys(["", "É%", "Ǆ ﬁ", "İ", "\u200bx", "Σς"]) == [
        spelling_key(header) for header in ("", "É%", "Ǆ ﬁ", "İ", "\u200bx", "Σς")
    ]
