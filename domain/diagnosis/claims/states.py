"""What a clause says of fields that are true or false, of what ran short, of values at a time, and of what stands in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.case.texts import words
from domain.diagnosis.claims.events import EVENTS
from domain.diagnosis.claims.parts import NEGATION, Clause, Number
from domain.diagnosis.claims.records import STAMP, Document, Leaf, Record, holds_name
from domain.diagnosis.claims.series import fits

YES = frozenset({"true", "yes"})
NEVER = frozenset({"false", "no", "0"})
RESOURCES = {
    "memory": "mem|heap|rss|oom",
    "storage": "stor|disk|space|volume",
    "disk": "stor|disk|space|volume",
    "cpu": "cpu|core|processor",
    "swap": "swap",
    "network": "network|bandwidth|packet|throughput",
    "connections": "conn|session|client",
    "certificate": "cert|x509|tls",
}
"""What may run short, and what evidence writes for it."""
BRACKETS = re.compile(r"\(([A-Za-z][\w.-]*)\)")
AT = re.compile(
    r"(?<![\w.])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s?(?:%|[a-zA-Z]{1,3})?\s+at\s+(?:about\s+)?(?:\d{4}-\d\d-\d\d[T ])?(\d\d:\d\d)"
)
ENDS = re.compile(r"\b(?:ended|stopped|finished)\s+at\s+(\d\d:\d\d).*\b(?:began|started)\s+at\s+(\d\d:\d\d)")
STEM = 6
"""Letters by which a word is looked for."""
SHORT = 4
"""Letters that the name of a field has at least."""
FRACTION = re.compile(r"(?<![\w./-])\d+/\d+(?![\w/-])")
ADDRESS = re.compile(r"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w.-])")
LIMIT = re.compile(r"\blimit (?:is|was|of) (\d[\d.]*)")
AGENT = re.compile(r"\b\w+(?:ed|wn|en) by (?:the |an? |its )?([a-z][a-z-]{3,}(?: [a-z]{4,})?)\b")
AMOUNTS = words("more half about than less nearly over almost roughly least most time times")
"""Words behind "by" that tell how much."""
DONE = re.compile(r"\b(?:was|were|been) ([a-z]{3,}ed)\b")
SEEN = words("counted observed reported recorded measured logged listed named called used affected involved followed reached")
"""What is done to evidence, not in it."""
TURNED = {
    "rolled back": r"roll\w*[ -]?back|revert|undo",
    "scaled down": r"scal\w* (?:down|in|to)|replicas",
    "scaled up": r"scal\w* (?:up|out|to)|replicas",
}
"""Words that turn an event, and what evidence writes for them."""
STATE = re.compile(r"[A-Z][A-Za-z]{3,}")
SUBJECT = re.compile(r"[\w.]+-[\w.-]*\d[\w.-]*")


def states(clause: Clause, leaves: Sequence[Leaf]) -> dict[str, list[bool]]:
    """Return phrase → what the fields of that name say, for every field of truth or number that the clause names in words.

    Of a clause that denies, those behind its negation.
    """
    found: dict[str, list[bool]] = {}
    negation = NEGATION.search(clause.text) if clause.negative else None
    text, written = clause.text[negation.end() if negation else 0 :].lower(), {key.lower() for key, _ in clause.fields}
    zero = any(one.value == 0 for one in clause.numbers)
    for leaf in leaves:
        phrase, value = leaf.key.replace("_", " ").lower(), leaf.value.lower()
        if len(phrase) < SHORT or leaf.key.lower() in written or (value == "0" and zero):
            continue
        if (value in YES | NEVER or value.isdecimal()) and re.search(rf"\b{re.escape(phrase)}\b", text):
            found.setdefault(phrase, []).append(value not in NEVER)
    return found


def is_contradicted(clause: Clause, scope: Record) -> bool:
    """Tell whether every field of a name that the clause affirms says that it is not so."""
    return any(not any(said) for said in states(clause, list(scope.all_leaves())).values())


def denied(clause: Clause, records: Sequence[Record]) -> bool | None:
    """Tell whether fields say in every record what the clause denies is so: False where they all say no, None where none speaks."""
    said = [one for record in records for several in states(clause, list(record.all_leaves())).values() for one in several]
    return None if not said else any(said)


def says_more(clause: Clause, scope: Record, text: str) -> bool:
    """Tell whether a clause names what runs short, words in brackets, or a state, that its scope does not hold."""
    if any(word in clause.words and not re.search(told, text, re.IGNORECASE) for word, told in RESOURCES.items()):
        return True
    if any(not re.search(rf"\b{re.escape(found[1])}\b", text, re.IGNORECASE) for found in BRACKETS.finditer(clause.text)):
        return True
    if any(found[0] not in text for found in (*FRACTION.finditer(clause.text), *ADDRESS.finditer(clause.text))):
        return True
    if any(
        not re.search(rf"limit\D{{0,12}}{found[1]}|/ ?{found[1]}|{found[1]}\D{{0,8}}limit", text)
        for found in LIMIT.finditer(clause.text)
    ):
        return True
    if invents(clause, text):
        return True
    ends = ENDS.search(clause.text)
    return bool(ends and ends[1] < ends[2]) or not _of_subject(clause, scope) or not _at_times(clause, scope)


def invents(clause: Clause, text: str) -> bool:
    """Tell whether a clause names who did something, or what was done, of which the text holds no word."""
    low = text.lower()
    agents = (word for found in AGENT.finditer(clause.text) for word in found[1].split() if word not in AMOUNTS)
    if any(word[:STEM] not in low for word in agents):
        return True
    if any(words in clause.text and not re.search(told, low) for words, told in TURNED.items()):
        return True
    done = (found[1] for found in DONE.finditer(clause.text) if found[1] not in SEEN)
    return any(word[:STEM] not in low and not any(word.startswith(stem) for stem in EVENTS) for word in done)


def _of_subject(clause: Clause, scope: Record) -> bool:
    """Tell whether a state is the subject's own, where only a whole list says both."""
    subjects = [name for name in clause.names if SUBJECT.fullmatch(name)]
    told = [name for name in clause.own if STATE.fullmatch(name) and name not in subjects]
    if scope.listed or not subjects or not told:
        return True
    listed = [one for one in scope.within() if one.listed and any(holds_name(one, name) for name in subjects)]
    others = [one for one in scope.within() if one.listed and one not in listed]
    return not listed or all(
        any(holds_name(one, name) for one in listed) or not any(holds_name(one, name) for one in others) for name in told
    )


