"""What an analyser has read so far, every statement tied to its line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.evidence.checks import QuoteCheck
from domain.evidence.values import Certainty, Citation, Document, Edge, Event, Finding, ObservedObject, Parsed

QUOTE = 300
"""Characters of a quote, as `Citation` promises."""
TEXT = 1_000
"""Characters of the text that signatures read, as `Finding` promises."""
FINDINGS, EVENTS, OBJECTS = 500, 200, 20_000
"""Kept per evidence (evidence.md 14), the most severe ones."""
SEEN = 4_096
"""Characters of a line that patterns look at."""
STRETCH = 8_192
"""Characters of an over-long line that are folded to make a quote."""
REACH, NEAR = 1 << 20, 1 << 16
"""Characters of an over-long line in which the needle of a quote is looked for, from its beginning and behind the newest one."""

FOLDED, BELOW = 40, 8
"""Characters by which the beginning of a message is known, and lines on which one may go on."""
LOOKED = 2_000
"""Needles of over-long lines after which the others are looked for behind the newest one only: work stays in proportion."""

INNER = re.compile(r"(?i)\bcaused by:|\b\w{0,60}(?:error|exception): |\berr(?:or)?=|\bdesc = |\breason: ")
"""What stands before a cause inside the words of another; the last one of a line is the innermost."""

Fact = str | float | datetime


def fold(text: str) -> str:
    """Return the text with every run of white space as one blank."""
    return " ".join(text.split())


def beginning(line: str) -> str:
    """Return what patterns see of a line."""
    return line[:SEEN]


def innermost(text: str) -> int:
    """Return where the innermost cause of a sentence begins, 0 where it names none inside another."""
    return max((found.start() for found in INNER.finditer(text)), default=0)


def window(line: str, needle: str, width: int, near: int | None = None) -> str:
    """Return at most `width` characters of the folded line around `needle`; a cut is shown as `…`.

    `near` is where the needle stands in the line, where that is known.
    """
    at = near if near is not None else line.find(needle, 0, REACH)
    start = max(0, at - STRETCH // 2) if needle and len(line) > STRETCH else 0
    stretch = line[start : start + STRETCH]
    folded = fold(stretch)
    whole = len(line) <= STRETCH
    if whole and len(folded) <= width:
        return folded
    at = max(0, folded.find(fold(needle)))
    lead = min(width // 4, max(0, width - 2 - len(needle)))
    first = max(0, min(at - lead, len(folded) - width + 2)) if at + len(needle) > width - 2 else 0
    cut = folded[first : first + width - 2]
    head = "…" if first or start else ""
    tail = "…" if first + width - 2 < len(folded) or not whole else ""
    return head + cut.strip() + tail


def spoken(value: Fact) -> str:
    """Return a fact as text: whole numbers without a fraction."""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.6g}"
    return value.isoformat() if isinstance(value, datetime) else str(value)


@dataclass(slots=True)
class Reading:
    """Grows while one analyser reads one document, and ends as a `Parsed`."""

    document: Document
    lines: tuple[str, ...]
    findings: list[Finding] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    objects: dict[str, ObservedObject] = field(default_factory=dict)
    edges: dict[tuple[str, str, str], Edge] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _reached: dict[int, int] = field(default_factory=dict)
    """Where in each over-long line the newest needle was found: what is told next likely stands behind it."""
    _looked: int = 0
    """Needles looked for in over-long lines."""

    def line(self, number: int) -> str:
        """Return the raw line, empty outside the document."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def head(self, number: int) -> str:
        """Return what patterns see of the line."""
        return beginning(self.line(number))

    def cite(self, number: int, needle: str = "", last: int = 0) -> Citation:
        """Return the citation of a line, its quote around `needle`."""
        return Citation(
            evidence=self.document.evidence,
            first=number,
            last=max(number, last),
            quote=window(self.line(number), needle, QUOTE, self._place(number, needle)),
        )

    def _place(self, number: int, needle: str) -> int:
        """Return where a needle stands in a line, -1 where it does not."""
        line = self.line(number)
        if len(line) <= STRETCH:
            return line.find(needle)
        last = self._reached.get(number, 0)
        if self._looked < LOOKED:
            self._looked += 1
            at = line.find(needle, 0, REACH)
        else:
            at = line.find(needle, last, last + NEAR)
        self._reached[number] = at if at >= 0 else last
        return at

    def find(self, kind: str, subject: str, number: int, severity: float, statement: str, /, **facts: Fact) -> None:
        """Keep a finding; facts become attributes, numbers too, and `time` its time."""
        below = self._below(number, str(facts.get("message", "")))
        raw = "\n".join(map(self.line, (number, *below))) if below else self.line(number)
        needle = next((v for v in map(str, facts.values()) if len(v) > 2 and self._place(number, v) >= 0), "")
        cited = self.cite(number, needle)
        time, last = facts.pop("time", None), facts.pop("last_time", None)
        self.findings.append(
            Finding(
                id=f"{kind}:{number}:{len(self.findings)}",
                kind=kind,
                subject=subject,
                statement=fold(statement)[:QUOTE],
                severity=severity,
                citations=(cited, *map(self.cite, below)),
                time=time if isinstance(time, datetime) else None,
                last_time=last if isinstance(last, datetime) else None,
                numbers={k: float(v) for k, v in facts.items() if isinstance(v, int | float)},
                text=fold(raw)[:TEXT] if below else window(raw, needle, TEXT, self._place(number, needle)),
                attributes={k: spoken(v)[:TEXT] for k, v in facts.items() if spoken(v)},
                check=QuoteCheck(text=cited.quote.strip("…")),
            )
        )

    def _below(self, number: int, message: str) -> tuple[int, ...]:
        """Return the lines on which a message goes on that begins on a line and does not end there, as YAML folds them."""
        whole, found = fold(self.head(number)), list[int]()
        start = message[:FOLDED]
        if not start or start not in whole:
            return ()
        while fold(message) not in whole and len(found) < BELOW and self.line(number + len(found) + 1).startswith(" "):
            found.append(number + len(found) + 1)
            whole = f"{whole} {fold(self.head(found[-1]))}"
        return tuple(found) if fold(message) in whole else ()

    def also(self, number: int, needle: str = "") -> None:
        """Add a line to the citations of the newest finding."""
        newest = self.findings[-1]
        self.findings[-1] = replace(newest, citations=(*newest.citations, self.cite(number, needle)))

    def happened(self, number: int, what: str, subject: str, time: datetime | None, severity: float) -> None:
        """Keep an event of the time-line; a relative or absent time has order only."""
        certainty: Certainty = "exact" if time else "order only"
        event = Event(
            time=time,
            certainty=certainty,
            what=fold(what)[:QUOTE],
            subject=subject,
            citation=self.cite(number, what),
            severity=severity,
        )
        self.events.append(event)

    def changed(self, number: int, what: str, subject: str, time: datetime | None, severity: float = 0.0) -> None:
        """Keep what somebody changed: a deployment, a scaling, a setting."""
        self.happened(number, what, subject, time, severity)
        self.events[-1] = replace(self.events[-1], change=True)

    def observe(self, kind: str, name: str, number: int, fields: dict[str, str]) -> str:
        """Keep an object, later fields joining the earlier ones; return its id."""
        key = f"{kind}/{name}".lower()
        known = self.objects.get(key)
        if known is None and len(self.objects) >= OBJECTS:
            return key
        merged = {**(known.fields if known else {}), **{k: v for k, v in fields.items() if v}}
        citation = known.citation if known else self.cite(number, name)
        self.objects[key] = ObservedObject(id=key, fields=merged, citation=citation)
        return key

    def relate(self, source: str, relation: str, target: str, number: int) -> None:
        """Keep an edge between two object ids, once."""
        key = (source.lower(), relation, target.lower())
        if len(self.edges) < OBJECTS:
            self.edges.setdefault(key, Edge(source=key[0], relation=relation, target=key[2], citation=self.cite(number)))

    def parsed(self, summary: str, share: float = 1.0) -> Parsed:
        """Return everything, bounded, most severe findings first."""
        ranked = sorted(self.findings, key=lambda f: (-f.severity, f.citations[0].first))
        kept = sorted(self.events, key=lambda e: (-e.severity, not e.change))[:EVENTS]
        if len(ranked) > FINDINGS:
            self.notes.append(f"{len(ranked) - FINDINGS} weaker findings left out")
        return Parsed(
            findings=tuple(ranked[:FINDINGS]),
            events=tuple(sorted(kept, key=lambda e: e.citation.first)),
            objects=tuple(self.objects.values()),
            edges=tuple(self.edges.values()),
            summary=fold(summary)[:500],
            share_parsed=share,
            notes=tuple(self.notes),
        )
