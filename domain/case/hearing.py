"""What a turn tells the case besides evidence: scope, urgency, onset, limits, the statement (rules U1-U3, L1)."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable
from dataclasses import replace

from domain.case import journal, needs, titles
from domain.case.draft import TurnDraft
from domain.case.findings import TurnFindings
from domain.case.milestones import facets
from domain.case.outcome import MessageReading
from domain.case.policy import Policy
from domain.case.state import CaseFile, CaseState, CaseStatus, EvidenceNews, Scope, TimelineEntry
from domain.case.turns import EvidenceRef

LEVELS = ("unknown", "low", "medium", "high", "critical")
NAMES = 20
"""Services and places that a scope keeps, newest last."""


def files(state: CaseState, news: Iterable[EvidenceNews]) -> CaseState:
    """Return the state with files as they were read; a later report of a file replaces the earlier one.

    Of files of one name the later ones are numbered, so that a line is cited from one of them: `app.log`, `app.log (2)`.
    """
    for each in news:
        others = tuple(known for known in state.files if known.file_id != each.file_id)
        file = CaseFile(
            file_id=each.file_id,
            name=_told_apart(each.name, {known.name for known in others}),
            kind=each.kind,
            confidence=each.confidence,
            turn=_turn_of(state, each.file_id),
            status=each.status,
            lines=each.lines,
            analysis_key=each.analysis_key,
            lines_key=each.lines_key,
            severity=each.severity,
        )
        state = replace(state, files=(*others, file))
    return state


def unread(state: CaseState, refs: Iterable[EvidenceRef]) -> CaseState:
    """Return the state with files whose reading has not ended."""
    known = {file.file_id for file in state.files}
    waiting = tuple(
        CaseFile(file_id=ref.file_id, name=ref.name, kind="", confidence=0.0, turn=state.turn, status="pending")
        for ref in refs
        if ref.file_id not in known
    )
    return replace(state, files=(*state.files, *waiting))


def told(draft: TurnDraft) -> TurnDraft:
    """Return the draft with what the user's words say about the fault, when they run as a normal turn."""
    reading = draft.turn.reading
    if not draft.normal or not draft.turn.has_text:
        return draft
    state = _noted(_urgent(draft.state, reading), reading)
    scope = Scope(services=reading.services, users=reading.users, places=reading.places, share=reading.share)
    state = replace(
        state,
        scope=widened(state.scope, scope),
        temporal=reading.temporal_word or state.temporal,
        problem_type=state.problem_type if state.problem_type != "other" else reading.problem_type or "other",
        changes_searched=state.changes_searched or reading.denies_changes,
        limit_stated=reading.limitation or state.limit_stated,
        needs=needs.refused(state) if reading.cannot_provide else state.needs,
        title_words=state.title_words or reading.title_words,
    )
    return replace(draft, state=_dated(_stated(state, reading), reading))


def found(state: CaseState, findings: TurnFindings, policy: Policy) -> CaseState:
    """Return the state with scope, onset and timeline that findings established; files beat words about the onset."""
    known = {(entry.file_id, entry.line, entry.text) for entry in state.timeline}
    new = tuple(entry for entry in findings.timeline if (entry.file_id, entry.line, entry.text) not in known)
    onset = findings.onset or state.onset
    return replace(
        state,
        scope=widened(state.scope, findings.scope),
        onset=onset,
        onset_precise=findings.onset_precise if findings.onset else state.onset_precise,
        zones_known=findings.zones_known,
        timeline=(*state.timeline, *new),
        changes_searched=state.changes_searched or findings.changes_searched,
        temporal=findings.ongoing if state.temporal == "unknown" else state.temporal,
        systemic=findings.separate_onsets >= policy.systemic_services,
        statement=state.statement or _of_findings(state, findings),
    )


def substance(draft: TurnDraft) -> CaseState:
    """Return the state with the substance that the turn brought (rule T1)."""
    brought = titles.substance(draft.turn.reading.substance if draft.normal else 0, draft.turn.files)
    return replace(draft.state, substance=draft.state.substance + brought)


def widened(known: Scope, new: Scope) -> Scope:
    """Return the scope with new names added; a later word for users or share replaces the earlier one."""
    return Scope(
        services=tuple(dict.fromkeys((*known.services, *new.services)))[-NAMES:],
        users=new.users or known.users,
        places=tuple(dict.fromkeys((*known.places, *new.places)))[-NAMES:],
        share=new.share or known.share,
    )


def is_new_scope(before: CaseState, after: CaseState) -> bool:
    """Tell whether an assessed scope changed in a facet that was known (rule LB)."""
    if facets(before.scope) < 2 or "scope_assessed" not in before.milestones:
        return False
    pairs = (
        (before.scope.services, after.scope.services),
        (before.scope.users, after.scope.users),
        (before.scope.places, after.scope.places),
        (before.scope.share, after.scope.share),
    )
    return any(old and old != new for old, new in pairs)


def _urgent(state: CaseState, reading: MessageReading) -> CaseState:
    """A word of the user sets the urgency; rules only raise what no user has set."""
    word = reading.urgency_word
    if not word:
        return state
    if reading.urgency_explicit:
        return replace(state, urgency=word, urgency_by_user=True)
    higher = LEVELS.index(word) > LEVELS.index(state.urgency)
    return replace(state, urgency=word) if higher and not state.urgency_by_user else state


def _noted(state: CaseState, reading: MessageReading) -> CaseState:
    if reading.denies_changes:
        state = journal.note(state, "user_context", "User: nothing changed before it began")
    if reading.reports_applied:
        state = journal.note(state, "user_context", f"User: {reading.reports_applied}")
    if reading.limitation:
        state = journal.note(state, "blocker", f"User states a limit: {reading.limitation.replace('_', ' ')}")
    return state


def _stated(state: CaseState, reading: MessageReading) -> CaseState:
    if state.status is not CaseStatus.INQUIRY or not reading.statement:
        return state
    return replace(state, statement=reading.statement, statement_turn=state.turn)


def _dated(state: CaseState, reading: MessageReading) -> CaseState:
    if reading.onset is None or (state.onset is not None and not state.asserted_onset):
        return state
    onset = TimelineEntry(time=reading.onset, text="It began, as reported", file_id="", line=0, certainty="weak")
    return replace(state, onset=onset, onset_precise=True, asserted_onset=True)


def _of_findings(state: CaseState, findings: TurnFindings) -> str:
    leading = findings.causes[0].statement if findings.causes else ""
    return leading if state.status is CaseStatus.INQUIRY and len(leading) >= 10 else ""


def _told_apart(name: str, taken: Container[str]) -> str:
    numbered = (f"{name} ({number})" for number in itertools.count(2))
    return next(each for each in itertools.chain((name,), numbered) if each not in taken)


def _turn_of(state: CaseState, file_id: str) -> int:
    return next((file.turn for file in state.files if file.file_id == file_id), state.turn)
