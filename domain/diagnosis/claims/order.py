"""The order of what two clauses tell, by the times or places of their records."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.diagnosis.claims.events import event_words, tells
from domain.diagnosis.claims.parts import Clause
from domain.diagnosis.claims.records import STAMP, Document
from domain.diagnosis.claims.rules import Standing, anchored, scopes_of

ORDER = re.compile(r"^(?:immediately |shortly |just )?(before|after)\b", re.IGNORECASE)


def ordered(first: Clause, clause: Clause, sources: Sequence[Document]) -> Standing:
    """Tell whether what a clause says came before or after what the clause before it says: by their times, else by their lines."""
    word = ORDER.match(clause.text)
    if word is None:
        return "holds"
    for source in sources:
        places = {id(one): place for place, one in enumerate(source.records())}
        here = _places(clause, source, places)
        there = _places(first, source, places)
        here = {at: text for at, text in here.items() if at not in there}
        if there and here:
            return "holds" if _precede(there, here, before=word[1].lower() == "before") else "fails"
    return "open"


def _precede(there: Mapping[int, str], here: Mapping[int, str], *, before: bool) -> bool:
    """Compare by time where all have one, else by place."""
    timed = all((*there.values(), *here.values()))
    dated = timed and all("-" in text for text in (*there.values(), *here.values()))
    first, second = ([(_clock(text, dated=dated) if timed else "", at) for at, text in one.items()] for one in (there, here))
    return min(first) < max(second) if before else max(first) > min(second)


def _clock(stamp: str, *, dated: bool) -> str:
    """Return a time as text that sorts; without its date where another has none."""
    return stamp.replace("T", " ") if dated else stamp[stamp.find(":") - 2 :]


def _places(clause: Clause, source: Document, places: Mapping[int, int]) -> dict[int, str]:
    """Return places and times of the innermost records that a clause itself tells of; only lines have an order without a time."""
    alone = replace(clause, carried=())
    told = event_words(alone)
    lettered = anchored(alone, [source])
    records = scopes_of(alone, [source]) if lettered else (one for one in source.records() if told and not one.inner)
    found = [one for one in records if lettered or all(tells(word, one.text()) for word in told)]
    timed = [(one, STAMP.search(one.text())) for one in found]
    return {
        places[id(one)]: stamp[0] if stamp else ""
        for one, stamp in timed
        if id(one) in places and (stamp or one.listed == "line")
    }
