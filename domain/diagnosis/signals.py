"""Findings as signals: which rule of which family a finding matches, and how far it is to be trusted."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from domain.diagnosis.astray import astray
from domain.diagnosis.orders import ORDERS, is_disguised, is_plain, unpacked, visible
from domain.diagnosis.subjects import document_subject, subject_of
from domain.diagnosis.values import Rule, Signal
from domain.evidence.reading import QUOTE, innermost, window
from domain.evidence.values import Analysis, Citation, Event, Finding, KeyStat

KEPT_KEYS = 400
"""Kinds of line per file that signatures read besides findings, most severe first."""
KEPT_LINES = 2_000
"""Kinds of line over all files, most severe first: what a case of hundreds of files may cost."""
MATCHED_CHARACTERS = 1_000
RELIABILITY = {
    "line": 0.7,
    "severe_template": 0.7,
    "burst": 0.7,
    "first_seen": 0.7,
    "silence": 0.7,
    "exception": 0.7,
    "restart": 0.7,
    "slot_shift": 0.8,
    "level_shift": 0.8,
    "trend": 0.8,
    "saturation": 0.8,
    "alert": 0.4,
    "user_report": 0.3,
}
"""Trust by kind of finding (diagnosis.md 6.1); every other kind is direct state: 1.0."""
LOG_KINDS = frozenset({"line", "severe_template", "burst", "first_seen", "silence", "exception", "restart", "slot_shift"})

_HEADERS = r"user[-_ ]?agent|referr?er|x-forwarded-for|x-real-ip|cookie|origin"
_FORMS = r"comment|user[-_ ]?name|user|q|search|search[-_ ]term|term|keyword|nickname|display[-_ ]name|review|feedback"
OUTSIDER = re.compile(
    r"\"[^\"]{0,400}\" \d{3} (?:\d+|-)(?: \"[^\"]{0,400}\"){0,2}"
    rf"|\b(?:{_HEADERS}|{_FORMS})\\?['\"]?[=:] ?\\?(?:'[^']{{0,400}}'|\"[^\"]{{0,400}}\")"
    rf"|\b(?:{_HEADERS}): [^'\"]{{1,400}}$"
    r"|\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) /[^\s?\"]{0,200}\?[^\s\"]{1,400}"
    r"|\b(?:invalid|unknown|illegal|no such) user(?:name)? (?:'[^']{0,400}'|\"[^\"]{0,400}\")"
    r"|\buser(?:name)? (?:'[^'\s]{0,200}\s[^\n]{0,400}'|\"[^\"\s]{0,200}\s[^\"]{0,400}\")",
    re.IGNORECASE,
)
"""Fields that an outsider writes: request lines, headers of a client, what forms hold, and names that no account has."""
STORED = re.compile(
    r"\b(?:body|title|subject|text|note|description|query)\\?['\"]?[=:] ?\\?(?:'[^']{0,400}'|\"[^\"]{0,400}\")", re.IGNORECASE
)
"""Fields that hold what an outsider sent, where the line itself is no complaint."""
CALM = re.compile(
    r"\b(?:level|lvl|severity)\\?\"?[=:] ?\\?\"?(?:info|debug|trace)\b|^.{0,60}\b(?:INFO|DEBUG|TRACE)\b", re.IGNORECASE
)
"""A level that says so."""
QUOTES = frozenset("'\":?")
"""One of them is needed to find such a field."""


GENERIC = 1.5
"""Weight of rules that any fault may meet: the words of the cause say more than what they matched."""
LETTER = re.compile(r"\\u(?!d[89a-f])([0-9a-f]{4})", re.IGNORECASE)
"""A letter that JSON writes as its number; halves of a pair stay as they are."""
LEAD = 40
"""Characters of a long line that are quoted before what a rule matched: reasons stand behind it."""
SMALL = re.compile(r"(?:\\[^xuUN]|\(\?P<\w{1,30}>|[^A-Z\\])*")
"""An expression in which no letter is a capital, besides classes and names of pieces."""


@dataclass(frozen=True, kw_only=True)
class Observation:
    """A finding as signatures read it: with its subject, and without what outsiders wrote."""

    finding: Finding
    subject: str
    text: str
    name: str
    """Display name of its file."""
    untrusted: bool = False
    """Only an outsider's words could carry a statement (diagnosis.md 7.5)."""

    @cached_property
    def lowered(self) -> str:
        """The text in small letters, as `search` takes it."""
        return lowered(self.text)


