"""One turn of a case as a pure function: what to do, what it changed, and what its reply must carry."""

from __future__ import annotations

from dataclasses import replace

from domain.case import (
    actions,
    clicks,
    confirmation,
    findings_in,
    hearing,
    hypotheses,
    journal,
    reckoning,
    titles,
)
from domain.case import rows as evidence
from domain.case.draft import TurnDraft
from domain.case.findings import TurnFindings
from domain.case.outcome import Advanced, ResponseType, TurnInput, TurnOutcome, TurnPlan
from domain.case.policy import DEFAULT, Policy
from domain.case.state import CaseState, CaseStatus, EvidenceNews
from domain.case.turns import IntentType

NONE, LIGHT, MEDIUM, FULL = (0, 0), (2, 20_000), (3, 50_000), (6, 100_000)
"""Model steps and tokens of each intensity (rule J7)."""
TIRED = 3
"""Turns without progress from which a model works hardest, and turns after a loop-back in which it does (rule J7)."""


def plan(state: CaseState, turn: TurnInput, policy: Policy = DEFAULT) -> TurnPlan:
    """Return which optional steps the turn takes (rules D2, J7)."""
    reclassified = turn.intent.type is IntentType.FILE_RECLASSIFICATION and not state.status.terminal
    move = confirmation.read(state.pending, turn)
    quiet = turn.reading.is_status_question or turn.reading.is_greeting or not confirmation.is_normal(move, turn)
    investigate = reclassified or bool(turn.files) or not (quiet or not turn.has_text)
    steps, tokens = _intensity(state, turn, policy) if investigate and not quiet else NONE
    return TurnPlan(investigate=investigate, model_steps=steps, model_tokens=tokens)


def advance(state: CaseState, turn: TurnInput, findings: TurnFindings | None, policy: Policy = DEFAULT) -> Advanced:
    """Return the state after the turn and the frame of its reply."""
    draft = TurnDraft(before=state, state=_begun(state, turn), turn=turn, findings=findings, policy=policy)
    if state.status.terminal:
        return _framed(_after_the_end(draft))
    draft = clicks.applied(confirmation.settle(draft))
    if draft.state.status.terminal:
        return _framed(replace(draft, state=reckoning.measured(draft.state)))
    draft = findings_in.applied(hearing.told(draft))
    return _framed(confirmation.offer(reckoning.settled(draft)))


def apply_news(state: CaseState, news: tuple[EvidenceNews, ...], policy: Policy = DEFAULT) -> CaseState:
    """Return the state with files that finished outside a turn, and without those that were removed (rule E6).

    Their findings become rows with the next turn, which reads all files of the case.
    """
    if not news:
        return state
    removed = [each.file_id for each in news if each.status == "removed"]
    after = hearing.files(replace(state, revision=state.revision + 1), (each for each in news if each.status != "removed"))
    for file_id in removed:
        after = replace(
            after,
            rows=evidence.without_source(after.rows, file_id),
            held=evidence.without_source(after.held, file_id),
            files=tuple(file for file in after.files if file.file_id != file_id),
        )
    if not removed or after.status is not CaseStatus.INVESTIGATING:
        return after
    weighed = replace(after, hypotheses=hypotheses.settle(after, policy, policy.active))
    return reckoning.concluded(reckoning.measured(weighed), policy)


def failed(state: CaseState, turn: TurnInput) -> Advanced:
    """Return the state after a turn that could not be carried out: it is answered, counts for nothing, changes nothing."""
    after = _begun(state, turn)
    outcome = TurnOutcome(response_type=ResponseType.ERROR, case_state=after.status)
    return Advanced(state=after, outcome=outcome)


def _begun(state: CaseState, turn: TurnInput) -> CaseState:
    opened = state.opened_at or turn.now
    begun = replace(state, turn=turn.number, revision=state.revision + 1, updated_at=turn.now, opened_at=opened)
    return hearing.unread(hearing.files(begun, turn.files), turn.unread)


def _intensity(state: CaseState, turn: TurnInput, policy: Policy) -> tuple[int, int]:
    if not turn.model_configured:
        return NONE
    identified = "root_cause_identified" in state.milestones
    if state.status is not CaseStatus.INVESTIGATING or (identified and not turn.reading.reports_recurrence):
        return LIGHT
    critical = state.urgency == "critical" and state.temporal in {"ongoing", "intermittent"}
    stuck = state.turns_without_progress >= TIRED or hypotheses.anchored(state, policy)
    lately = state.loop_back is not None and turn.number - state.loop_back.turn <= TIRED
    back = lately or turn.reading.reports_recurrence
    return FULL if back or stuck or critical else MEDIUM


def _after_the_end(draft: TurnDraft) -> TurnDraft:
    """Answer text; files are kept as files, everything else changes nothing (X1, X2)."""
    kept = (
        "The case has ended: your files are kept, and no evidence was taken from them."
        if draft.turn.files or draft.turn.unread
        else ""
    )
    ended = f"This case is {draft.state.status}; it answers questions and takes no more actions."
    clicked = draft.turn.intent.type is not IntentType.CONVERSATION
    return draft.say(kept, ended if clicked else "")


def _framed(draft: TurnDraft) -> Advanced:
    """Journal what changed, choose the kind of reply and its actions."""
    draft = _told(draft)
    draft = replace(draft, state=hearing.substance(draft)) if not draft.before.status.terminal else draft
    draft, kind, chosen = actions.compose(draft)
    state = draft.state
    outcome = TurnOutcome(
        response_type=kind,
        case_state=state.status,
        milestones_completed=_new(draft.before.milestones, state.milestones),
        milestones_withdrawn=_new(state.milestones, draft.before.milestones),
        progress_made=draft.progress,
        actions=chosen,
        transparency=reckoning.transparency(draft),
        notices=draft.notices,
        rows=draft.rows,
        report=reckoning.report(draft.before, state),
        handover=bool(draft.alarm),
        proposed_title=titles.proposed(state),
        asked=draft.turn.reading.asked,
        told_before=_told_before(draft),
    )
    return Advanced(state=state, outcome=outcome)


def _told_before(draft: TurnDraft) -> bool:
    """Tell whether an earlier turn told these causes: nothing new was read and no idea came or went."""
    known = {each.hypothesis_id for each in draft.before.hypotheses}
    same = known == {each.hypothesis_id for each in draft.state.hypotheses}
    return same and bool(known) and not draft.turn.files


def _told(draft: TurnDraft) -> TurnDraft:
    """Say and journal what was withdrawn, ruled out or reached."""
    before, state = draft.before, draft.state
    lost = _new(state.milestones, before.milestones) if not state.status.terminal else ()
    for name in _new(before.milestones, state.milestones):
        state = journal.note(state, "milestone", f"Reached: {name.replace('_', ' ')}")
    for name in lost:
        state = journal.note(state, "milestone", f"Withdrawn: {name.replace('_', ' ')}")
    old = {each.hypothesis_id: each.status for each in before.hypotheses}
    for each in state.hypotheses:
        if each.status == "refuted" and old.get(each.hypothesis_id) != "refuted":
            state = journal.note(state, "ruled_out", f"Ruled out: {each.statement}", each.hypothesis_id)
            draft = draft.say(f"Ruled out: {each.statement} ({each.refutation_reason}).")
    withdrawn = tuple(f"No longer established: {name.replace('_', ' ')}." for name in lost)
    return replace(draft, state=state).say(*withdrawn)


def _new(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in after if name not in before)
