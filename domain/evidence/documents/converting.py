"""Documents whose bytes are no text: which form they have, and their analysis told with places of the document."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC

from domain.evidence.decoding.decode import fold_space, line_hash
from domain.evidence.documents.images import head
from domain.evidence.extracts import Extract, Place
from domain.evidence.kinds.classify import classify
from domain.evidence.values import Analysis, Citation, Classification, Document, Event, Finding, Hint, Kind

HTML = re.compile(
    rb"\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,20})?(?:<!--[^>]{0,500}>\s{0,20})?<(?:!doctype\s{1,5}html|html)[\s>]", re.IGNORECASE
)
STATEMENT = 300
"""Characters of a statement, as `Finding` promises."""
UNSURE = 0.8
"""Mean confidence of a block below which its findings say so."""


def form_of(head: bytes) -> str:
    """Return what a reader of text has to be told (png, pdf, zip, html, …), "" where the bytes are the text."""
    if HTML.match(head[:1024].removeprefix(b"\xef\xbb\xbf")):
        return "html"
    known = classify(head, b"", b"", Hint())
    if known.kind is Kind.IMAGE or known.format in {"pdf", "zip"}:
        return known.format
    return ""


def as_text(document: Document, extract: Extract) -> Document:
    """Return the document that an extract is by itself."""
    text = extract.text.encode()
    return replace(document, chunks=(text,), size=len(text), extract=None)


def uncovered(found: Analysis, extract: Extract) -> Analysis:
    """Return what its bytes tell of a document without an extract of text, and why there is none."""
    notes = tuple(dict.fromkeys((*extract.notes, *found.coverage.notes)))
    return replace(found, coverage=replace(found.coverage, share_read=0.0, share_parsed=0.0, notes=notes))


def placed(found: Analysis, document: Document, extract: Extract) -> Analysis:
    """Return the analysis of an extract as that of its document: findings name their place, a picture stays one."""
    kind, form = found.classification, form_of(head(document))
    chosen = document.hint.chosen is not None
    if not chosen and form not in {"pdf", "zip", "html"}:
        kind = Classification(kind=Kind.IMAGE, confidence=1.0, format=f"{form}, read as {kind.kind}: {kind.format}")
    elif not chosen:
        kind = replace(kind, format=f"{form}: {kind.format}")
    coverage = replace(
        found.coverage,
        share_read=min(found.coverage.share_read, extract.share_read),
        notes=(f"read by {extract.by}: lines are those of the text that was read", *extract.notes, *found.coverage.notes),
    )
    return replace(
        found,
        classification=kind,
        coverage=coverage,
        findings=tuple(_told(one, extract) for one in found.findings),
        events=(*_taken(found, extract), *found.events),
        extract=extract,
    )


def _told(finding: Finding, extract: Extract) -> Finding:
    place = extract.place(finding.citations[0].first)
    if place is None:
        return finding
    label = _label(place)
    return replace(
        finding,
        statement=f"{finding.statement[: STATEMENT - len(label) - 3]} ({label})",
        attributes={**finding.attributes, "place": place.label},
        untrusted=finding.untrusted or place.hidden,
    )


def _label(place: Place) -> str:
    hidden = ", hidden from readers" if place.hidden else ""
    unsure = f", read with confidence {place.confidence:.2f}" if place.confidence < UNSURE else ""
    return (place.label + hidden + unsure)[: STATEMENT // 2]


def _taken(found: Analysis, extract: Extract) -> tuple[Event, ...]:
    """Return when the picture was taken, by its own account and without a zone."""
    if extract.taken is None:
        return ()
    time = extract.taken.replace(tzinfo=extract.taken.tzinfo or UTC)
    row = extract.text.split("\n", 1)[0]
    citation = Citation(evidence=found.evidence, first=1, last=1, hash=line_hash([row]), quote=fold_space(row))
    return (Event(time=time, certainty="zone assumed", what="the picture was taken", subject="", citation=citation),)
