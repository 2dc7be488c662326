"""Damage rosters at random and read them: ``python -m tests.readers.fuzz SEED COUNT FOLDER [workbooks]``.

Each must result in a roster whose every number its file explains, or in a RosterError; in no other exception, no
warning, in seconds, and with no more memory than a small file can need. `test_fuzz.py` runs this in a process of its
own, since a parser in C could end the process instead of raising.
"""

import gzip
import io
import random
import re
import resource
import sys
import time
import traceback
import warnings
import zipfile
from pathlib import Path

from microopt.errors import RosterError
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from tests.readers.explanation import find_unexplained
from tests.readers.formats.hostile_workbooks import BOMBS

CORPUS = Path(__file__).parents[1] / "data" / "rosters"
MAX_ADDRESS_SPACE = 3 << 30  # bytes of address space
MAX_PEAK_MEMORY = 1000 << 20  # bytes in memory, with pandas, pyarrow and calamine loaded
MAX_SECONDS = 10  # for one file, on a busy machine
TOKENS = [
    b'"',
    b'""',
    b",",
    b";",
    b"\t",
    b"|",
    b"\n",
    b"\r",
    b"\r\n",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xff",
    b"\xc2\xa0",
    b"\xe2\x82\xac",
    b"$",
    b"%",
    b"K",
    b"m",
    b"-",
    b"+",
    b"e5",
    b"1e999",
    b"nan",
    b"inf",
    b"N/A",
    b"null",
    b"1,234",
    b"1.234,5",
    b"1,234.5",
    b"1.234.567",
    b"0,5",
    b"0.139",
    b"0,139",
    b"12 345",
    b"0 035",
    b"5%",
    b"-3",
    b"0",
    b"True",
    b"=1+1",
    b"@",
    b"'",
    b"/",
    b"====",
    b"\xd9\xa1",
    b"9" * 30,
    b"1" + b"0" * 330,
    b"(5)",
    b"5 USD",
    b"R$ 5",
    b"followers",
    b"fee",
    b"creator",
    b"Story Price",
    b"engagement_rate",
    b"views",
    b" ",
    b"  ",
    b".",
    b"..",
    b"1.",
    b".5",
    b"--",
    b"{value}",
]
EXTREMES = [b"0", b"-1", b"1048576", b"16384", b"4294967295", b"18446744073709551616", b"-1e300", b"1e308", b"nan"]
MARKUP = [
    b'<c r = "XFD1048576"/>',
    b'<c t="',
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"&#88;",
    b"&lt;",
    b"</row>",
    b"<row>",
]
WORKBOOKS = (".xlsx", ".ods")
SUFFIXES = {".gz": ".csv.gz", ".xlsx": ".xlsx", ".ods": ".ods", ".parquet": ".parquet", ".tsv": ".tsv", ".txt": ".txt"}


def flip_bits(draw, data, _):
    for _ in range(draw.randint(1, 4)):
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)


def insert_tokens(draw, data, _):
    for _ in range(draw.randint(1, 3)):
        position = draw.randrange(len(data) + 1)
        data[position:position] = draw.choice(TOKENS)


def replace_cell(draw, data, _):
    """Write a token into a cell, in place of its content or in front of it."""
    separators = [i for i, byte in enumerate(data) if byte in b",;\t|\n\r"] or [0]
    start = draw.choice(separators) + 1
    end = next((i for i in range(start, len(data)) if data[i] in b",;\t|\n\r"), len(data))
    data[start : draw.choice([start, end, end])] = draw.choice(TOKENS) + draw.choice([b"", b"", b",", b";"])


def delete_part(draw, data, _):
    start = draw.randrange(len(data))
    del data[start : draw.choice([len(data), start + 1, start + draw.randint(1, 40)])]


def repeat_part(draw, data, _):
    start = draw.randrange(len(data))
    part = bytes(data[start : start + draw.randint(1, 60)])
    data[start:start] = part * draw.choice([1, 1, 2, 50])


def swap_bytes(draw, data, _):
    old, new = draw.sample([b",", b";", b"\t", b"|", b"\n", b"\r", b".", b"0", b"1", b'"', b" "], 2)
    data[:] = data.replace(old, new, draw.choice([1, 2, -1]))


def splice_files(draw, data, others):
    second = draw.choice(others)
    start, other_start = draw.randrange(len(data) + 1), draw.randrange(len(second) + 1)
    part = second[other_start : other_start + draw.randint(1, 200)]
    data[start:] = second[other_start:] if draw.random() < 0.5 else part + data[start:]


MUTATORS = [
    flip_bits,
    insert_tokens,
    insert_tokens,
    replace_cell,
    replace_cell,
    replace_cell,
    delete_part,
    repeat_part,
    swap_bytes,
    splice_files,
]


def mutate(draw, data, others):
    data = bytearray(data)
    for _ in range(draw.choice([1, 1, 2, 3, 6])):
        if data:
            draw.choice(MUTATORS)(draw, data, others)
    return bytes(data)


