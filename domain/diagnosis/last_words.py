"""Where no family explains: the most severe words near the symptom, as what they are and not as a cause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from domain.case.state import Category
from domain.diagnosis.catalogue.families import BY_ID
from domain.diagnosis.reasons import NOBODY, SAID, STATES, Asked, asked, is_held, pull, varied
from domain.diagnosis.signals import LOG_KINDS, Observation, signal
from domain.diagnosis.statements import statement
from domain.diagnosis.subjects import named_in, owner, spoken
from domain.diagnosis.values import Candidate
from domain.evidence.severity import severity

GENERIC = frozenset({
    "crash_loop",
    "unready",
    "job_failed",
    "rollout_stuck",
    "exception",
    "probe_failing",
    "image_pull",
})
"""Families that name a symptom or mechanism of any fault: the words of the failing thing say more."""
FETCHED = re.compile(
    r"(?i)^(?:command .{1,400} failed with (?:return|exit) code \d|unable to retrieve container logs|error from server \((?:badrequest|notfound)\): (?:previous terminated )?(?:container|pods))"
)
"""What a tool says where it got nothing: it is the reader that failed, not what is read about."""
SEVERE, CAUSE = 3.0, 4.0
"""Severity of what is worth quoting; of an event that names a cause."""
CAUSED, BELOW, ROOT = re.compile(r"\s*Caused by: "), 3, 2.0
"""How a nested exception names its cause, the lines on which its message may go on, and what the innermost adds to a line."""
MEASURES = frozenset({"level_shift", "saturation", "trend", "standout"})
"""Findings about numbers, whose sentence says more than the line of a value."""
LETTERS = re.compile(r"[A-Za-z]{3}")
WORDS = 3


def with_last_words(found: Sequence[Candidate], seen: Sequence[Observation], question: str = "") -> tuple[Candidate, ...]:
    """Give candidates of generic families the most telling lines of their own subject, or of files without subject."""
    said = loudest(seen, asked(question, seen)) if any(one.family in GENERIC for one in found) else []
    return tuple(_with_words(one, said) if one.family in GENERIC else one for one in found)


def _with_words(one: Candidate, loud: Sequence[Observation]) -> Candidate:
    """Return the candidate that quotes what its subject said, after its own first sign; what ends with an error of its own is code."""
    known = {(sign.evidence, sign.citation.first) for sign in one.signals}
    fit = {owner(one.subject), ""}
    said = [item for item in loud if _spoke(item) and owner(item.subject) in fit and _place(item) not in known]
    if not said:
        return one
    words = tuple(signal(SAID, item, decisive=False) for item in varied(said, (), WORDS - 1))
    told = statement(BY_ID[one.family].title, one.attributes, said[0].finding.text)
    of_code = one.category is Category.OTHER and one.family == "crash_loop"
    return replace(
        one,
        signals=(one.signals[0], *words, *one.signals[1:]),
        statement=told,
        category=Category.CODE if of_code else one.category,
    )


def _spoke(item: Observation) -> bool:
    """Tell whether an observation is words of a process, or an event that names a cause and not only another attempt."""
    finding = item.finding
    journal = finding.kind == "row" and "unit" in finding.attributes
    return finding.kind in LOG_KINDS or journal or (finding.kind == "event" and finding.severity >= CAUSE)


def beside(found: Sequence[Candidate], seen: Sequence[Observation], question: str = "") -> tuple[Candidate, ...]:
    """Give a leader that is no more than a symptom the most telling words of everything else: one of them may be why."""
    if not found or found[0].depth > 0:
        return tuple(found)
    first = found[0]
    known = {sign.text for sign in first.signals}
    rows = telling(seen, asked(question, seen))
    said = [item for item in rows if item.finding.kind not in STATES and item.finding.citations[0].quote not in known]
    words = tuple(signal(SAID, item, decisive=False) for item in varied(said, known, WORDS - 1))
    return (replace(first, signals=(first.signals[0], *words, *first.signals[1:])), *found[1:])


def unexplained(seen: Sequence[Observation], question: str) -> tuple[Candidate, ...]:
    """Return the most telling line of the subject that the question names, else of all, as a candidate of no family."""
    said = telling(seen, asked(question, seen))
    named = [item for item in said if named_in(item.subject, question)]
    focused = any(item.finding.severity >= SEVERE for item in named)
    rows = varied(named if focused else said, (), WORDS)
    if not rows:
        return ()
    first = rows[0]
    told = statement(
        "{subject} reports a fault that no family explains", {"subject": spoken(first.subject, first.name)}, _words(first)
    )
    return (
        Candidate(
            family="other",
            category=Category.OTHER,
            subject=first.subject,
            statement=told,
            signals=tuple(signal(SAID, item, decisive=False) for item in rows),
            depth=0,
            score=0.0,
            rank=1,
            onset=first.finding.time,
            focus=focused,
        ),
    )


def _words(item: Observation) -> str:
    """Return what a line says; a bare number or bracket says nothing without its sentence."""
    bare = item.finding.kind in MEASURES or not LETTERS.search(item.finding.text)
    return item.finding.statement if bare else item.finding.text


def telling(seen: Sequence[Observation], question: Asked) -> list[Observation]:
    """Return the trusted severe observations and the calm ones that answer the question, most telling first, each wording once."""
    calm = [item for item in seen if item.finding.severity < SEVERE and not item.untrusted and is_held(item, question)]
    return _first_of([*_severe(seen), *calm], question)


def loudest(seen: Sequence[Observation], question: Asked = NOBODY) -> list[Observation]:
    """Return the trusted severe observations, most telling first, each wording once."""
    return _first_of(_severe(seen), question)


def _severe(seen: Sequence[Observation]) -> list[Observation]:
    return [
        item
        for item in seen
        if item.finding.severity >= SEVERE
        and not item.untrusted
        and _severe_by_itself(item)
        and not FETCHED.match(item.finding.text)
    ]


def _first_of(rows: list[Observation], question: Asked) -> list[Observation]:
    roots = _roots(rows)
    rows.sort(
        key=lambda item: (-pull(item, question) - ROOT * (_place(item) in roots), item.finding.kind != "exception", *_place(item))
    )
    first: dict[str, Observation] = {}
    for item in rows:
        first.setdefault(item.finding.text, item)
    return list(first.values())


def _roots(rows: Sequence[Observation]) -> frozenset[tuple[str, int]]:
    """Return where the innermost causes of nested exceptions stand: the last one told to be a cause, or what is said below it."""
    found: set[tuple[str, int]] = set()
    for file, number in [_place(item) for item in rows if CAUSED.match(item.finding.text)]:
        below = [_place(item) for item in rows if number <= _place(item)[1] <= number + BELOW and _place(item)[0] == file]
        found.add(max(below))
    return frozenset(found)


def _severe_by_itself(item: Observation) -> bool:
    """Tell whether a line is severe without what an outsider wrote into it."""
    return item.text == item.finding.text or severity(item.text) >= SEVERE


def _place(item: Observation) -> tuple[str, int]:
    """Return where it stands."""
    return (item.finding.citations[0].evidence, item.finding.citations[0].first)
