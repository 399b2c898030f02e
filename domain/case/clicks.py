"""What buttons do to hypotheses, solutions and kinds of files (rules H11, E5, G1-G3, S4)."""

from __future__ import annotations

from dataclasses import replace

from domain.case import hypotheses, journal, solutions
from domain.case.draft import TurnDraft
from domain.case.state import CaseStatus
from domain.case.turns import IntentType


def applied(draft: TurnDraft) -> TurnDraft:
    """Return the draft after the turn's click, if it has one; a click that does not fit changes nothing and says so."""
    match draft.turn.intent.type:
        case IntentType.HYPOTHESIS_ACTION:
            return _on_hypothesis(draft)
        case IntentType.SOLUTION_ACTION:
            return _on_solution(draft)
        case IntentType.FILE_RECLASSIFICATION:
            return _on_file(draft)
        case _:
            return draft


def _on_hypothesis(draft: TurnDraft) -> TurnDraft:
    data, state = draft.turn.intent.data, draft.state
    action, reason = data.get("action", ""), data.get("reason", "")
    hypothesis = hypotheses.found(state.hypotheses, data.get("hypothesis_id", ""))
    refused = hypotheses.refusal(hypothesis, action, reason)
    if state.status is not CaseStatus.INVESTIGATING:
        refused = "Hypotheses are decided once the investigation has started."
    if refused or hypothesis is None:
        return draft.say(refused)
    changed = hypotheses.acted(hypothesis, action, reason)
    after = replace(state, hypotheses=hypotheses.placed(state.hypotheses, changed))
    noted = journal.note(after, "decision", f"User: {action} {hypothesis.statement}", hypothesis.hypothesis_id)
    return replace(draft, state=noted).say(f"{changed.status.value.capitalize()} by you: {hypothesis.statement}")


def _on_solution(draft: TurnDraft) -> TurnDraft:
    data, state = draft.turn.intent.data, draft.state
    action = data.get("action", "")
    solution = solutions.found(state, data.get("solution_id", ""))
    if state.status is not CaseStatus.INVESTIGATING or solution is None or action not in solutions.ACTIONS:
        return draft.say("That solution cannot be changed here; nothing was changed.")
    changed = solutions.acted(solution, action, state.turn, draft.turn.now)
    after = solutions.placed(state, changed)
    if action == "failed":
        after = replace(after, failed_fixes=after.failed_fixes + (solution.kind != "mitigation"))
        draft = replace(draft, loop_back="failed_fix")
    noted = journal.note(after, "decision", f"{changed.state.capitalize()}: {solution.text}", solution.solution_id)
    return replace(draft, state=noted).say(f"{changed.state.capitalize()}: {solution.text}")


def _on_file(draft: TurnDraft) -> TurnDraft:
    """Keep the user's choice; rows of the file go and come back from its new reading (E5)."""
    data, state = draft.turn.intent.data, draft.state
    file_id, kind = data.get("file_id", ""), data.get("data_type", "")
    file = next((each for each in state.files if each.file_id == file_id), None)
    if file is None or not kind:
        return draft.say("That file does not belong to this case; nothing was changed.")
    chosen = replace(file, kind=kind, confidence=1.0)
    after = replace(
        state,
        files=tuple(chosen if each.file_id == file_id else each for each in state.files),
        rows=tuple(row for row in state.rows if row.file_id != file_id),
        held=tuple(row for row in state.held if row.file_id != file_id),
    )
    return replace(draft, state=after).say(f"{file.name} is read as {kind.replace('_', ' ')}.")