def observations(analyses: Sequence[Analysis]) -> tuple[Observation, ...]:
    """Return all findings, then events and kinds of line that no finding covers; in evidence order."""
    every = [(one, analysis) for analysis in analyses for one in _of(analysis)]
    keys = sorted((one for one, _ in every if isinstance(one, KeyStat)), key=lambda key: -key.severity)
    left_out = {id(key) for key in keys[KEPT_LINES:]}
    about = {id(analysis): _About(analysis) for analysis in analyses}
    return tuple(_observed(one, analysis, about[id(analysis)]) for one, analysis in every if id(one) not in left_out)


class _About:
    """What a whole file is about, and which of its lines are out of their time."""

    def __init__(self, analysis: Analysis) -> None:
        self.subject = document_subject(analysis)
        self.is_astray = astray(analysis)


def _of(analysis: Analysis) -> Iterator[Finding | KeyStat]:
    """Yield what one file shows, every line once."""
    cited: set[int] = set()
    for finding in analysis.findings:
        cited.update(citation.first for citation in finding.citations[:1])
        yield finding
    for event in analysis.events:
        if event.citation.first not in cited:
            cited.add(event.citation.first)
            yield _event(event)
    keys = sorted(analysis.keys, key=lambda key: (-key.severity, -key.count, key.first))[:KEPT_KEYS]
    yield from (key for key in keys if key.samples and key.samples[0][0] not in cited)


def _observed(shown: Finding | KeyStat, analysis: Analysis, about: _About) -> Observation:
    """Return the finding with the text that may speak for it."""
    finding = shown if isinstance(shown, Finding) else _line(shown, analysis.evidence)
    text = unescaped(finding.text)[:MATCHED_CHARACTERS]
    if not QUOTES.isdisjoint(text):
        text = OUTSIDER.sub(" ", text)
        text = STORED.sub(" ", text) if CALM.search(text) else text
    untrusted = finding.untrusted or speaks(finding.text) or about.is_astray(finding)
    subject = subject_of(finding, about.subject)
    return Observation(finding=finding, subject=subject, text=text, name=analysis.name, untrusted=untrusted)


def unescaped(text: str) -> str:
    """Return a line of JSON with its quotes and letters as they were meant; any other line as it is."""
    if '\\"' not in text and not (text.startswith('"') and "\\" in text):
        return text
    return LETTER.sub(lambda found: chr(int(found[1], 16)), text).replace('\\"', '"')


def speaks(text: str) -> bool:
    """Tell whether a text addresses its reader, or hides its words."""
    told = text if is_plain(text) else visible(text)
    return any(search(ORDERS.pattern, one, lowered(one)) for one in (told, *unpacked(told))) or is_disguised(text)


def _event(event: Event) -> Finding:
    """Return an event as a finding of kind `event`."""
    quote = event.citation.quote or event.what
    return Finding(
        id=f"event:{event.citation.first}",
        kind="event",
        subject=event.subject,
        statement=event.what[:300],
        severity=event.severity,
        citations=(event.citation,),
        time=event.time,
        text=quote,
    )


def _line(key: KeyStat, evidence: str) -> Finding:
    """Return a kind of line as a finding of kind `line`."""
    number, raw = key.samples[0]
    text = " ".join(raw.split())[:MATCHED_CHARACTERS]
    return Finding(
        id=f"line:{number}",
        kind="line",
        subject="",
        statement=text[:300],
        severity=key.severity,
        citations=(Citation(evidence=evidence, first=number, last=number, quote=text[:300]),),
        time=key.first_time,
        last_time=key.last_time,
        text=text,
        attributes={"key": key.key},
    )


