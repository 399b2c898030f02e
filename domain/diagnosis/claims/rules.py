"""Does a clause stand in its sources? Every name, number, time, order and sense is looked up or counted again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from domain.diagnosis.claims.events import PLAIN, content, event_words, is_event, share, tells
from domain.diagnosis.claims.parts import APART, CERTAIN, NEGATION, Clause, Number
from domain.diagnosis.claims.records import STAMP, UNTRUE, Document, Record, figures, holds_name, holds_pair, holds_quote
from domain.diagnosis.claims.series import course_holds, course_words, fits, is_span, trend
from domain.diagnosis.claims.states import all_untrue, denied, invents, is_contradicted, is_nought, says_more
from domain.diagnosis.claims.units import Figure

Standing = Literal["holds", "fails", "open", "inferred"]
"""Inferred: says why or what it means, which no line can hold; nothing in it speaks against it."""

QUANTITY = re.compile(
    r"\b(?:all|every|each|both|only|any|no one|many|several|most|repeatedly|always|majority|entire|dominant|dominated|largest|highest|(?:first|last)(?! seen))\b",
    re.IGNORECASE,
)
FINITE = re.compile(r"\b(?:is|are|was|were|do|does|did|has|have|can|cannot|will|must|should)\b", re.IGNORECASE)
HALF, THIRD, MOST = 0.5, 0.34, 0.75
"""Parts of the words of content that must stand in the evidence, without a time and with one, and that may not where they are denied."""
SIGNALS = {"SIGKILL": 137, "SIGTERM": 143, "SIGSEGV": 139, "SIGABRT": 134}
"""128 plus the number of the signal is the exit code that tells of it (POSIX shells)."""


def standing(clause: Clause, sources: Sequence[Document]) -> Standing:
    """Tell how a clause stands in its sources."""
    if CERTAIN.search(clause.text) and not any(CERTAIN.search(source.root.text()) for source in sources):
        return "open"
    if clause.negative:
        return _denied(clause, sources)
    if _aside(clause) or not anchored(clause, sources):
        return "inferred" if _aside(clause) else _plain(clause, sources)
    scopes = [scope for scope in scopes_of(clause, sources) if not is_contradicted(clause, scope)]
    if not any(_figures_hold(clause, scope, sources) for scope in scopes):
        return "fails"
    if clause.cause:
        return "inferred"
    return "holds" if any(_words_hold(clause, scope, sources) for scope in scopes) else "open"


def _aside(clause: Clause) -> bool:
    """Tell whether a clause adds circumstances in plain words: no name, figure or event, and nothing that is said of the subject."""
    own = clause.letters or clause.own or clause.numbers
    tells = event_words(clause) or QUANTITY.search(clause.text) or FINITE.search(clause.text) or trend(clause)
    return APART.match(clause.text) is not None and not own and not tells


def _names(clause: Clause, sources: Sequence[Document]) -> tuple[str, ...]:
    """Return the names of a clause but those by which a source itself is called."""
    called = {part.lower() for source in sources for part in re.split(r"[\W_]+", source.name)}
    return tuple(
        name
        for name in clause.names
        if name.lower() not in called and name.lower().rstrip("s") not in called and not is_event(name)
    )


def anchored(clause: Clause, sources: Sequence[Document]) -> bool:
    """Tell whether there is something to look up letter by letter."""
    return bool(_names(clause, sources) or clause.quotes or clause.fields or clause.times or clause.numbers)


def scopes_of(clause: Clause, sources: Sequence[Document]) -> Iterator[Record]:
    """Yield the innermost records that hold all names of a clause, if they hold its quotations, fields and times, too."""
    wanted = _names(clause, sources)
    roots = [source.root for source in sources]
    if len(roots) > 1 and not any(_named(root, wanted) for root in roots):
        roots = [Record((), inner=tuple(roots))]
    for record in (one for root in roots for one in root.within()):
        own = (record.listed and clause.carried) or _named(Record(record.leaves), wanted)
        inner = not own and any(_named(one, wanted) for one in record.inner)
        if wanted and (not _named(record, wanted) or inner):
            continue
        if _joins(record, clause, wanted):
            continue
        if _holds(record, clause, wanted) and (wanted or not any(_holds(one, clause, ()) for one in record.inner)):
            yield record


def _joins(record: Record, clause: Clause, wanted: Sequence[str]) -> bool:
    """Tell whether only several objects of a list together say it all: what one of them holds tells nothing of another."""
    listed = any(one.listed for one in record.inner)
    return not record.listed and listed and clause.letters and not _holds(Record(record.leaves), clause, wanted)


def _named(record: Record, wanted: Sequence[str]) -> bool:
    """Tell whether a record says all names."""
    return all(_said(record, name) for name in wanted)


def _holds(record: Record, clause: Clause, wanted: Sequence[str]) -> bool:
    """Tell whether a record holds everything that a clause writes letter by letter."""
    return (
        _named(record, wanted)
        and all(holds_quote(record, quote) for quote in clause.quotes)
        and all(holds_pair(record, key, value) for key, value in clause.fields)
        and all(_at(time, _spaced(record.text())) for time in clause.times)
    )


def _said(record: Record, name: str) -> bool:
    """Tell whether a record says a name, or the exit code of a signal."""
    return holds_name(record, name) or (name in SIGNALS and any(one.value == SIGNALS[name] for one in figures(record)))


def _spaced(text: str) -> str:
    """Return the text with single blanks."""
    return " ".join(text.split())


def _at(time: str, text: str) -> bool:
    """Tell whether a time stands in the text; `10:02` stands in `10:02:17`."""
    wanted = re.escape(time.replace("T", " ").rstrip("Z"))
    return re.search(rf"(?<![\d:]){wanted}(?!\d)", text.replace("T", " ")) is not None


def _figures_hold(clause: Clause, scope: Record, sources: Sequence[Document]) -> bool:
    """Tell whether course, counts and numbers of a clause hold in a scope."""
    series = [one for one in scope.within() if one.series]
    if series and trend(clause) and not clause.cause:
        return all(course_holds(clause, one.figures) for one in series) and _lengths_hold(clause, scope)
    return all(_number_holds(one, clause, scope, sources) for one in clause.numbers)


def _lengths_hold(clause: Clause, scope: Record) -> bool:
    """Tell whether the lengths of time that are told fit into the times of the scope."""
    told = [one for one in clause.numbers if is_span(one)]
    return not told or any(_span_fits(one, scope) for one in told)


def _span_fits(number: Number, scope: Record) -> bool:
    """Tell whether two times of the scope lie that far apart, give or take one step."""
    stamps = [found[0] for leaf in scope.all_leaves() for found in STAMP.finditer(leaf.value)]
    at = sorted({int(clock[1]) * 60 + int(clock[2]) for stamp in stamps if (clock := re.search(r"(\d\d):(\d\d)", stamp))})
    length = number.value * (60 if "hour" in (number.unit or number.noun) else 1)
    return len(at) > 1 and (at[-1] - at[0]) + (at[1] - at[0]) >= length


def _number_holds(number: Number, clause: Clause, scope: Record, sources: Sequence[Document]) -> bool:
    """Tell whether a number stands in the scope, under the field of its noun where there is one, or is a count made again."""
    if is_span(number):
        return _span_fits(number, scope) or any(fits(number, one) for one in figures(scope))
    if clause.follow and number.value == clause.follow:
        return True
    if re.match(r"times\b", number.noun):
        return _repeated(number, scope) or _counted(number, clause, sources)
    if number.noun and re.search(
        rf"\b(?:all|the other|other)\s+\S+\s+{re.escape(number.noun.split()[0])}", clause.text, re.IGNORECASE
    ):
        return _counted(number, clause, sources)
    named = [
        one
        for one in scope.all_leaves()
        if number.noun and number.noun.split()[0].rstrip("s") in {part.rstrip("s") for part in one.key.lower().split("_")}
    ]
    if named and all(re.fullmatch(r"[\d.]+", one.value) for one in named):
        return any(fits(number, Figure(float(one.value), measured=True)) for one in named)
    return any(fits(number, one) for one in figures(scope)) or _counted(number, clause, sources)


def _repeated(number: Number, scope: Record) -> bool:
    """Tell whether the scope says that something came so many times."""
    count = f"{number.value:g}"
    told = rf"\b{count} times\b|\bx ?{count}\b|\b{count} ?x\b"
    return any(
        (re.search(r"count|restarts|times|occurrences", leaf.key.lower()) and leaf.value == count) or re.search(told, leaf.value)
        for leaf in scope.all_leaves()
    )


def _counted(number: Number, clause: Clause, sources: Sequence[Document]) -> bool:
    """Tell whether that many objects of a list are what the clause says."""
    wanted = _names(clause, sources)
    for source in sources:
        groups: dict[str, list[Record]] = {}
        for one in source.root.inner:
            groups.setdefault(one.listed, []).append(one)
        for listed in groups.values():
            alike = [one for one in listed if _holds(one, clause, wanted)]
            if listed[0].listed and len(alike) == number.value and alike:
                return True
    return False


def _words_hold(clause: Clause, scope: Record, sources: Sequence[Document]) -> bool:
    """Tell whether events, quantity and order of a clause stand in a scope; what is left is connecting English."""
    text = scope.text() + "\n" + "\n".join(source.name.replace("_", " ") for source in sources)
    if not all(tells(told, text) for told in event_words(clause)) or says_more(clause, scope, text):
        return False
    if not _says_enough(clause, scope, text):
        return False
    return _quantity_holds(clause, scope, sources) and not _course_only(clause, scope, text)


def _says_enough(clause: Clause, scope: Record, text: str) -> bool:
    """Tell whether figures, quotations or states carry a clause; else part of its words of content must stand beside its names."""
    states = any(re.fullmatch(r"[A-Z][a-z]+|[A-Z]\w+[a-z][A-Z]\w+|[A-Z]{2,}", name) for name in clause.own)
    measured = bool(trend(clause)) and any(one.series for one in scope.within())
    if any((clause.numbers, clause.fields, clause.quotes, states, measured)):
        return True
    return not content(clause) or share(clause, text) >= (THIRD if clause.times else HALF)


def _course_only(clause: Clause, scope: Record, text: str) -> bool:
    """Tell whether a clause tells a course that neither a series nor the words of the evidence show."""
    if trend(clause) in {"", "kept", "range"} or any(one.series for one in scope.within()):
        return False
    return not any(re.search(rf"\b{word}\b", text, re.IGNORECASE) for word in course_words(clause))


def _quantity_holds(clause: Clause, scope: Record, sources: Sequence[Document]) -> bool:
    """Tell whether a word of quantity is written in the scope or can be counted again."""
    for found in QUANTITY.finditer(clause.text):
        word = found[0].lower()
        if re.search(rf"\b{word}\b", scope.text(), re.IGNORECASE) or (word == "all" and clause.numbers):
            continue
        if not _counted_again(word, clause, scope, sources):
            return False
    return True


def _counted_again(word: str, clause: Clause, scope: Record, sources: Sequence[Document]) -> bool:
    """Count all, only, repeatedly and the largest again."""
    peers = [one for source in sources if source.whole for one in source.records() if one.listed and one.listed == scope.listed]
    wanted = _names(clause, sources)
    alike = [one for one in peers if _holds(one, clause, wanted)]
    match word:
        case "repeatedly" | "several" | "many":
            return len(alike) > 1 or any(
                leaf.key == "count" and leaf.value.isdecimal() and int(leaf.value) > 1 for leaf in scope.leaves
            )
        case "only":
            general = [one for one in peers if wanted and _said(one, wanted[0])]
            return bool(peers) and len(alike) == len(general or peers)
        case "all" | "every" | "each" | "both":
            return bool(peers) and len(alike) == len(peers) and (word != "both" or len(peers) == 2)
        case "dominant" | "dominated" | "largest" | "highest":
            return bool(peers) and _weight(scope) == max(_weight(one) for one in peers)
        case _:
            return False


def _weight(record: Record) -> float:
    """Return the first number among a record's own scalars."""
    return next((float(leaf.value) for leaf in record.leaves if re.fullmatch(r"\d+(?:\.\d+)?", leaf.value)), 0.0)


