"""The object of `analyze --json` and of a turn, with its one serializer (diagnosis.md 12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.case.conclusion import judge
from domain.diagnosis import hunches
from domain.diagnosis.rows import cause_drafts
from domain.diagnosis.values import (
    Answer,
    AnswerCause,
    AnswerCoverage,
    AnswerDocument,
    AnswerEvent,
    AnswerLine,
    Ask,
    Candidate,
    Diagnosis,
    Signal,
)
from domain.evidence.chronicle.events import shortened
from domain.evidence.values import Analysis, Certainty, Citation, Digest, Event, Onset

SCHEMA_VERSION = 1
EVIDENCE_LINES = 6
AGAINST_LINES = 3
TIMELINE = 60
CHANGES = 5
SHORT = {
    "logs_and_errors": "logs",
    "trace_data": "trace",
    "metrics_and_performance": "metrics",
    "profiling_data": "profile",
    "structured_config": "config",
    "unstructured_text": "text",
    "visual_evidence": "image",
    "unanalyzable": "binary",
}
"""Kinds whose command-line word is shorter than the API's."""
Json = dict[str, object]


def answer(diagnosis: Diagnosis, analyses: Sequence[Analysis], digest: Digest | str) -> Answer:
    """Return the whole answer; likelihood, level, assurance and *identified* come from the rules of a case alone."""
    names = {one.evidence: one.name for one in analyses}
    began = diagnosis.onset.time if diagnosis.onset else None
    state, standings = judge(cause_drafts(diagnosis))
    causes = (
        ()
        if diagnosis.status == "healthy"
        else tuple(
            _cause(one, stands.confidence, (stands.level, stands.assurance), names)
            for one, stands in zip(diagnosis.candidates, standings, strict=False)
        )
    )
    return Answer(
        schema_version=SCHEMA_VERSION,
        status="identified" if state == "identified" and diagnosis.status == "candidates" else diagnosis.status,
        onset=_onset(diagnosis.onset, names),
        digest=digest if isinstance(digest, str) else digest.text,
        documents=tuple(_document(one) for one in analyses),
        timeline=tuple(_event(one, names) for one in shortened(diagnosis.timeline, began, TIMELINE)),
        causes=causes,
        checks=diagnosis.checks,
        actions=diagnosis.actions,
        coverage=_coverage(analyses, (*diagnosis.corrections, *diagnosis.unchecked)),
        scope=diagnosis.scope,
        scope_line=_line(diagnosis.scope.citation, names) if diagnosis.scope.citation else None,
        reason=diagnosis.reason,
        story=diagnosis.story,
        ruled_out=diagnosis.ruled_out,
        missing=diagnosis.missing,
        tally=diagnosis.tally,
        hunch=hunches.told(diagnosis.suspected, diagnosis.candidates, diagnosis.ruled_out),
        changes=tuple(_event(one, names) for one in _before(diagnosis.changes, began)),
        summary=diagnosis.summary,
        notes=diagnosis.notes,
    )


def _before(changes: Sequence[Event], began: datetime | None) -> list[Event]:
    """Return the changes nearest before the onset, the newest ones where it is not known, and behind them the gravest of no known time; each once."""
    told = {one.what: one for one in changes}.values()
    dated = sorted(
        (one for one in told if one.time and (began is None or one.time <= began)),
        key=lambda one: one.time.timestamp() if one.time else 0.0,
    )[-CHANGES:]
    undated = sorted((one for one in told if not one.time), key=lambda one: -one.severity)
    return [*dated, *undated[: CHANGES - len(dated)]]


def _cause(one: Candidate, confidence: float, words: tuple[str, str], names: Mapping[str, str]) -> AnswerCause:
    """Return a candidate as people see it, the lines of its best finding first."""
    supports = [place for sign in one.signals if sign.direction == "supports" and not sign.untrusted for place in _places(sign)]
    against = [place for sign in one.signals if sign.direction == "refutes" for place in _places(sign)]
    return AnswerCause(
        rank=one.rank,
        family=one.family,
        statement=one.statement,
        confidence=round(confidence, 2),
        level=words[0],
        assurance=words[1],
        evidence=_counted(_lines(supports, names)[:EVIDENCE_LINES], one.signals),
        against=_counted(_lines(against, names)[:AGAINST_LINES], one.signals),
        category=one.category.value,
        subject=one.subject,
    )


def _places(sign: Signal) -> tuple[Citation, ...]:
    """Return the lines of one signal, the decisive line first."""
    return (sign.citation, *sign.more)


def _lines(places: Sequence[Citation], names: Mapping[str, str]) -> tuple[AnswerLine, ...]:
    """Return each cited line once."""
    once = {(one.evidence, one.first): one for one in reversed(places)}
    ordered = dict.fromkeys((one.evidence, one.first) for one in places)
    return tuple(_line(once[place], names) for place in ordered if once[place].quote)


def _counted(lines: tuple[AnswerLine, ...], signals: Sequence[Signal]) -> tuple[AnswerLine, ...]:
    """Return the lines with how many there are of each kind."""
    counts = {(sign.citation.evidence, sign.citation.first): sign.count for sign in signals}
    return tuple(replace(line, count=counts.get((line.file_id, line.line), 1)) for line in lines)


def _line(place: Citation, names: Mapping[str, str]) -> AnswerLine:
    """Return a citation with its words."""
    last = place.last if place.last > place.first else 0
    return AnswerLine(
        file=names.get(place.evidence, place.evidence), line=place.first, text=place.quote, last_line=last, file_id=place.evidence
    )


