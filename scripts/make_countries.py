"""Write the tables of countries and languages in `src/microopt/quantities` from Unicode CLDR.

`python scripts/make_countries.py supplementalData.xml`, with that file of a CLDR release and Babel installed: names in
English and German are Babel's, populations and official languages are those of the file.
"""

import csv
import sys
from pathlib import Path
from xml.etree import ElementTree

from babel import Locale

ROOM = Path(__file__).parent.parent / "src" / "microopt" / "quantities"
OFFICIAL = ("official", "de_facto_official")
LEAST_PEOPLE = 1_000  # territories with fewer are stations and military bases


def country_rows(root: ElementTree.Element) -> list[list[str]]:
    """Return a row for each country: codes, thousands of people, names, percent of speakers by official language."""
    english, german = Locale("en").territories, Locale("de").territories
    long_codes = {codes.get("type"): codes.get("alpha3", "") for codes in root.iter("territoryCodes")}
    rows = []
    for territory in root.iter("territory"):
        code, people = territory.get("type", ""), int(territory.get("population", 0))
        if people < LEAST_PEOPLE or len(code) != 2 or code not in long_codes:
            continue
        speakers: dict[str, float] = {}
        for spoken in territory.iter("languagePopulation"):
            language = spoken.get("type", "").partition("_")[0]
            if spoken.get("officialStatus") in OFFICIAL:
                speakers[language] = max(float(spoken.get("populationPercent", 0)), speakers.get(language, 0.0))
        official = " ".join(f"{name}:{percent:g}" for name, percent in sorted(speakers.items()))
        rows.append([code, long_codes[code], str(-(-people // 1000)), english[code], german[code], official])
    return sorted(rows)


def language_rows(countries: list[list[str]]) -> list[list[str]]:
    """Return a row for each official language of a country: its code, and its names."""
    codes = {part.partition(":")[0] for row in countries for part in row[-1].split()}
    english, german = Locale("en").languages, Locale("de").languages
    return [[code, english[code], german.get(code, english[code])] for code in sorted(codes) if code in english]


def write(name: str, header: str, rows: list[list[str]]) -> None:
    """Write a table."""
    with (ROOM / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header.split(), *rows])


if __name__ == "__main__":
    countries = country_rows(ElementTree.parse(sys.argv[1]).getroot())
    write("countries.csv", "code alpha3 thousands english german languages", countries)
    write("languages.csv", "code english german", language_rows(countries))