def _plain(clause: Clause, sources: Sequence[Document]) -> Standing:
    """Judge a clause in plain words: events must stand in a record that shares half of its words; meaning is inferred."""
    told = event_words(clause)
    if all_untrue(clause, sources):
        return "fails"
    for record in (one for source in sources for one in source.records() if one.leaves):
        text = record.text()
        if (
            share(clause, text) >= HALF
            and all(tells(word, text) for word in told)
            and _quantity_holds(clause, record, sources)
            and not invents(clause, text)
        ):
            return "holds"
    if clause.cause and not FINITE.search(clause.text):
        return "inferred"
    if told or QUANTITY.search(clause.text) or FINITE.search(clause.text) or trend(clause):
        return "open"
    return "inferred"


def _denied(clause: Clause, sources: Sequence[Document]) -> Standing:
    """Judge a clause that denies: what it denies must stand nowhere in a source that was read whole, or be denied there, too."""
    told = event_words(clause)
    wanted = _names(clause, sources)
    if any(re.search(r"\d", name) and not any(_said(source.root, name) for source in sources) for name in wanted):
        return "open"
    if not clause.letters and not set(wanted) & set(clause.own) and not told:
        return _nothing_of(clause, sources)
    for record in (one for source in sources for one in source.records()):
        if (said := _denied_by(record, clause, wanted)) is not None:
            return said
    if any(_affirms(clause, one) for source in sources for one in source.records() if one.leaves):
        return "fails"
    return "holds" if all(source.whole for source in sources) else "open"


