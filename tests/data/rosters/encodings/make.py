"""Make the rosters of this folder in their encodings: ``python tests/data/rosters/encodings/make.py``."""

from pathlib import Path

HERE = Path(__file__).parent

ENGLISH = ("creator", "followers", "fee")
# File, encoding, header, and the names of its creators.
LISTS = [
    ("polish-cp1250.csv", "cp1250", ("imię", "obserwujący", "cena"), ("Małgorzata", "Paweł Gołąb", "Ola Wójcik")),
    ("polish-iso8859-2.csv", "iso8859_2", ENGLISH, ("Świętosława", "Paweł Gołąb", "Jaś Źrebak", "Łukasz Śledź")),
    ("czech-cp1250.csv", "cp1250", ENGLISH, ("Jiří Nováček", "Věra Růžičková", "Tomáš Dvořák", "Žaneta Říhová")),
    ("hungarian-cp1250.csv", "cp1250", ENGLISH, ("Erdős Zsuzsanna", "Szűcs Árpád", "Kőszegi Dóra", "Fülöp Győző")),
    ("romanian-cp1250.csv", "cp1250", ENGLISH, ("Ştefan Bălan", "Mădălina Ioniţă", "Răzvan Crăciun")),
    ("russian-cp1251.csv", "cp1251", ("блогер", "подписчики", "цена"), ("Иван Петров", "Анна", "Юлия")),
    ("russian-names-cp1251.csv", "cp1251", ENGLISH, ("Иван Петров", "Анна Смирнова", "ЮЛИЯ")),
    ("ukrainian-cp1251.csv", "cp1251", ENGLISH, ("Олексій Бондаренко", "Юлія Шевченко", "Євген Їжак")),
    ("russian-koi8.csv", "koi8_r", ENGLISH, ("Иван Петров", "Анна Смирнова", "Юлия Волкова")),
    ("turkish-cp1254.csv", "cp1254", ("isim", "takipçi", "ücret"), ("Ayşe Yılmaz", "Çağla Şimşek", "Işık Güneş")),
    ("japanese-shift-jis.csv", "cp932", ("アカウント名", "フォロワー数", "料金"), ("田中美咲", "ゆうこす", "佐藤健")),
    ("japanese-names-shift-jis.csv", "cp932", ENGLISH, ("田中美咲", "はなこ旅日記", "佐藤健", "山本りえ")),
    ("japanese-euc-jp.csv", "euc_jp", ENGLISH, ("田中美咲", "はなこ旅日記", "佐藤健", "コスメ大好き")),
    ("chinese-gb18030.csv", "gb18030", ("昵称", "粉丝数", "报价"), ("李佳琦", "旅行日记", "张大奕")),
    ("chinese-names-gb18030.csv", "gb18030", ENGLISH, ("王小明", "美食作家王刚", "旅行日记", "陈洁", "李子柒")),
    ("chinese-big5.csv", "big5", ENGLISH, ("蔡阿嘎", "美妝小布", "旅行日記", "林書豪", "台客劇場")),
    ("korean-euc-kr.csv", "euc_kr", ("이름", "팔로워", "단가"), ("김민수", "뷰티유튜버", "여행일기")),
    ("french-mac-roman.csv", "mac_roman", ENGLISH, ("François Lefèvre", "Léa Dupré", "Zoë Benoît")),
    ("german-mac-roman.csv", "mac_roman", ENGLISH, ("Jürgen Groß", "Käthe Müller", "Björn Schäfer")),
    ("western-cp1252.csv", "cp1252", ENGLISH, ("Jürgen Groß", "José Muñoz", "João Conceição", "Søren Kjær", "Léa – €")),
    ("german-cp1252.csv", "cp1252", ENGLISH, ("Jürgen Groß", "Käthe Müller", "Björn Schäfer", "Özgür Çelik")),
    ("french-cp1252.csv", "cp1252", ENGLISH, ("François Lefèvre", "Léa Dupré", "Zoë Benoît", "Gökçe")),
    ("icelandic-cp1252.csv", "cp1252", ENGLISH, ("Þórður Guðmundsson", "Ásdís Jónsdóttir", "Sigríður Ægisdóttir")),
    ("russian-utf16-no-mark.csv", "utf-16-le", ("блогер", "подписчики", "цена"), ("Иван", "Анна")),
    ("polish-utf32.csv", "utf-32", ENGLISH, ("Małgorzata", "Paweł Gołąb")),
    ("arabic-cp1256.csv", "cp1256", ENGLISH, ("محمد العلي", "فاطمة الزهراء", "يوميات سارة")),
    ("hebrew-cp1255.csv", "cp1255", ENGLISH, ("דנה כהן", "יוסי לוי", "האוכל של רונית")),
    ("latvian-cp1257.csv", "cp1257", ENGLISH, ("Jānis Bērziņš", "Kristīne Ozoliņa", "Līga Kalniņa")),
    ("russian-cp866.csv", "cp866", ENGLISH, ("Иван Петров", "Анна Смирнова", "Мария Кузнецова")),
    ("thai-cp874.csv", "cp874", ENGLISH, ("สมชาย ใจดี", "มาลี รักไทย", "กินเที่ยวทั่วไทย")),
    ("greek-cp1253.csv", "cp1253", ENGLISH, ("Γιώργος Παπαδόπουλος", "Μαρία Νικολάου", "Ελένη Δημητρίου")),
]


def list_text(header, names):
    rows = (f"{name},{20000 + 1000 * i},{300 + 10 * i}" for i, name in enumerate(names))
    return "\n".join([",".join(header), *rows, ""])


def files():
    for file, encoding, header, names in LISTS:
        yield file, list_text(header, names).encode(encoding)
    yield "pounds-cp1252.csv", "creator,followers,fee\nann,20000,£300\nben,35000,£450\n".encode("cp1252")
    yield "spaces-cp1252.csv", "creator,followers,fee\nann,20\xa0000,300\nben,35\xa0000,450\n".encode("cp1252")
    mixed = "creator,followers,fee\nZoë,20000,300\nÅsa,35000,450\n".encode() + "Léa,9000,90\n".encode("cp1252")
    yield "mixed.csv", mixed + "Jörg,8000,80\n".encode()


if __name__ == "__main__":
    for file, data in files():
        (HERE / file).write_bytes(data)
