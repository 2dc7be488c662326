"""A roster by the habits of a country, in one of its encodings, is the roster in plain form, and plans alike."""

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.campaign.campaign import Campaign
from microopt.planning.optimize import optimize
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from microopt.roster.roster import NO_FEE
from tests.scale import examples
from tests.solver.builders import CALM


class Habit(NamedTuple):
    """How people of a country keep a list.

    Attributes
    ----------
    headers
        Those of the creator, the followers, the niche, the fee and the engagement rate.
    names
        Creators, with letters of the language.
    niches
        As one cell names them.
    money
        An amount in this form, `{}` for the number.
    """

    encodings: tuple[str, ...]
    headers: tuple[str, ...]
    names: tuple[str, ...]
    niches: tuple[str, ...]
    money: str
    currency: str
    decimal: str = ","
    group: str = "."
    delimiter: str = ";"
    gifted: str = "gifted"
    unknown: str = "TBD"


HABITS = {
    "english": Habit(
        ("utf-8", "utf-16", "cp1252"),
        ("Creator", "Followers", "Niche", "Rate", "ER"),
        ("Zoë Ball", "Chloé Day", "Renée Fox", "Beyoncé Lee", "Noël Hart", "José Cruz"),
        ("beauty", "travel", "food"),
        "${}",
        "USD",
        ".",
        ",",
        ",",
    ),
    "german": Habit(
        ("utf-8", "utf-8-sig", "cp1252"),
        ("Name", "Abonnenten", "Kategorie", "Preis", "Engagement-Rate"),
        ("Jürgen Groß", "Käthe Möller", "Björn Süß", "Änne Köhler", "Günther Weiß", "Sören Bär"),
        ("Küche", "Reisen", "Schönheit"),
        "{} €",
        "EUR",
        gifted="Barter",
        unknown="auf Anfrage",
    ),
    "french": Habit(
        ("utf-8", "cp1252"),
        ("Nom", "Abonnés", "Catégorie", "Tarif", "Taux d'engagement"),
        ("Zoé Lefèvre", "Gaëlle Forêt", "François Noël", "Hélène Bœuf", "Jérôme Côté", "Éloïse Denis"),
        ("beauté", "voyage", "cuisine"),
        "{} €",
        "EUR",
        group=" ",
        unknown="sur demande",
    ),
    "polish": Habit(
        ("utf-8", "cp1250"),
        ("Nazwa", "Obserwujący", "Kategoria", "Cena", "Zaangażowanie"),
        ("Łucja Żak", "Paweł Świątek", "Małgorzata Dąbrowska", "Józef Źrebiec", "Grażyna Wójcik", "Michał Ślęzak"),
        ("podróże", "żywność", "książki"),
        "{} zł",
        "PLN",
        group=" ",
    ),
    "russian": Habit(
        ("utf-8", "cp1251"),
        ("Блогер", "Подписчики", "Тематика", "Стоимость", "ER"),
        ("Анна Петрова", "Юлия Щукина", "Дмитрий Жуков", "Ольга Цветкова", "Игорь Быков", "Мария Ёлкина"),
        ("красота", "путешествия", "еда"),
        "{} руб",
        "RUB",
        group=" ",
    ),
    "japanese": Habit(
        ("utf-8", "shift_jis"),
        ("アカウント名", "フォロワー数", "ジャンル", "料金", "エンゲージメント率"),
        ("田中さくら", "佐藤ゆうき", "鈴木はなこ", "高橋けんじ", "渡辺まい", "山本りょう"),
        ("美容", "旅行", "料理"),
        "¥{}",
        "JPY",
        ".",
        ",",
        ",",
    ),
    "korean": Habit(
        ("utf-8", "euc_kr"),
        ("이름", "팔로워 수", "카테고리", "단가", "참여율"),
        ("김민지", "이서준", "박하은", "최지우", "정도윤", "강수아"),
        ("뷰티", "여행", "요리"),
        "{}원",
        "KRW",
        ".",
        ",",
        ",",
    ),
    "chinese": Habit(
        ("utf-8", "gb18030"),
        ("昵称", "粉丝数", "类别", "报价", "互动率"),
        ("小红的生活", "美食家老王", "旅行日记本", "时尚小姐姐", "科技达人张", "健身教练李"),
        ("美妆", "旅行", "美食"),
        "{} 元",
        "CNY",
        ".",
        ",",
        ",",
    ),
    "turkish": Habit(
        ("utf-8", "cp1254"),
        ("Kullanıcı adı", "Takipçi Sayısı", "Kategori", "Ücret", "Etkileşim oranı"),
        ("Ayşe Yılmaz", "Gülşah Çınar", "İrem Doğan", "Özgür Işık", "Şule Güneş", "Çağla Öztürk"),
        ("güzellik", "seyahat", "yemek"),
        "{} TL",
        "TRY",
    ),
}