def _denied_by(record: Record, clause: Clause, wanted: Sequence[str]) -> Standing | None:
    """Judge what a clause denies by one record; None where it tells nothing of it."""
    told, text = event_words(clause), record.text()
    joined = bool(clause.times) and _joins(record, clause, wanted)
    if joined or not _holds(record, clause, wanted) or not all(re.search(word, text, re.IGNORECASE) for word in told):
        return None
    if (said := denied(clause, [record])) is not None:
        return "fails" if said else "holds"
    nought = told and all(is_nought(word, record) for word in told)
    return "holds" if nought or _denies(clause, text) else "fails"


def _affirms(clause: Clause, record: Record) -> bool:
    """Tell whether one record says most of what a clause denies, in the words of it, and nothing in the negative."""
    text = Record(record.leaves).text()
    return len(content(clause)) > 2 and share(clause, text) >= MOST and not NEGATION.search(text)


def _denies(clause: Clause, text: str) -> bool:
    """Tell whether the text denies what the clause denies: the first words after its negation stand there only in the negative."""
    found = NEGATION.search(clause.text)
    denied = re.findall(r"[a-z]{2,}", clause.text[found.end() :].lower())[:2] if found else []
    return any(re.search(rf"\b{word}", text, re.IGNORECASE) and not tells(rf"\b{word}", text) for word in denied)


def _nothing_of(clause: Clause, sources: Sequence[Document]) -> Standing:
    """Judge "no pressure", "no events": fields of that word are all false, or the list of that name is empty."""
    if any(source.whole and not list(source.root.all_leaves()) for source in sources) and {"event", "events"} & set(clause.words):
        return "holds"
    if not clause.carried and (untrue := all_untrue(clause, sources)) is not None:
        return "holds" if untrue else "fails"
    words = {word.rstrip("s") for word in clause.words if word not in PLAIN and len(word) > 3}
    scopes = list(scopes_of(clause, sources)) if clause.carried else []
    fields = [leaf for scope in scopes for leaf in scope.all_leaves() if words & set(leaf.key.lower().split("_"))]
    if not fields:
        return "open"
    return "holds" if all(leaf.value.lower() in UNTRUE for leaf in fields) else "fails"
