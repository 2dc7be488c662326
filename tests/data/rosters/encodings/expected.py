"""Lists in the encodings of spreadsheets: the names are those that their owners wrote."""

import runpy
from pathlib import Path

LISTS = runpy.run_path(str(Path(__file__).with_name("make.py")))["LISTS"]
NOTES = {
    "cp1252": "the text is Windows-1252 (cp1252)",
    "cp1250": "the text is Windows-1250 (cp1250",
    "cp1251": "the text is Windows-1251 (cp1251",
    "cp1254": "the text is Windows-1254 (cp1254",
    "iso8859_2": "ISO 8859-2",
    "koi8_r": "KOI8-R",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB18030",
    "big5": "Big5",
    "euc_kr": "EUC-KR",
    "mac_roman": "Mac Roman",
    "utf-16-le": "the text is UTF-16-LE",
    "utf-32": "the text is UTF-32-LE",
    "cp1253": "the text is Windows-1253 (cp1253",
    "cp1255": "the text is Windows-1255 (cp1255",
    "cp1256": "the text is Windows-1256 (cp1256",
    "cp1257": "the text is Windows-1257 (cp1257",
    "cp866": "check the names, or give --encoding",
    "cp874": "check the names, or give --encoding",
}


def facts(file, options=None, **expected):
    return file, options or {}, expected


def list_facts(names):
    return {
        "texts": {"creator": list(names)},
        "numbers": {"followers": [20000 + 1000 * i for i in range(len(names))]},
        "fee": [30000 + 1000 * i for i in range(len(names))],
        "row": list(range(2, len(names) + 2)),
    }


CASES = [
    *(facts(file, notes=[NOTES[encoding]], **list_facts(names)) for file, encoding, _, names in LISTS),
    *(
        facts(file, {"encoding": encoding}, **list_facts(names))
        for file, encoding, _, names in LISTS
        if not encoding.startswith("utf")
    ),
    facts("pounds-cp1252.csv", notes=["Windows-1252"], currency="GBP", fee=[30000, 45000]),
    facts("spaces-cp1252.csv", notes=["Windows-1252"], numbers={"followers": [20000, 35000]}),
    facts(
        "mixed.csv",
        texts={"creator": ["Zoë", "Åsa", "L\ufffda", "Jörg"]},
        notes=["1 character cannot be decoded and is shown as \ufffd (row 4)"],
    ),
]