def grouped(number, habit):
    return f"{number:,}".replace(",", habit.group)


def amount(cents, habit):
    whole = grouped(cents // 100, habit)
    return habit.money.format(whole if cents % 100 == 0 else f"{whole}{habit.decimal}{cents % 100:02d}")


def written_people(draw, people, habit):
    forms = [str(people), grouped(people, habit)]
    if people % 100 == 0:
        forms.append(f"{people // 1000}{habit.decimal}{people % 1000 // 100}K")
    return draw(st.sampled_from(forms))


def written_fee(draw, fee, habit):
    """Return how a fee in cents is written; None is one that is not known yet, 0 a gifted post."""
    if fee is None:
        return habit.unknown
    if fee == 0:
        return draw(st.sampled_from([habit.gifted, habit.money.format(0)]))
    text = amount(fee, habit)
    return draw(st.sampled_from([text, text, f"ca. {text}", f"{amount(fee // 200 * 100, habit)} - {text}"]))


@st.composite
def rosters(draw, name):
    """Draw a roster in plain form and as the country's people keep it."""
    habit = HABITS[name]
    number = draw(st.integers(3, 6))
    lines, plain = [], ["creator,followers,niche,fee,engagement_rate"]
    for i in range(number):
        people = draw(st.integers(11, 9_000)) * 100
        fee = draw(st.sampled_from([None, 0]) | st.integers(100, 20_000).map(lambda units: 100 * units))
        rate = draw(st.integers(101, 999))
        niche = draw(st.sampled_from(habit.niches))
        per_mille = f"{rate // 100}{habit.decimal}{rate % 100:02d} %"
        cells = [habit.names[i], written_people(draw, people, habit), niche, written_fee(draw, fee, habit), per_mille]
        lines.append([f'"{cell}"' if habit.delimiter in cell else cell for cell in cells])
        plain.append(f"{habit.names[i]},{people},{niche},{'' if fee is None else fee / 100},{rate / 100}%")
    rows = [habit.headers, *lines]
    return "\n".join(map(habit.delimiter.join, rows)) + "\n", "\n".join(plain) + "\n", habit


def picks(roster, currency):
    plan = optimize(roster, Campaign(budget=1_000_000, currency=currency))
    return [(pick.creator, pick.followers, pick.fee, pick.niche, pick.metrics) for pick in plan.picks]


@pytest.mark.parametrize("name", HABITS)
@settings(CALM, max_examples=examples(12))
@given(st.data())
def test_a_list_by_the_habits_of_a_country_gives_the_plan_of_its_plain_form(name, tmp_path_factory, data):
    messy_text, plain_text, habit = data.draw(rosters(name))
    encoding = data.draw(st.sampled_from(habit.encodings))
    folder = tmp_path_factory.mktemp("habits")
    (folder / "messy.csv").write_bytes(messy_text.encode(encoding))
    (folder / "plain.csv").write_text(plain_text, encoding="utf-8")
    options = ReadOptions(fees_required=False, currency=habit.currency)
    messy, plain = (read_roster(str(folder / f"{kind}.csv"), options) for kind in ("messy", "plain"))
    assert messy.fee.tolist() == plain.fee.tolist()
    assert messy.numbers["followers"].tolist() == plain.numbers["followers"].tolist()
    assert messy.numbers["engagement_rate"].tolist() == pytest.approx(plain.numbers["engagement_rate"].tolist())
    names = [[roster.text("creator", row) for row in range(len(roster))] for roster in (messy, plain)]
    assert names[0] == names[1]
    if (plain.fee != NO_FEE).all():
        assert picks(messy, habit.currency) == picks(plain, habit.currency)
