"""Defaults for values of the diagnosis."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from domain.case.outcome import ResponseType, TurnOutcome
from domain.case.state import CaseState, Category
from domain.diagnosis.values import Candidate, ProposedCause, ProposedClaim, Signal
from domain.evidence.values import Analysis, Citation, Classification, Coverage, Finding, Kind
from tests.quality.reading import Read, text_case
from tests.unit.domain.diagnosis.examples.shapes import log

FILE = "app.log"
CASE = CaseState(case_id=UUID(int=1))
FULL = log("FATAL sorry, too many clients already", "FATAL sorry, too many clients already", "ERROR request 77 failed")


def a_read() -> Read:
    return text_case(FULL, "why do requests fail?")


def lines_of(files: dict[str, str]) -> dict[tuple[str, int], str]:
    return {(name, number): row for name, text in files.items() for number, row in enumerate(text.splitlines(), start=1)}


def cite(first: int, last: int | None = None, evidence: str = FILE) -> Citation:
    return Citation(evidence=evidence, first=first, last=last or first, quote=f"line {first}")


def a_finding(
    text: str, *, line: int = 1, kind: str = "severe_template", subject: str = "", severity: float = 4.0, **attributes: str
) -> Finding:
    return Finding(
        id=f"{kind}:{line}",
        kind=kind,
        subject=subject,
        statement=text,
        severity=severity,
        citations=(replace(cite(line), quote=text),),
        text=text,
        attributes=attributes,
    )


def an_analysis(*findings: Finding, name: str = FILE, command: str = "") -> Analysis:
    cited = tuple(replace(one, citations=tuple(replace(place, evidence=name) for place in one.citations)) for one in findings)
    return Analysis(
        evidence=name,
        name=name,
        version="1",
        classification=Classification(kind=Kind.LOGS, confidence=0.9),
        coverage=Coverage(bytes=100, lines=50),
        findings=cited,
        command=command,
    )


def a_signal(**changes: object) -> Signal:
    plain = Signal(
        finding="line:1",
        evidence=FILE,
        meaning="it says so",
        weight=3.0,
        direction="supports",
        witness="w",
        citation=cite(1),
        text="line 1",
        kind="event",
        decisive=True,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a builder takes any field


def a_candidate(**changes: object) -> Candidate:
    plain = Candidate(
        family="disk_full",
        category=Category.ENVIRONMENT,
        subject="pod/store-1",
        statement="The disk is full",
        signals=(a_signal(),),
        depth=2,
        score=3.0,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a builder takes any field


def a_proposed(text: str, line: int, *, family: str = "db_connections", statement: str = "", file: str = FILE) -> ProposedCause:
    return ProposedCause(
        family=family,
        subject="",
        statement=statement or text,
        claims=(ProposedClaim(text=text, file=file, first_line=line, last_line=line),),
    )


def an_outcome(kind: ResponseType = ResponseType.ANSWER, **changes: object) -> TurnOutcome:
    return replace(TurnOutcome(response_type=kind, case_state="inquiry"), **changes)  # type: ignore[arg-type]  # a builder takes any field
