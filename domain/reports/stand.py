"""Where a case stands: what it concludes, from what, and what it advises; of two cases this can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.case import belief, conclusion, hypotheses
from domain.case.policy import DEFAULT
from domain.case.projection import CaseRecord, EvidenceRecord, FileRecord
from domain.case.state import CaseState, Hypothesis, HypothesisStatus
from domain.diagnosis.reply import TurnReply
from domain.diagnosis.values import AnswerCause, AnswerLine

Files = Mapping[str, FileRecord]
"""By id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a case holds to be the cause."""

    text: str
    confidence: float
    level: str
    assurance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedCause:
    """A hypothesis at its place; `key` is equal for the same cause in another case (rule H10)."""

    key: str
    statement: str
    rank: int
    likelihood: float
    level: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """Lines of a file, or a user's words without one; `said` is the row's category or what a claim says of a cause."""

    said: str
    file: str
    first_line: int
    last_line: int
    text: str
    sha256: str = ""
    """Of the file's content, which is the same in both cases while ids are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """A proposed step."""

    text: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFile:
    """A file by its content."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """All that is compared of a case."""

    case_id: str
    title: str
    turn: int
    state: str
    conclusion: Held | None = None
    causes: tuple[RankedCause, ...] = ()
    files: tuple[NamedFile, ...] = ()
    evidence: tuple[Cited, ...] = ()
    claims: tuple[Cited, ...] = ()
    actions: tuple[Advised, ...] = ()


def stand(
    case: CaseRecord, state: CaseState, reply: TurnReply | None, rows: tuple[EvidenceRecord, ...], files: tuple[FileRecord, ...]
) -> Stand:
    """Return where a case stands; `reply` is its newest one that names causes."""
    known = {file.file_id: file for file in files}
    held = state.conclusion
    return Stand(
        case_id=str(case.case_id),
        title=case.title,
        turn=state.turn,
        state=state.status,
        conclusion=Held(text=held.text, confidence=held.confidence, level=held.level, assurance=held.assurance) if held else None,
        causes=_ranked(state),
        files=tuple(NamedFile(name=file.name, sha256=file.sha256) for file in files),
        evidence=tuple(_row(row, known) for row in rows),
        claims=tuple(claim for cause in (reply.causes if reply else ()) for claim in _claims(cause, known)),
        actions=tuple(Advised(text=each.text, command=each.command) for each in (reply.actions if reply else ())),
    )


def _ranked(state: CaseState) -> tuple[RankedCause, ...]:
    """Return the hypotheses that are not put aside, the leader first."""
    leader = hypotheses.leader(state.hypotheses, DEFAULT)
    ordered = [each for each in belief.ordered(state.hypotheses, DEFAULT) if each.status is not HypothesisStatus.RETIRED]
    ordered.sort(key=lambda each: each is not leader)
    return tuple(_cause(each, place, state) for place, each in enumerate(ordered, start=1))


def _cause(each: Hypothesis, rank: int, state: CaseState) -> RankedCause:
    stands = conclusion.standing(each, state)
    return RankedCause(
        key=hypotheses.key(each.family, each.subject, each.statement),
        statement=each.statement,
        rank=rank,
        likelihood=stands.likelihood,
        level=stands.level,
        status=each.status,
    )


def _row(row: EvidenceRecord, files: Files) -> Cited:
    file = files.get(row.file_id)
    return Cited(
        said=row.category,
        file=file.name if file else "",
        first_line=row.first_line,
        last_line=row.last_line,
        text=row.extract or row.summary,
        sha256=file.sha256 if file else "",
    )


def _claims(cause: AnswerCause, files: Files) -> tuple[Cited, ...]:
    """Return what speaks for and against a cause."""
    sides = (("for", cause.evidence), ("against", cause.against))
    return tuple(_claim(f"{side}: {cause.statement}", line, files) for side, lines in sides for line in lines)


def _claim(said: str, line: AnswerLine, files: Files) -> Cited:
    file = files.get(line.file_id)
    return Cited(
        said=said,
        file=line.file,
        first_line=line.line,
        last_line=line.last_line or line.line,
        text=line.text,
        sha256=file.sha256 if file else "",
    )