def _event(event: Event, names: Mapping[str, str]) -> AnswerEvent:
    """Return a row of the time-line."""
    time, local = shown_time(event.time, event.certainty)
    place = event.citation
    return AnswerEvent(
        time=time,
        time_local=local,
        certainty=event.certainty,
        text=event.what,
        file=names.get(place.evidence, place.evidence),
        line=place.first,
    )


def _onset(onset: Onset | None, names: Mapping[str, str]) -> AnswerEvent | None:
    """Return the onset with the line that shows it."""
    if onset is None:
        return None
    time, local = shown_time(onset.time, onset.certainty)
    place = onset.citation
    return AnswerEvent(
        time=time,
        time_local=local,
        certainty=onset.certainty,
        text=onset.text,
        file=names.get(place.evidence, place.evidence) if place else "",
        line=place.first if place else 0,
    )


def shown_time(time: datetime | None, certainty: Certainty) -> tuple[datetime | None, str]:
    """Return (time, local words): a time of assumed zone is None with its words beside it."""
    if time is None or certainty != "zone assumed":
        return time, ""
    return None, time.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")


def _document(one: Analysis) -> AnswerDocument:
    """Return how a file was read."""
    seen = one.coverage
    first, first_local = shown_time(seen.first_time, seen.times_certain)
    last, last_local = shown_time(seen.last_time, seen.times_certain)
    kind = one.classification.kind.value
    return AnswerDocument(
        file=one.name,
        kind=SHORT.get(kind, kind),
        confidence=round(one.classification.confidence, 2),
        bytes=seen.bytes,
        lines=seen.lines,
        first_time=first,
        last_time=last,
        first_time_local=first_local,
        last_time_local=last_local,
    )


def _coverage(analyses: Sequence[Analysis], more: Sequence[str]) -> AnswerCoverage:
    """Return how much of all files was read, with every note once, then what the diagnosis corrected and left out."""
    whole = sum(one.coverage.bytes for one in analyses)
    read = sum(one.coverage.bytes * one.coverage.share_read for one in analyses)
    notes = tuple(dict.fromkeys(f"{one.name}: {note}" for one in analyses for note in one.coverage.notes))
    return AnswerCoverage(
        bytes=whole,
        lines=sum(one.coverage.lines for one in analyses),
        share_read=round(read / whole, 4) if whole else 0.0,
        notes=(*notes, *more),
    )


def to_json(value: Answer) -> Json:
    """Return the answer as JSON values, in the field order of the design; the one serializer for turns and the command line."""
    return {
        "schema_version": value.schema_version,
        "status": value.status,
        "reason": value.reason,
        "onset": event_json(value.onset) if value.onset else None,
        "affected": [*value.scope.services, *value.scope.places],
        "digest": value.digest,
        "documents": [_document_json(one) for one in value.documents],
        "timeline": [event_json(one) for one in value.timeline],
        "causes": [cause_json(one) for one in value.causes],
        "checks": [check_json(one) for one in value.checks],
        "actions": [action_json(one) for one in value.actions],
        "story": list(value.story),
        "missing": list(value.missing),
        "changes": [event_json(one) for one in value.changes],
        "ruled_out": [{"family": family, "why": why} for family, why in value.ruled_out],
        "coverage": {
            "bytes": value.coverage.bytes,
            "lines": value.coverage.lines,
            "share_read": value.coverage.share_read,
            "notes": list(value.coverage.notes),
        },
    }


def cause_json(cause: AnswerCause) -> Json:
    """Return one cause as JSON values."""
    return {
        "rank": cause.rank,
        "family": cause.family,
        "statement": cause.statement,
        "confidence": cause.confidence,
        "level": cause.level,
        "assurance": cause.assurance,
        "evidence": [line_json(one) for one in cause.evidence],
        "against": [line_json(one) for one in cause.against],
    }


def line_json(line: AnswerLine) -> Json:
    """Return a cited line as JSON values; `last_line` only where it differs."""
    return {"file": line.file, "line": line.line, **({"last_line": line.last_line} if line.last_line else {}), "text": line.text}


def check_json(check: Ask) -> Json:
    """Return one check as JSON values."""
    return {"text": check.text, "command": check.command, "why": check.why}


def action_json(action: object) -> Json:
    """Return one action as JSON values."""
    fields = ("text", "command", "kind", "state_change", "reversible", "blast_radius", "verify")
    return {name: getattr(action, name) for name in fields}


def event_json(event: AnswerEvent) -> Json:
    """Return a dated row as JSON values; `time_local` only where the zone is assumed."""
    return {
        "time": _iso(event.time),
        **_local("time", event.time_local),
        "certainty": event.certainty,
        "text": event.text,
        "file": event.file,
        "line": event.line,
    }


def _document_json(one: AnswerDocument) -> Json:
    """Return one document as JSON values."""
    return {
        "file": one.file,
        "kind": one.kind,
        "confidence": one.confidence,
        "bytes": one.bytes,
        "lines": one.lines,
        "first_time": _iso(one.first_time),
        **_local("first_time", one.first_time_local),
        "last_time": _iso(one.last_time),
        **_local("last_time", one.last_time_local),
    }


def _iso(time: datetime | None) -> str | None:
    """Return ISO 8601 with its zone, `Z` for UTC."""
    return time.isoformat().replace("+00:00", "Z") if time else None


def _local(name: str, words: str) -> Json:
    """Return the field for a time of assumed zone, where there is one."""
    return {f"{name}_local": words} if words else {}
