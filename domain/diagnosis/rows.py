"""What a diagnosis tells the rules of the case: causes with their rows, symptoms, needs and steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.case.findings import ActionDraft, CauseDraft, NeedDraft, Quiet, RowDraft, TurnFindings
from domain.case.state import RowCategory, Scope, Stance, TimelineEntry
from domain.diagnosis.footing import MECHANISM, footing, is_direct
from domain.diagnosis.values import Action, Answer, Ask, Candidate, Diagnosis, Signal
from domain.evidence.chronicle.events import shortened
from domain.evidence.values import Event

STATEMENT_BYTES = 240
ROWS_PER_CAUSE = 8
SYMPTOMS = 8
TIMELINE = 30
PRECISE_S = 15 * 60
BREACHES = frozenset({"attack"})
DATA_LOSS = frozenset({"disk_failing"})


def findings_for_case(diagnosis: Diagnosis, answer: Answer, files: Mapping[str, str] | None = None) -> TurnFindings:
    """Return the small value that passes through history; `answer` is safe, and its wording is used.

    `files` maps evidence ids or names to file ids where they differ. The caller redacts rows' witnesses and adds `answer_key`.
    """
    ids = files or {}
    began = diagnosis.onset.time if diagnosis.onset else None
    said = {(cause.family, cause.subject): cause.statement for cause in answer.causes}
    causes = cause_drafts(diagnosis, ids)
    first = diagnosis.candidates[0].family if diagnosis.candidates else ""
    return TurnFindings(
        answer_key="",
        status=diagnosis.status,
        causes=tuple(_said(one, said.get((one.family, one.subject), one.statement)) for one in causes),
        symptoms=tuple(_row(one, RowCategory.SYMPTOM, ids) for one in diagnosis.symptoms[:SYMPTOMS]),
        quiet=_quiet(diagnosis.quiet, ids),
        needs=tuple(_need(one) for one in diagnosis.checks),
        actions=(*(_check(one) for one in diagnosis.checks if one.command), *(_action(one) for one in diagnosis.actions)),
        scope=Scope(
            services=diagnosis.scope.services,
            users=diagnosis.scope.users,
            places=diagnosis.scope.places,
            share=diagnosis.scope.share,
        ),
        onset=_onset(diagnosis, ids),
        onset_precise=bool(diagnosis.onset and diagnosis.onset.time and diagnosis.onset.precision_s <= PRECISE_S),
        zones_known=all(event.certainty != "zone assumed" for event in diagnosis.timeline),
        timeline=tuple(_entry(one, ids) for one in shortened(diagnosis.timeline, began, TIMELINE)),
        changes_searched=bool(diagnosis.changes),
        breach=first in BREACHES,
        data_loss=first in DATA_LOSS,
        ongoing=diagnosis.ongoing,
        answers_question=bool(answer.causes) or diagnosis.status == "healthy",
        claims_checked=diagnosis.claims_checked + len(diagnosis.claims),
        claims_dropped=diagnosis.claims_dropped,
    )


def cause_drafts(diagnosis: Diagnosis, files: Mapping[str, str] | None = None) -> tuple[CauseDraft, ...]:
    """Return the candidates as hypotheses to weigh, best first, each with its independent rows."""
    return tuple(_cause(one, diagnosis.candidates, files or {}) for one in diagnosis.candidates)


def _cause(one: Candidate, found: Sequence[Candidate], files: Mapping[str, str]) -> CauseDraft:
    """Return one candidate with its rows; only decisive signals of a fault or trigger are causal."""
    stands = footing(one, found)
    told = [sign for sign in one.signals[:ROWS_PER_CAUSE] if not sign.untrusted]
    rows = [replace(_row(sign, _category(one, sign), files), decisive=is_direct(one, sign)) for sign in told]
    return CauseDraft(
        rank=stands.rank,
        family=one.family,
        category=one.category,
        subject=one.subject,
        statement=cut(one.statement),
        origin=stands.origin,
        rows=tuple(_first(rows, stands.counted)),
    )


def _category(one: Candidate, sign: Signal) -> RowCategory:
    """Return causal for the mechanism itself, symptom for what merely goes with it."""
    return RowCategory.CAUSAL if sign.decisive and one.depth >= MECHANISM else RowCategory.SYMPTOM


def _first(rows: Sequence[RowDraft], counted: int | None) -> list[RowDraft]:
    """Return rows of which only the first so many support (rule E3)."""
    supporting = [place for place, row in enumerate(rows) if row.stance is Stance.SUPPORTS]
    rest = frozenset(supporting[counted:] if counted is not None else ())
    return [replace(row, stance=Stance.NEUTRAL) if place in rest else row for place, row in enumerate(rows)]


def _row(sign: Signal, category: RowCategory, files: Mapping[str, str]) -> RowDraft:
    """Return a signal as a row anchored to its line."""
    return RowDraft(
        category=category,
        file_id=files.get(sign.evidence, sign.evidence),
        first=sign.citation.first,
        last=sign.citation.last,
        witness=sign.witness[:120],
        stance=_stance(sign),
        time=sign.time,
        untrusted=sign.untrusted,
    )


def _stance(sign: Signal) -> Stance:
    """Return neutral for a line that is shown and weighs nothing."""
    if sign.direction == "refutes":
        return Stance.REFUTES
    return Stance.SUPPORTS if sign.weight else Stance.NEUTRAL


def _quiet(told: Quiet | None, files: Mapping[str, str]) -> Quiet | None:
    return replace(told, file_id=files.get(told.file_id, told.file_id)) if told else None


def _said(draft: CauseDraft, statement: str) -> CauseDraft:
    """Return the draft in the answer's safe words."""
    return CauseDraft(
        rank=draft.rank,
        family=draft.family,
        category=draft.category,
        subject=draft.subject,
        statement=cut(statement),
        origin=draft.origin,
        rows=draft.rows,
    )


