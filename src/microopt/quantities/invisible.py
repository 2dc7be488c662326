"""Characters that show nothing: controls, and what Unicode calls default ignorable.

Two names that differ only in these look the same, and a text that holds them can hide or reorder what is beside them.
"""

from __future__ import annotations

import re

# Line and field breaks among the controls: shown as a space.
BREAKS = "\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029"
# The other controls, lone surrogates, noncharacters.
_CONTROLS = r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
# Joiners and variation selectors choose between forms of a visible character: emoji and Persian need them.
_JOINERS = "\u200c\u200d\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Everything else that Unicode's DerivedCoreProperties lists as default ignorable, and interlinear annotations.
_HIDDEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
LEFT_TO_RIGHT_MARK = "\u200e"  # which we write after right-to-left names, so that what follows keeps its place
BREAK = re.compile(f"[{BREAKS}]")
UNSHOWN = re.compile(f"[{_CONTROLS}{_HIDDEN}]")  # what no output shows
INVISIBLE = re.compile(f"[{_CONTROLS}{_HIDDEN}{_JOINERS}]")  # what tells no two names apart