@lru_cache(maxsize=2048)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the case-insensitive expression of a rule."""
    return re.compile(pattern, re.IGNORECASE)


@lru_cache(maxsize=2048)
def _small(pattern: str) -> re.Pattern[str] | None:
    """Return the expression for a text in small letters, None where it asks for capitals.

    It finds there what `compiled` finds in the text itself, in a third of the time: most texts match no rule.
    """
    return re.compile(pattern) if SMALL.fullmatch(pattern) else None


def lowered(text: str) -> str:
    """Return a text in small letters, empty where that could change what an expression finds."""
    return text.lower() if text.isascii() else ""


def search(pattern: str, text: str, small: str) -> re.Match[str] | None:
    """Return where an expression matches, whatever the letter case; `small` is the text as `lowered` gives it."""
    quick = _small(pattern) if small else None
    return None if quick and not quick.search(small) else compiled(pattern).search(text)


def match(rule: Rule, observation: Observation) -> dict[str, str] | None:
    """Return the named pieces of a match, or None; a digit at the end of a name marks an alternative of the same piece."""
    finding = observation.finding
    if (rule.kinds and finding.kind not in rule.kinds) or finding.numbers.get("count", 1) < rule.least:
        return None
    found = _attributes(rule, finding)
    if found is None or not rule.pattern:
        return found
    hit = search(rule.pattern, observation.text, observation.lowered)
    if hit is None:
        return None
    return found | {name.rstrip(string.digits): value.strip() for name, value in hit.groupdict().items() if value}


def _attributes(rule: Rule, finding: Finding) -> dict[str, str] | None:
    """Return the named pieces of the attribute conditions, or None when one fails."""
    found: dict[str, str] = {}
    for name, pattern in rule.attributes.items():
        hit = compiled(pattern).fullmatch(finding.attributes.get(name, ""))
        if hit is None:
            return None
        found |= {key.rstrip(string.digits): value for key, value in hit.groupdict().items() if value}
    return found


def signal(rule: Rule, observation: Observation, *, decisive: bool, refutes: bool = False) -> Signal:
    """Return the observation's meaning for a family."""
    finding = observation.finding
    citation = replace(finding.citations[0], quote=_quoted(rule, finding))
    return Signal(
        finding=finding.id,
        evidence=citation.evidence,
        meaning=rule.meaning,
        weight=rule.weight * RELIABILITY.get(finding.kind, 1.0),
        direction="refutes" if refutes else "supports",
        witness=witness(finding),
        citation=citation,
        text=citation.quote or finding.text[:300],
        kind=finding.kind,
        time=finding.time,
        decisive=decisive,
        causal=decisive,
        untrusted=observation.untrusted,
        more=finding.citations[1:4],
        count=max(1, int(finding.numbers.get("count", 1))),
    )


def _quoted(rule: Rule, finding: Finding) -> str:
    """Return the piece of a long line that carries the meaning: what the rule matched, else the innermost cause."""
    quote, text = finding.citations[0].quote, finding.text
    if len(text) <= QUOTE:
        return quote
    hit = compiled(rule.pattern).search(text) if rule.pattern and rule.weight > GENERIC else None
    told = text[hit.start() :][: QUOTE - LEAD] if hit else text[innermost(text) :][: QUOTE // 2]
    return quote if told in quote else window(text, told, QUOTE)


def witness(finding: Finding) -> str:
    """Return what makes two rows of one file one witness: the text without its numbers (rule D4)."""
    return re.sub(r"[0-9a-f]*\d[0-9a-f]*", "#", finding.text.lower())[:120] or finding.id


def trusted(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Return the signals that may carry a cause."""
    return tuple(one for one in signals if not one.untrusted)
