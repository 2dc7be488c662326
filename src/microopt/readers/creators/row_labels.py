"""Columns that label rows and hold no data: running numbers, identifiers, and time stamps."""

from __future__ import annotations

import re

import numpy as np

from microopt.quantities.keys import header_key
from microopt.readers.words.vocabulary import alias_key, alias_keys
from microopt.roster.roster import Roster

_NUMBER_HEADERS = alias_keys(
    "id,uid,rank,ranking,rang,no,nr,num,number,pos,position,index,idx,row,row number,s no,sr no,sl no,serial no,"
    "lfd nr,lp,sıra,№,ранг,место,序号,排名,番号,順位,번호,순위,"
    "influencer id,creator id,kol id,account id,user id,channel id"
)
_TIME_HEADERS = alias_keys(
    "time,timestamp,time stamp,scraped,scraped at,scraped on,updated,updated at,last updated,last update,created,"
    "created at,added,added on,added at,modified,date,date added,retrieved,fetched at,exported,zeitstempel,datum,"
    "fecha,data,дата,tarih,日期,更新时间,日付,更新日,날짜"
)
_TIME_OF_DAY = re.compile(r".*\d[ T,]+\d{1,2}:\d\d.*")
_SAMPLE = 50


def labels_rows(roster: Roster, name: str) -> bool:
    """Whether an unknown column numbers the rows, identifies them, or says when they were written."""
    key = alias_key(name)
    if key in _NUMBER_HEADERS | _TIME_HEADERS or not header_key(name):  # a header without letters is a number sign
        return True
    return _runs(roster, name) or _holds_times(roster, name)


def _runs(roster: Roster, name: str) -> bool:
    """Whether a column holds 1, 2, 3, ... down the rows of the file, with a gap where a row was left out."""
    if name not in roster.numbers:
        return False
    _, first = np.unique(roster.row, return_index=True)
    values = roster.numbers[name][first]
    return bool(
        len(values) > 1
        and np.isfinite(values).all()
        and values[0] in (0, 1)
        and (np.diff(values) > 0).all()
        and (np.rint(values) == values).all()
        and values[-1] <= 1.5 * len(values) + 1
    )


def _holds_times(roster: Roster, name: str) -> bool:
    column = roster.texts.get(name)
    filled = [] if column is None else [label for label in column.labels[:_SAMPLE] if label.strip()]
    return bool(filled) and all(_TIME_OF_DAY.fullmatch(label) for label in filled)