def mutate_markup(draw, data):
    """Damage the XML of a workbook, mostly so that it stays well-formed: numbers, spellings of a place, marks."""
    data = bytearray(data)
    for _ in range(draw.choice([1, 1, 2, 5])):
        numbers = list(re.finditer(rb"-?[0-9]+", data))
        kind = draw.random()
        if kind < 0.6 and numbers:
            number = draw.choice(numbers)
            data[number.start() : number.end()] = draw.choice(EXTREMES)
        elif kind < 0.8:
            data[:] = data.replace(b' r="', draw.choice([b" r = '", b'\tr\n= "', b' R="', b' x:r="', b' r="A']), 1)
        else:
            position = draw.randrange(len(data) + 1)
            data[position:position] = draw.choice(MARKUP) * draw.choice([1, 1, 1, 20_000])
    return bytes(data)


def mutate_inside_zip(draw, data, others):
    """Damage a part of a zip file and pack it again, so that the checksums do not reveal the damage."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = draw.choice(
            [
                part
                for part in old.namelist()
                if part.endswith(("sheet1.xml", "trings.xml", "book.xml", "yles.xml", "content.xml"))
            ]
        )
        with_markup = draw.random() < 0.5
        for name in old.namelist():
            content = old.read(name)
            if name == chosen:
                content = mutate_markup(draw, content) if with_markup else mutate(draw, content, others)
            new.writestr(name, content)
    return packed.getvalue()


def format_suffix(name):
    return SUFFIXES.get(Path(name).suffix, ".csv")


def group_by_format(corpus):
    """Return the files of each format by its suffix, in the order of the corpus."""
    groups = {}
    for name, data in corpus:
        groups.setdefault(format_suffix(name), []).append(data)
    return groups


def make_sample(draw, corpus, groups):
    """Return a damaged file and its suffix."""
    name, data = draw.choice(corpus)
    suffix = format_suffix(name)
    same_format = groups[suffix]
    if suffix in WORKBOOKS and zipfile.is_zipfile(io.BytesIO(data)) and draw.random() < 0.7:
        return mutate_inside_zip(draw, data, same_format), suffix
    if suffix == ".csv.gz" and draw.random() < 0.5:
        plain = next(text for place, text in corpus if place == "crlf.csv")
        return gzip.compress(mutate(draw, plain, [plain]), mtime=0), suffix
    return mutate(draw, data, same_format), suffix


def find_problems(path, options):
    """Return the problems of reading a file: a list, empty for proper faults; None for a proper roster."""
    try:
        roster = read_roster(path, options)
    except RosterError as error:
        incomplete = [fault for fault in error.faults if not fault.code or not fault.message or not fault.fix]
        return [f"an incomplete fault: {incomplete[0]}"] if incomplete else []
    except BaseException:
        return [traceback.format_exc()]
    return list(find_unexplained(path, roster))[:3] or None


def read_corpus(workbooks_alone):
    corpus = [
        (path.name, path.read_bytes())
        for path in sorted(CORPUS.rglob("*"))
        if path.suffix not in (".py", ".pyc") and path.is_file()
    ]
    if not workbooks_alone:
        return corpus
    return [file for file in corpus if file[0].endswith(WORKBOOKS)] + list(BOMBS.items())


def run(seed, count, folder, kind=""):
    resource.setrlimit(resource.RLIMIT_AS, (MAX_ADDRESS_SPACE, MAX_ADDRESS_SPACE))
    warnings.simplefilter("error")
    corpus = read_corpus(kind == "workbooks")
    groups = group_by_format(corpus)
    failed = rosters = 0
    for number in range(count):
        draw = random.Random(f"{seed}/{number}")
        data, suffix = make_sample(draw, corpus, groups)
        path = Path(folder) / f"fuzz-{seed}{suffix}"
        path.write_bytes(data)
        options = ReadOptions(fees_required=draw.random() < 0.5, skip_bad_rows=draw.random() < 0.6)
        start = time.perf_counter()
        problems = find_problems(str(path), options)
        if (seconds := time.perf_counter() - start) > MAX_SECONDS:
            problems = [*(problems or ()), f"it took {seconds:.1f} s"]
        rosters += problems is None
        if problems:
            failed += 1
            copy = Path(folder) / f"failed-{seed}-{number}{suffix}"
            copy.write_bytes(data)
            chosen = f"fees_required={options.fees_required}, skip_bad_rows={options.skip_bad_rows}"
            print(f"FAILED {copy} ({chosen})\n" + "\n".join(problems), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    print(f"{count:,} files, {rosters:,} read as rosters, {failed} failed, peak {peak >> 20} MB")
    return failed or peak > MAX_PEAK_MEMORY


if __name__ == "__main__":
    sys.exit(1 if run(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]) else 0)
