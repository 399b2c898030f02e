"""How a turn's findings and quotes become rows, hypotheses and solutions (rules D5, E2-E5, S4)."""

from __future__ import annotations

from dataclasses import replace

from domain.case import hearing, hypotheses, solutions
from domain.case import rows as evidence
from domain.case.actions import kind_buttons
from domain.case.draft import TurnDraft
from domain.case.outcome import NewRow
from domain.case.state import CaseState, CaseStatus, EvidenceRow
from domain.case.texts import STATEMENT_BYTES, cut

HELD_QUOTES = 40


def applied(draft: TurnDraft) -> TurnDraft:
    """Return the draft with everything that was found; before the investigation starts rows are only held (E2)."""
    draft = _started(draft)
    state, findings = draft.state, draft.findings
    if findings is not None:
        state = hearing.found(state, findings, draft.policy)
    known, brought = hypotheses.absorb(state, findings.causes if findings else (), draft.policy)
    quotes = _quotes(draft) if draft.normal else {}
    symptoms = tuple(evidence.born(state.case_id, each, state.turn) for each in (findings.symptoms if findings else ()))
    spoken = tuple(row for row, _ in quotes.values())
    new = tuple(
        row for row in (*spoken, *symptoms, *brought) if row.file_id or row.evidence_id in quotes or _is_known(row, state)
    )
    texts = {evidence_id: text for evidence_id, (_, text) in quotes.items()}
    draft = _kept(replace(draft, state=replace(state, hypotheses=known)), new, texts)
    return _unsure(_silent(_fixes(draft)))


def _started(draft: TurnDraft) -> TurnDraft:
    """Hand the rows of a started investigation to the record."""
    if draft.transition != "investigating":
        return draft
    quotes = draft.before.held_quotes
    rows = tuple(NewRow(row=row, quote=quotes.get(row.evidence_id, "")) for row in draft.state.rows)
    return replace(draft, rows=(*draft.rows, *rows))


def _quotes(draft: TurnDraft) -> dict[str, tuple[EvidenceRow, str]]:
    reading, state = draft.turn.reading, draft.state
    pairs = zip(reading.quotes, reading.quote_texts, strict=False)
    rows = ((evidence.born(state.case_id, each, state.turn), text) for each, text in pairs if text)
    return {row.evidence_id: (row, text) for row, text in rows}


def _is_known(row: EvidenceRow, state: CaseState) -> bool:
    """Tell whether a quoted row was anchored before; a quote without its words is no evidence (E4)."""
    return any(each.evidence_id == row.evidence_id for each in (*state.rows, *state.held))


def _kept(draft: TurnDraft, new: evidence.Rows, texts: dict[str, str]) -> TurnDraft:
    state = draft.state
    if state.status is CaseStatus.INQUIRY:
        short = {key: cut(text, STATEMENT_BYTES) for key, text in texts.items()}
        quotes = dict(list({**state.held_quotes, **short}.items())[-HELD_QUOTES:])
        return replace(draft, state=replace(state, held=evidence.united(state.held, new), held_quotes=quotes))
    before = {row.evidence_id for row in state.rows}
    after = evidence.united(state.rows, new)
    born = tuple(NewRow(row=row, quote=texts.get(row.evidence_id, "")) for row in after if row.evidence_id not in before)
    return replace(draft, state=replace(state, rows=after), rows=(*draft.rows, *born))


def _fixes(draft: TurnDraft) -> TurnDraft:
    """Record what was applied, and see whether it failed (G1-G3, S4)."""
    state, reading = draft.state, draft.turn.reading
    if draft.normal and reading.reports_applied:
        state = replace(state, solutions=solutions.reported(state, reading.reports_applied, draft.turn.now))
        draft = draft.say(f"Noted as applied: {reading.reports_applied}")
    if draft.normal and reading.reports_recovery:
        draft = draft.say("Noted: you report that the symptom is gone. Evidence of a quiet time after the fix would confirm it.")
    row = None if reading.not_as_described else solutions.returned(state, at_once=draft.normal and reading.applied_in_vain)
    if row is not None and state.status is CaseStatus.INVESTIGATING:
        known, state = state.failed_fixes, solutions.failed(state, row)
        back = "failed_fix" if state.failed_fixes > known else draft.loop_back
        draft = replace(draft, loop_back=back).say("The fix did not hold: the symptom was there after it was applied.")
    return replace(draft, state=state)


def _silent(draft: TurnDraft) -> TurnDraft:
    """Take a log's silence after a fix for evidence that the symptom is gone, once."""
    told = draft.findings.quiet if draft.findings else None
    gone = solutions.held(draft.state, told) if told and draft.state.status is CaseStatus.INVESTIGATING else None
    if gone is None:
        return draft
    row = evidence.born(draft.state.case_id, gone, draft.state.turn)
    if _is_known(row, draft.state):
        return draft
    name = next(each.name for each in draft.state.files if each.file_id == gone.file_id)
    return _kept(draft, (row,), {}).say(f"After the fix: {gone.witness} ({name}:{gone.first}-{gone.last}).")


def _unsure(draft: TurnDraft) -> TurnDraft:
    """Ask for the kind of a file that was read with little confidence (E5)."""
    unsure = draft.policy.unsure_kind
    file_ids = {
        news.file_id
        for news in draft.turn.files
        if news.confidence < unsure and news.status == "completed" and not news.member_of
    }
    file = next((each for each in draft.state.files if each.file_id in file_ids), None)
    return draft if file is None else replace(draft, offers=(*draft.offers, *kind_buttons(file)))