def _need(one: Ask) -> NeedDraft:
    """Return a check as evidence still wanted."""
    hints = (one.command[:120],) if one.command else ()
    return NeedDraft(
        kind="causal_verification" if one.family else "symptom_verification",
        family=one.family,
        text=one.text[:200],
        hints=hints,
        separates=one.separates,
    )


def _check(one: Ask) -> ActionDraft:
    """Return a check as a read-only step; the case's allow-list decides again (rule A3)."""
    return ActionDraft(text=one.text, command=one.command, kind="check", family=one.family, read_only=True)


def _action(one: Action) -> ActionDraft:
    """Return a step that changes something, with all that rule A4 asks for."""
    return ActionDraft(
        text=one.text,
        command=one.command,
        kind=one.kind,
        family=one.family,
        state_change=one.state_change,
        reversible=one.reversible,
        blast_radius=one.blast_radius,
        verify=one.verify,
    )


def _onset(diagnosis: Diagnosis, files: Mapping[str, str]) -> TimelineEntry | None:
    """Return the onset as an entry; None when no sign is dated."""
    onset = diagnosis.onset
    if onset is None or onset.citation is None:
        return None
    place = onset.citation
    return TimelineEntry(
        time=onset.time,
        text=cut(onset.text, 120),
        file_id=files.get(place.evidence, place.evidence),
        line=place.first,
        certainty=onset.certainty,
    )


def _entry(event: Event, files: Mapping[str, str]) -> TimelineEntry:
    """Return a dated event as an entry."""
    place = event.citation
    return TimelineEntry(
        time=event.time,
        text=cut(event.what, 120),
        file_id=files.get(place.evidence, place.evidence),
        line=place.first,
        certainty=event.certainty,
        change=event.change,
    )


def cut(text: str, size: int = STATEMENT_BYTES) -> str:
    """Return at most `size` UTF-8 bytes, whole characters only."""
    return text.encode()[:size].decode(errors="ignore")
