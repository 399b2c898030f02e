"""Words of a model that cannot do anything: nothing in them loads, links, calls people or leaves its place (privacy.md 9).

Every change stays within a word, so a text may be made inert piece by piece if it is cut at blanks only.
"""

from __future__ import annotations

import re
import unicodedata

from domain.diagnosis.orders import ORDERS
from domain.privacy.forms import FORM

HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\U000e0000-\U000e007f]")
"""Control, bidirectional and tag characters: they hide or reorder words."""
_MARKS = (
    (re.compile(r"\](?=[(\[:])"), "] "),  # [text](target), [text][name], [name]: target
    (re.compile(r"(?<=[A-Za-z]):(?=//)"), ": "),
    (re.compile(r"\b(www)\.", re.IGNORECASE), r"\1 ."),
    (re.compile(r"\b(javascript|vbscript|data|file|mailto):", re.IGNORECASE), r"\1 :"),
    (re.compile(r"`"), "ˋ"),
)
"""What Markdown and chat clients take for more than text (CommonMark, GitHub's autolinks)."""
_TAG = re.compile(r"<(?=[A-Za-z/!?@#])")
"""Begins a tag, a comment, or one of Slack's control sequences; or a placeholder, which stays."""


def inert(text: str) -> str:
    """Return the text as mere words."""
    shown = HIDDEN.sub("", text)
    for mark, plain in _MARKS:
        shown = mark.sub(plain, shown)
    return _TAG.sub(lambda hit: "<" if FORM.match(hit.string, hit.start()) else "‹", shown)


def is_inert(text: str) -> bool:
    """Tell whether a text is nothing but words."""
    return inert(text) == text


def addresses_reader(text: str) -> bool:
    """Tell whether a line speaks to whoever reads it, also when its letters are disguised: no machine says that of itself."""
    return ORDERS.search(unicodedata.normalize("NFKC", HIDDEN.sub("", text))) is not None
