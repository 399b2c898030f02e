"""Where no family explains: the most severe words near the symptom, as what they are and not as a cause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from domain.case.state import Category
from domain.diagnosis.catalogue.families import BY_ID
from domain.diagnosis.signals import LOG_KINDS, Observation, signal
from domain.diagnosis.statements import statement
from domain.diagnosis.subjects import named_in, owner, spoken
from domain.diagnosis.values import Candidate, Rule
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
STATES = frozenset({"unhealthy_object", "alert"})
"""Findings that say again that something is not well."""
FETCHED = re.compile(
    r"(?i)^(?:command .{1,400} failed with (?:return|exit) code \d|unable to retrieve container logs|error from server \((?:badrequest|notfound)\): (?:previous terminated )?(?:container|pods))"
)
"""What a tool says where it got nothing: it is the reader that failed, not what is read about."""
SEVERE, CAUSE = 3.0, 4.0
"""Severity of what is worth quoting; of an event that names a cause."""
LETTERS = re.compile(r"[A-Za-z]{3}")
WORDS = 3
SAID = Rule(weight=0.5, meaning="what it said")


def with_last_words(found: Sequence[Candidate], seen: Sequence[Observation]) -> tuple[Candidate, ...]:
    """Give candidates of generic families the most severe lines of their own subject, or of files without subject."""
    said = loudest(seen) if any(one.family in GENERIC for one in found) else []
    return tuple(_with_words(one, said) if one.family in GENERIC else one for one in found)


def _with_words(one: Candidate, loud: Sequence[Observation]) -> Candidate:
    """Return the candidate that quotes what its subject said, after its own first sign; what ends with an error of its own is code."""
    known = {(sign.evidence, sign.citation.first) for sign in one.signals}
    fit = {owner(one.subject), ""}
    said = [item for item in loud if _spoke(item) and owner(item.subject) in fit and _place(item) not in known]
    if not said:
        return one
    words = tuple(signal(SAID, item, decisive=False) for item in said[: WORDS - 1])
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


def beside(found: Sequence[Candidate], seen: Sequence[Observation]) -> tuple[Candidate, ...]:
    """Give a leader that is no more than a symptom the loudest words of everything else: one of them may be why."""
    if not found or found[0].depth > 0:
        return tuple(found)
    first = found[0]
    known = {sign.text for sign in first.signals}
    said = [item for item in loudest(seen) if item.finding.kind not in STATES and item.finding.citations[0].quote not in known]
    words = tuple(signal(SAID, item, decisive=False) for item in said[: WORDS - 1])
    return (replace(first, signals=(first.signals[0], *words, *first.signals[1:])), *found[1:])


def unexplained(seen: Sequence[Observation], question: str) -> tuple[Candidate, ...]:
    """Return the most severe line of the subject that the question names, else of all, as a candidate of no family."""
    said = loudest(seen)
    asked = [item for item in said if named_in(item.subject, question)]
    rows = (asked or said)[:WORDS]
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
            focus=bool(asked),
        ),
    )


def _words(item: Observation) -> str:
    """Return what a line says; a bare number or bracket says nothing without its sentence."""
    return item.finding.text if LETTERS.search(item.finding.text) else item.finding.statement


def loudest(seen: Sequence[Observation]) -> list[Observation]:
    """Return the trusted severe observations, most severe first, each wording once."""
    rows = [
        item
        for item in seen
        if item.finding.severity >= SEVERE
        and not item.untrusted
        and _severe_by_itself(item)
        and not FETCHED.match(item.finding.text)
    ]
    rows.sort(key=lambda item: (-item.finding.severity, item.finding.kind != "exception", *_place(item)))
    first: dict[str, Observation] = {}
    for item in rows:
        first.setdefault(item.finding.text, item)
    return list(first.values())


def _severe_by_itself(item: Observation) -> bool:
    """Tell whether a line is severe without what an outsider wrote into it."""
    return item.text == item.finding.text or severity(item.text) >= SEVERE


def _place(item: Observation) -> tuple[str, int]:
    """Return where it stands."""
    return (item.finding.citations[0].evidence, item.finding.citations[0].first)