def _at_times(clause: Clause, scope: Record) -> bool:
    """Tell whether the series of the scope have each value at the time that the clause gives it."""
    pairs = [(float(found[1].replace(",", "")), found[2]) for found in AT.finditer(clause.text)]
    series = [one for one in scope.within() if len(one.series) > 1]
    if not pairs or not series:
        return True
    numbers = {one.value: one for one in clause.numbers}
    return all(value not in numbers or any(_has(one, numbers[value], at) for one in series) for value, at in pairs)


def _has(record: Record, number: Number, at: str) -> bool:
    """Tell whether a series has a value at a time of the clock; one without as many times as values may."""
    stamps = list(_stamps(record))
    if len(stamps) != len(record.series):
        return True
    return any(at in stamp and fits(number, figure) for stamp, figure in zip(stamps, record.figures, strict=True))


def _stamps(record: Record) -> Iterator[str]:
    """Yield the times that a record lists beside its series."""
    yield from (leaf.value for leaf in record.leaves if leaf.key.lower().startswith("time") and STAMP.fullmatch(leaf.value))


def is_nought(word: str, record: Record) -> bool:
    """Tell whether the fields that are called by a word of an event count none."""
    said = [leaf.value.lower() for leaf in record.all_leaves() if re.search(word, leaf.key, re.IGNORECASE)]
    return bool(said) and all(value in NEVER for value in said)


def all_untrue(clause: Clause, sources: Sequence[Document]) -> bool | None:
    """Tell whether the fields that a clause denies of everything say no everywhere; None where none speaks."""
    roots = [source.root for source in sources if source.whole]
    found = denied(clause, roots)
    return None if found is None else not found
